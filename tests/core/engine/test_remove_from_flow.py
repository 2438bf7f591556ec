"""Rule 6: `remove_from_flow` ends the way in a child and its callers; in a requested campaign or a repair, there."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from lustrum.testing import CampaignRun

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

MARK = '''
@step("probe.mark")
def mark(log: str | None, *, text: str) -> str:
    """Note at the end of the log that one was here."""
    return (log or "") + text
'''


@pytest.fixture(params=[None, 1], ids=["one batch", "batches of one"])
def run(run: Run, request: pytest.FixtureRequest) -> Run:
    """Run in one batch and in batches of one lead: what is expected is the same."""
    return functools.partial(run, steps=MARK, batch_size=request.param)


LEADS: list[dict[str, Any]] = [
    {"id": "1", "country": "XX", "note": None, "log": None},
    {"id": "2", "country": "US", "note": None, "log": None},
]
REMOVE = "{use: remove_from_flow, when: country = 'XX'}"
STOP = "{use: probe.tidy, when: country = 'XX', on_fail: stop, reads: {value: note}}"
"""What the manual calls the same: stops at a lead whose note cannot be read."""

leaving = pytest.mark.parametrize("leave", [REMOVE, STOP], ids=["remove_from_flow", "on_fail: stop"])


def flow(*entries: str) -> str:
    return "flow:\n" + "".join(f"  - {entry}\n" for entry in entries)


def mark(text: str) -> str:
    return f"{{use: probe.mark, with: {{text: {text}}}}}"


def leads(note: str | None = "?") -> list[dict[str, Any]]:
    return [{**lead, "note": note} for lead in LEADS]


def logs(ran: CampaignRun) -> list[Any]:
    return [lead["log"] for lead in ran.leads]


def test_a_removed_lead_meets_no_later_entry(run: Run) -> None:
    ran = run(flow(mark("a"), REMOVE, mark("b")), LEADS)
    assert logs(ran) == ["a", "ab"]
    assert ran.outcomes["nightly > remove_from_flow"] == ["unchanged", "skipped:when"]
    assert ran.outcomes["nightly > probe.mark-2"] == ["", "changed"]


def test_what_was_done_before_stays_and_nothing_is_unsettled(run: Run) -> None:
    ran = run(flow(mark("a"), "{use: remove_from_flow}"), LEADS)
    assert logs(ran) == ["a", "a"]
    assert ran.quarantine == []
    assert ran.result.effects.height == 0


def test_on_fail_stop_is_failed_and_quarantined(run: Run) -> None:
    ran = run(flow(STOP, mark("b")), leads())
    assert ran.outcomes["nightly > probe.tidy"] == ["failed:unreadable", "skipped:when"]
    assert [(row["key"], row["field"]) for row in ran.quarantine] == [("1", "note")]
    assert logs(ran) == [None, "b"]


@leaving
@pytest.mark.parametrize("depth", [1, 2, 5])
def test_it_ends_the_way_in_the_child_and_in_all_callers(run: Run, leave: str, depth: int) -> None:
    children = {f"c{n}": flow(f"execute: c{n + 1}", mark("x")) for n in range(depth - 1)}
    children[f"c{depth - 1}"] = flow(leave, mark("x"))
    ran = run(flow("execute: c0", mark("x")), leads(), children=children)
    assert logs(ran) == [None, "x" * (depth + 1)]


@leaving
def test_the_next_root_campaign_takes_the_lead_again(run: Run, leave: str) -> None:
    second = {"campaigns/second.yaml": "campaign: second\nkind: batch\n" + flow(mark("s"))}
    ran = run(flow(leave, mark("x")), leads(), "nightly", "second", files=second)
    assert logs(ran) == ["s", "xs"]


@leaving
def test_inside_a_requested_campaign_it_ends_the_way_only_there(run: Run, leave: str) -> None:
    files = {
        "campaigns/asked.yaml": "campaign: asked\nkind: batch\n" + flow("execute: child", mark("x")),
        "campaigns/other.yaml": "campaign: other\nkind: batch\n" + flow(mark("o")),
    }
    ran = run(
        flow("request: asked", "request: other", mark("r")), leads(), files=files, children={"child": flow(leave)}
    )
    assert logs(ran) == ["ro", "rxo"]


@pytest.mark.parametrize(
    "mend",
    [
        flow("{use: change.value, with: {field: note, value: MENDED}}", "use: remove_from_flow", mark("x")),
        flow("{execute: deeper}", mark("x")),
    ],
    ids=["in the repair", "further down"],
)
def test_inside_a_repair_it_ends_the_repair_only(run: Run, mend: str) -> None:
    ran = run(
        flow("{use: probe.tidy, reads: {value: note}, retry: {attempts: 2, repair: mend}}", mark("r")),
        leads(),
        children={
            "mend": mend,
            "deeper": flow("{use: change.value, with: {field: note, value: MENDED}}", "use: remove_from_flow"),
        },
    )
    assert [lead["note"] for lead in ran.leads] == ["mended", "mended"], "the entry was tried again"
    assert logs(ran) == ["r", "r"]


def test_on_fail_stop_inside_a_repair_ends_the_repair_only_and_holds_nobody(run: Run) -> None:
    """What fails inside a repair is an outcome; the entry that could not be mended gives up as it would."""
    ran = run(
        flow("{use: probe.tidy, reads: {value: note}, retry: {attempts: 2, repair: mend}}", mark("r")),
        leads(),
        children={"mend": flow("{use: probe.tidy, reads: {value: country}, on_fail: stop}", mark("x"))},
    )
    assert logs(ran) == ["xr", "xr"]
    assert {row["field"] for row in ran.quarantine} == {"note"}


def test_who_was_removed_is_not_tried_again_by_its_callers(run: Run) -> None:
    ran = run(
        flow("{execute: child, retry: {attempts: 3, until: note = 'never'}, on_fail: continue}", mark("r")),
        leads(),
        children={"child": flow(mark("c"), REMOVE)},
    )
    assert logs(ran) == ["c", "cccr"]
    assert ran.outcomes["nightly > child"][0] in ("changed", "unchanged")


def test_who_was_stopped_in_a_child_leaves_its_caller_failed(run: Run) -> None:
    ran = run(
        flow("{execute: child, retry: {attempts: 2}}", mark("r")), leads(), children={"child": flow(mark("c"), STOP)}
    )
    assert ran.outcomes["nightly > child"] == ["failed:unreadable", "changed"]
    assert logs(ran) == ["c", "cr"]


@pytest.mark.parametrize("changes", [True, False])
def test_who_was_removed_in_a_child_leaves_its_caller_changed_or_unchanged(run: Run, changes: bool) -> None:
    child = flow(mark("c"), REMOVE) if changes else flow(REMOVE)
    ran = run(flow("{execute: child}"), LEADS, children={"child": child})
    assert ran.outcomes["nightly > child"] == (["changed"] * 2 if changes else ["unchanged"] * 2)


# When, choices and needs


def test_its_choices_say_who_goes(run: Run) -> None:
    """A choice without other keys removes, `otherwise: nothing` does not."""
    entry = "{use: remove_from_flow, choices: [{when: country = 'XX'}, {otherwise: nothing}]}"
    ran = run(flow(entry, mark("a")), LEADS)
    assert ran.outcomes["nightly > remove_from_flow"] == ["unchanged", "skipped:nothing"]
    assert logs(ran) == [None, "a"]


def test_without_a_choice_that_holds_a_lead_stays(run: Run) -> None:
    ran = run(flow("{use: remove_from_flow, choices: [{when: country = 'XX'}]}", mark("a")), LEADS)
    assert ran.outcomes["nightly > remove_from_flow"] == ["unchanged", "skipped:no_choice"]
    assert logs(ran) == [None, "a"]


def test_the_first_choice_that_holds_decides(run: Run) -> None:
    rows = [*LEADS, {**LEADS[0], "id": "3", "country": "DE"}]
    entry = "{use: remove_from_flow, choices: [{when: country = 'XX'}, {when: country = 'US'}]}"
    ran = run(flow(entry, mark("a")), rows)
    assert ran.outcomes["nightly > remove_from_flow"] == ["unchanged", "unchanged", "skipped:no_choice"]
    assert logs(ran) == [None, None, "a"]
    assert sorted(ran.result.choices.select("row", "choice").rows()) == [(0, 1), (1, 2)]


@pytest.mark.parametrize(
    "remove",
    [
        "{use: remove_from_flow, when: note = 'x'}",
        "{use: remove_from_flow, choices: [{when: note = 'x'}]}",
        "{use: remove_from_flow, needs: [fails]}",
    ],
    ids=["when", "choices", "needs"],
)
def test_a_blocked_removal_removes_nobody(run: Run, remove: str) -> None:
    ran = run(flow("{use: probe.tidy, id: fails, reads: {value: note}}", remove, mark("a")), leads())
    assert ran.outcomes["nightly > remove_from_flow"] == ["blocked", "blocked"]
    assert logs(ran) == ["a", "a"]
    assert {row["field"] for row in ran.quarantine} == {"note"}, "it writes nothing"


def test_inside_a_repair_its_condition_reads_an_unsettled_field_as_empty(run: Run) -> None:
    ran = run(
        flow(
            "{use: probe.tidy, id: fails, reads: {value: country}}",
            "{use: probe.tidy, reads: {value: note}, retry: {attempts: 2, repair: mend}}",
        ),
        [{**LEADS[0], "country": "?", "note": "?"}],
        children={"mend": flow("{use: remove_from_flow, when: country IS NULL}", mark("x"))},
    )
    assert logs(ran) == [None]


def test_failed_may_be_asked(run: Run) -> None:
    fails = "{use: probe.tidy, id: fails, reads: {value: note}}"
    ran = run(flow(fails, "{use: remove_from_flow, when: failed(note)}", mark("a")), [leads()[0], LEADS[1]])
    assert logs(ran) == [None, "a"]


def test_it_sees_what_was_written_before_it(run: Run) -> None:
    write = "{use: change.value, with: {field: country, value: XX}}"
    assert logs(run(flow(write, REMOVE, mark("a")), LEADS)) == [None, None]


def test_it_may_stand_first_in_an_executable_campaign_and_has_an_id(run: Run) -> None:
    ran = run(
        flow("execute: child", mark("a")),
        LEADS,
        children={"child": flow("{use: remove_from_flow, id: not-ours, when: country = 'XX'}")},
    )
    assert ran.outcomes["nightly > child > not-ours"] == ["unchanged", "skipped:when"]
    assert logs(ran) == [None, "a"]


def test_two_removals_have_two_names(run: Run) -> None:
    ran = run(flow(REMOVE, "{use: remove_from_flow, when: country = 'US'}", mark("a")), LEADS)
    assert ran.outcomes["nightly > remove_from_flow-2"] == ["", "unchanged"]
    assert logs(ran) == [None, None]


# What counts


def test_a_removed_lead_has_gone_through_the_campaign(run: Run) -> None:
    """It has used up its qualification: nothing of it is unfinished."""
    ran = run("qualification: once\n" + flow(REMOVE), LEADS)
    assert sorted(ran.result.qualified["row"].to_list()) == [0, 1]


def test_a_stopped_lead_has_not_used_up_its_qualification(run: Run) -> None:
    ran = run("qualification: once\n" + flow(STOP), leads())
    assert ran.result.qualified["row"].to_list() == [1]


def test_a_lead_that_was_unsettled_before_stays_in_quarantine(run: Run) -> None:
    ran = run(flow("{use: probe.tidy, reads: {value: note}}", "use: remove_from_flow"), leads())
    assert {row["field"] for row in ran.quarantine} == {"note"}
    assert ran.result.qualified.height == 0


def test_a_removed_lead_does_not_keep_others_from_being_tried_again(run: Run, calls: Calls) -> None:
    rows = [*leads(), {**LEADS[1], "id": "3", "note": "?"}]
    run(
        flow("{execute: child, retry: {attempts: 2, repair: mend}}", mark("r")),
        rows,
        children={
            "child": flow(REMOVE, "{use: probe.tidy, reads: {value: note}}"),
            "mend": flow("{use: change.value, with: {field: note, value: GOOD}}"),
        },
    )
    assert "GOOD" in calls("tidy")
