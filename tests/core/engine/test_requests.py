"""Rule 9: a requested campaign runs after the root flow, beside its caller, on what the values are then."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from lustrum.engine.execute import execute
from lustrum.engine.given import Given
from lustrum.testing import CampaignRun
from lustrum.testing.leads import batch_of
from lustrum.testing.steps import START

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

MARK = '''
@step("probe.mark")
def mark(log: str | None, *, text: str) -> str:
    """Note at the end of the log that one was here."""
    calls.append(("mark", text))
    return (log or "") + text
'''


@pytest.fixture(params=[None, 1], ids=["one batch", "batches of one"])
def run(run: Run, request: pytest.FixtureRequest) -> Run:
    """Run in one batch and in batches of one lead: what is expected is the same."""
    return functools.partial(run, steps=MARK, batch_size=request.param)


def lead(**fields: Any) -> dict[str, Any]:
    return {"id": "1", "country": "US", "note": None, "log": None, **fields}


TWO = [lead(), lead(id="2", country="DE")]


def flow(*entries: str) -> str:
    return "flow:\n" + "".join(f"  - {entry}\n" for entry in entries)


def mark(text: str) -> str:
    return f"{{use: probe.mark, with: {{text: {text}}}}}"


def batch(**campaigns: str) -> dict[str, str]:
    """Write batch campaigns, each given without its first two lines."""
    return {f"campaigns/{name}.yaml": f"campaign: {name}\nkind: batch\n{text}" for name, text in campaigns.items()}


def logs(ran: CampaignRun) -> list[Any]:
    return [each["log"] for each in ran.leads]


def before(ran: CampaignRun, days: float = 1, **options: Any) -> Given:
    """Give the effects of an applied run as the journal hands them to a later one."""
    happened = dict.fromkeys(ran.result.effects["effect"].to_list(), START - timedelta(days=days))
    return Given("second", START, effects=happened, **options)


def requested(ran: CampaignRun) -> list[tuple[str, str]]:
    """Give the key and path of each request that counts."""
    effects = ran.result.effects.filter(ran.result.effects["kind"] == "request")
    keys = ran.result.keys.gather(effects["row"])
    return list(zip(keys.to_list(), effects["path"].to_list(), strict=True))


# When it runs


def test_a_requested_campaign_runs_after_the_root_flow_has_ended(run: Run) -> None:
    ran = run(flow(mark("a"), "request: later", mark("b")), TWO, files=batch(later=flow(mark("c"))))
    assert logs(ran) == ["abc", "abc"]
    assert ran.outcomes["nightly > later"] == ["unchanged", "unchanged"]
    assert ran.outcomes["nightly > later > probe.mark"] == ["changed", "changed"]


def test_the_caller_does_not_see_its_changes(run: Run) -> None:
    see = "{use: change.value, with: {field: note, value: 'seen {{lead.log:default=nothing}}'}}"
    ran = run(flow("request: later", see), TWO, files=batch(later=flow(mark("c"))))
    assert [(each["note"], each["log"]) for each in ran.leads] == [("seen nothing", "c")] * 2


def test_it_runs_on_the_values_as_they_are_then(run: Run) -> None:
    write = "{use: change.value, with: {field: note, value: '{{lead.country}}'}}"
    tidy = "{use: probe.tidy, reads: {value: country}}"
    ran = run(flow("request: later", tidy), TWO, files=batch(later=flow(write)))
    assert [each["note"] for each in ran.leads] == ["us", "de"]


def test_a_request_of_a_child_waits_for_the_end_of_the_root_flow_too(run: Run) -> None:
    ran = run(
        flow("execute: child", mark("b")),
        TWO,
        children={"child": flow("request: later", mark("a"))},
        files=batch(later=flow(mark("c"))),
    )
    assert logs(ran) == ["abc", "abc"]
    assert ran.outcomes["nightly > child > later > probe.mark"] == ["changed", "changed"]


def test_the_queue_is_worked_off_before_the_next_root_campaign_starts(run: Run) -> None:
    files = batch(later=flow(mark("b")), second=flow(mark("c")))
    assert logs(run(flow("request: later", mark("a")), TWO, "nightly", "second", files=files)) == ["abc", "abc"]


def test_requests_run_in_the_order_of_call(run: Run) -> None:
    ran = run(
        flow("request: b", "execute: child", "request: a"),
        TWO,
        children={"child": flow("request: c")},
        files=batch(a=flow(mark("a")), b=flow(mark("b")), c=flow(mark("c"))),
    )
    assert logs(ran) == ["bca", "bca"]


def test_what_a_requested_campaign_requests_joins_the_end_of_the_queue(run: Run) -> None:
    files = batch(
        a=flow("request: c", mark("a")),
        b=flow("request: e", mark("b")),
        c=flow("request: d", mark("c")),
        d=flow(mark("d")),
        e=flow(mark("e")),
    )
    ran = run(flow("request: a", "request: b"), TWO, files=files)
    assert logs(ran) == ["abced", "abced"]
    assert ran.outcomes["nightly > a > c > d > probe.mark"] == ["changed", "changed"]


def test_a_chain_of_requests_may_be_long(run: Run) -> None:
    names = [f"c{number}" for number in range(30)]
    chain = {name: flow(f"request: {after}", mark("x")) for name, after in pairwise(names)}
    ran = run(flow("request: c0"), [lead()], files=batch(**chain, c29=flow(mark("x"))))
    assert logs(ran) == ["x" * 30]


def test_each_lead_is_requested_where_it_comes_by(run: Run) -> None:
    """The queue has an entry a call; a lead meets those that were made for it."""
    ran = run(
        flow("{request: a, when: country = 'US'}", "{request: b, when: country = 'DE'}", "request: c"),
        [lead(), lead(id="2", country="DE"), lead(id="3", country="FR")],
        files=batch(a=flow(mark("a")), b=flow(mark("b")), c=flow(mark("c"))),
    )
    assert logs(ran) == ["ac", "bc", "c"]
    assert ran.outcomes["nightly > a"] == ["unchanged", "skipped:when", "skipped:when"]
    assert ran.outcomes["nightly > a > probe.mark"] == ["changed", "", ""]


def test_two_entries_that_request_the_same_campaign_run_it_twice(run: Run) -> None:
    ran = run(flow("request: later", "request: later"), TWO, files=batch(later=flow(mark("x"))))
    assert logs(ran) == ["xx", "xx"]
    assert {"nightly > later > probe.mark", "nightly > later-2 > probe.mark"} <= set(ran.outcomes)


def test_a_campaign_may_be_root_and_requested(run: Run) -> None:
    files = batch(later=flow(mark("x")))
    ran = run(flow("request: later"), TWO, "nightly", "later", files=files)
    assert logs(ran) == ["xx", "xx"]
    assert ran.outcomes["later > probe.mark"] == ["changed", "changed"]


# Who goes through it


def test_it_has_its_own_smart_list(run: Run) -> None:
    ran = run(flow("request: later"), TWO, files=batch(later="smart_list: country = 'DE'\n" + flow(mark("c"))))
    assert logs(ran) == [None, "c"]
    assert ran.outcomes["nightly > later"] == ["skipped:not_qualified", "unchanged"]


def test_its_smart_list_is_asked_when_its_turn_comes(run: Run) -> None:
    ran = run(
        flow("request: later", "{use: probe.tidy, reads: {value: country}}"),
        TWO,
        files=batch(later="smart_list: country = 'de'\n" + flow(mark("c"))),
    )
    assert logs(ran) == [None, "c"]


def test_it_has_its_own_qualification(run: Run) -> None:
    files = batch(later="qualification: once\n" + flow(mark("c")))
    past = Given("test", START, qualified={("later", "1"): START - timedelta(days=1)})
    ran = run(flow("request: later", mark("a")), TWO, files=files, given=past)
    assert logs(ran) == ["a", "ac"]
    assert ran.outcomes["nightly > later"] == ["skipped:already_qualified", "unchanged"]
    used = ran.result.qualified
    assert used.filter(used["campaign"] == "later")["row"].to_list() == [1]


def test_who_went_through_it_has_executed_it(run: Run) -> None:
    ran = run(flow("request: later"), TWO, files=batch(later="smart_list: country = 'DE'\n" + flow(mark("c"))))
    assert sorted(ran.result.executed.select("row", "campaign").rows()) == [
        (0, "nightly"),
        (1, "later"),
        (1, "nightly"),
    ]


@pytest.mark.parametrize(
    "leave",
    [
        pytest.param("{use: remove_from_flow}", id="removed"),
        pytest.param("{use: probe.tidy, reads: {value: note}, on_fail: stop}", id="stopped"),
        pytest.param("{execute: leaving}", id="removed by a child"),
    ],
)
def test_a_lead_that_left_the_root_flow_after_it_was_requested_still_goes_through_it(run: Run, leave: str) -> None:
    ran = run(
        flow("request: later", leave, mark("never"), "request: other"),
        [lead(note="?"), lead(id="2", note="?")],
        children={"leaving": flow("{use: remove_from_flow}")},
        files=batch(later=flow(mark("c")), other=flow(mark("never"))),
    )
    assert logs(ran) == ["c", "c"]


@pytest.mark.parametrize("leave", ["{use: remove_from_flow}", "{use: probe.tidy, reads: {value: note}, on_fail: stop}"])
def test_leaving_a_requested_campaign_ends_the_way_only_there(run: Run, leave: str) -> None:
    files = batch(a=flow("request: c", leave, mark("never")), b=flow(mark("b")), c=flow(mark("c")), d=flow(mark("d")))
    ran = run(flow("request: a", "request: b"), [lead(note="?")], "nightly", "d", files=files)
    assert logs(ran) == ["bcd"]


def test_a_row_in_trouble_is_not_requested(run: Run) -> None:
    rows = [lead(), lead()]
    plan = run(flow("request: later"), rows[:1], files=batch(later=flow(mark("c")))).plan
    result = execute(plan, batch_of(rows, plan.schema, [None, "key_repeated"]), Given("test", START))
    assert result.leads["log"].to_list() == ["c", None]
    assert result.effects["row"].to_list() == [0]


def test_a_campaign_that_is_qualified_for_once_is_gone_through_once_however_often_requested(run: Run) -> None:
    files = batch(later="qualification: once\n" + flow(mark("c")))
    ran = run(flow("request: later", "request: later"), TWO, files=files)
    assert logs(ran) == ["c", "c"]
    assert ran.outcomes["nightly > later-2"] == ["skipped:already_qualified"] * 2


# What it means for fields


def test_its_failures_quarantine_and_unsettle_as_in_any_flow(run: Run) -> None:
    later = flow(
        "{use: probe.tidy, reads: {value: country}}",
        "{use: probe.copy, reads: {value: country}, writes: {value: note}}",
    )
    ran = run(flow("request: later"), [lead(country="?"), lead(id="2")], files=batch(later=later))
    assert ran.outcomes["nightly > later > probe.tidy"] == ["failed:unreadable", "changed"]
    assert ran.outcomes["nightly > later > probe.copy"] == ["blocked", "changed"]
    assert {(row["key"], row["field"], row["path"]) for row in ran.quarantine} == {
        ("1", "country", "nightly > later > probe.tidy"),
        ("1", "note", "nightly > later > probe.tidy"),
    }


def test_what_it_leaves_unsettled_blocks_the_next_campaign(run: Run) -> None:
    files = batch(
        later=flow("{use: probe.tidy, reads: {value: country}}"),
        second=flow("{use: probe.copy, reads: {value: country}, writes: {value: note}}"),
    )
    ran = run(flow("request: later"), [lead(country="?"), lead(id="2")], "nightly", "second", files=files)
    assert ran.outcomes["second > probe.copy"] == ["blocked", "changed"]


def test_what_the_root_left_unsettled_blocks_its_smart_list_and_can_be_mended_there(run: Run) -> None:
    files = batch(
        gated="smart_list: country IS NOT NULL\n" + flow(mark("never")),
        mends=flow("{use: change.value, when: failed(country), with: {field: country, value: FR}}"),
        after="smart_list: country = 'FR'\n" + flow(mark("c")),
    )
    fails = "{use: probe.tidy, reads: {value: country}}"
    ran = run(flow(fails, "request: gated", "request: mends", "request: after"), [lead(country="?")], files=files)
    assert ran.outcomes["nightly > gated"] == ["blocked"]
    assert logs(ran) == ["c"]
    assert ran.quarantine == []


@pytest.mark.parametrize("needs", ["", ", needs: [later]"])
def test_the_callers_dependencies_do_not_see_what_it_writes(run: Run, needs: str) -> None:
    """Neither the fields it fails at nor `needs` on the request make a caller's entry wait."""
    files = batch(later=flow("{use: probe.tidy, reads: {value: country}, writes: {value: note}}"))
    copy = f"{{use: probe.copy, reads: {{value: note}}, writes: {{value: log}}{needs}}}"
    ran = run(flow("request: later", copy), [lead(country="?", note="n")], files=files)
    assert ran.outcomes["nightly > probe.copy"] == ["changed"]
    assert ran.outcomes["nightly > later > probe.tidy"] == ["failed:unreadable"]


FAILS = "{use: probe.tidy, id: fails, reads: {value: country}}"


def test_a_request_is_not_blocked_by_what_its_campaign_reads(run: Run) -> None:
    copy = "{use: probe.copy, reads: {value: country}, writes: {value: note}}"
    ran = run(flow(FAILS, "request: later"), [lead(country="?")], files=batch(later=flow(copy)))
    assert ran.outcomes["nightly > later"] == ["unchanged"]
    assert ran.outcomes["nightly > later > probe.copy"] == ["blocked"]


@pytest.mark.parametrize(
    "request_",
    [
        "{request: later, when: country IS NOT NULL}",
        "{request: later, choices: [{when: country = 'us'}, {otherwise: nothing}]}",
        "{request: later, needs: [fails]}",
    ],
)
def test_a_request_is_blocked_by_its_when_its_choices_and_its_needs(run: Run, request_: str) -> None:
    rows = [lead(country="?"), lead(id="2")]
    ran = run(flow(FAILS, request_), rows, files=batch(later=flow(mark("c"))))
    assert ran.outcomes["nightly > later"] == ["blocked", "unchanged"]
    assert logs(ran) == [None, "c"]
    assert [row["field"] for row in ran.quarantine] == ["country"], "a request writes nothing"


def test_an_abort_in_a_requested_campaign_ends_the_run(run: Run) -> None:
    files = batch(later=flow("{use: probe.tidy, reads: {value: country}, on_fail: abort}"))
    assert run(flow("request: later"), [lead(country="?")], files=files).result.aborted is not None


# Choices and tokens


def test_a_choice_may_name_another_campaign_or_none(run: Run) -> None:
    entry = "{request: a, choices: [{when: country = 'US'}, {when: country = 'DE', request: b}, {otherwise: nothing}]}"
    rows = [lead(), lead(id="2", country="DE"), lead(id="3", country="FR")]
    ran = run(flow(entry), rows, files=batch(a=flow(mark("a")), b=flow(mark("b"))))
    assert logs(ran) == ["a", "b", None]
    assert ran.outcomes["nightly > a"] == ["unchanged", "unchanged", "skipped:nothing"]
    assert ran.result.choices.sort("row").select("row", "choice").rows()[:2] == [(0, 1), (1, 2)]


def test_no_choice_requests_nothing(run: Run) -> None:
    entry = "{request: a, choices: [{when: country = 'US'}]}"
    ran = run(flow(entry), TWO, files=batch(a=flow(mark("a"))))
    assert ran.outcomes["nightly > a"] == ["unchanged", "skipped:no_choice"]
    assert logs(ran) == ["a", None]


@pytest.mark.parametrize(("tokens", "note"), [("", "own later"), (", tokens: parent", "callers nightly")])
def test_tokens_parent_hands_the_callers_tokens_to_the_requested_campaign(run: Run, tokens: str, note: str) -> None:
    write = "{use: change.value, with: {field: note, value: '{{my.x}} {{campaign.name}}'}}"
    files = batch(later="my: {x: own}\n" + flow(write))
    ran = run("my: {x: callers}\n" + flow(f"{{request: later{tokens}}}"), TWO, files=files)
    assert [each["note"] for each in ran.leads] == [note] * 2


# Once


def test_a_request_is_an_effect_and_writes_nothing(run: Run) -> None:
    ran = run(
        flow("request: later"),
        TWO,
        files=batch(later=flow("{use: probe.view, reads: {value: log}, writes: {value: note}}")),
    )
    assert requested(ran) == [("1", "nightly > later"), ("2", "nightly > later")]
    assert {row["field"] for row in ran.changes} == {"note"}
    assert set(ran.result.trail["path"].to_list()) == {"nightly > later > probe.view"}


def test_a_request_that_an_applied_run_made_is_not_made_again(run: Run) -> None:
    campaign, files = flow("request: later"), batch(later=flow(mark("x")))
    first = run(campaign, TWO, files=files)
    second = run(campaign, first.leads, files=files, given=before(first))
    assert second.outcomes["nightly > later"] == ["skipped:already_done"] * 2
    assert second.outcomes["nightly > later > probe.mark"] == ["", ""]
    assert (second.changes, requested(second)) == ([], [])


def test_a_request_tried_twice_in_one_run_is_made_once(run: Run) -> None:
    campaign = flow("{execute: child, retry: {attempts: 3, until: note = 'never'}, on_fail: continue}")
    children, files = {"child": flow("request: later")}, batch(later=flow(mark("x")))
    ran = run(campaign, TWO, children=children, files=files)
    assert logs(ran) == ["x", "x"]
    assert ran.outcomes["nightly > child > later"] == ["skipped:already_done"] * 2
    assert len(requested(ran)) == 2


@pytest.mark.parametrize("request_", ["{request: later, when: country IS NOT NULL}", "request: later"])
def test_its_key_is_what_its_conditions_read(run: Run, request_: str) -> None:
    campaign, files = flow(request_), batch(later=flow(mark("x")))
    first = run(campaign, TWO, files=files)
    moved = [{**each, "country": "FR"} for each in first.leads]
    second = run(campaign, moved, files=files, given=before(first))
    assert logs(second) == (["xx", "xx"] if "when" in request_ else ["x", "x"])


def test_its_key_is_what_its_choices_read(run: Run) -> None:
    campaign = flow("{request: a, choices: [{when: country = 'US'}, {otherwise: {request: b}}]}")
    files = batch(a=flow(mark("a")), b=flow(mark("b")))
    first = run(campaign, [lead()], files=files)
    assert logs(run(campaign, first.leads, files=files, given=before(first))) == ["a"]
    moved = [{**each, "country": "FR"} for each in first.leads]
    assert logs(run(campaign, moved, files=files, given=before(first))) == ["ab"]


@pytest.mark.parametrize(
    ("repeat", "days", "again"),
    [
        ("always", 0.01, True),
        ("every 30 days", 29, False),
        ("every 30 days", 31, True),
        ("once per 1 day", 0.5, False),
        ("once per 1 day", 2, True),
    ],
)
def test_repeat_loosens_once(run: Run, repeat: str, days: float, again: bool) -> None:
    campaign, files = flow(f"{{request: later, repeat: {repeat}}}"), batch(later=flow(mark("x")))
    first = run(campaign, TWO, files=files)
    second = run(campaign, first.leads, files=files, given=before(first, days))
    assert logs(second) == (["xx", "xx"] if again else ["x", "x"])


def test_a_moment_in_a_requested_campaign_has_the_path_of_the_request(run: Run) -> None:
    files = batch(later=flow("{use: moment.record, with: {type: Web, text: hello}}"))
    paths = [moment["path"] for moment in run(flow("request: later"), TWO, files=files).moments]
    assert paths == ["nightly > later > moment.record"] * 2


def test_a_second_run_over_its_own_output_changes_nothing(run: Run) -> None:
    campaign = flow("request: later", "{use: probe.tidy, reads: {value: country}}")
    files: Mapping[str, str] = batch(
        later=flow("{use: moment.record, with: {type: Web, text: hello}}", mark("x"), "request: more"),
        more=flow("{use: change.value, with: {field: note, value: written}}"),
    )
    first = run(campaign, TWO, files=files)
    second = run(campaign, first.leads, files=files, given=before(first))
    assert (second.leads, second.changes, second.moments) == (first.leads, [], [])
    assert second.result.effects.height == 0


# Repairs


def test_a_request_made_inside_a_repair_counts_too(run: Run) -> None:
    tidy = "{use: probe.tidy, reads: {value: country}, retry: {attempts: 2, repair: mend}}"
    ran = run(
        flow(tidy, mark("a")),
        [lead(country="?"), lead(id="2")],
        children={"mend": flow("{use: change.value, with: {field: country, value: FR}}", "request: later")},
        files=batch(later=flow(mark("c"))),
    )
    assert logs(ran) == ["ac", "a"]
    assert [key for key, _ in requested(ran)] == ["1"]


def test_a_failure_of_a_campaign_that_a_repair_requested_is_a_failure_as_in_any_flow(run: Run) -> None:
    tidy = "{use: probe.tidy, reads: {value: country}, retry: {attempts: 2, repair: mend}}"
    ran = run(
        flow(tidy),
        [lead(country="?", note="?")],
        children={"mend": flow("{use: change.value, with: {field: country, value: FR}}", "request: later")},
        files=batch(later=flow("{use: probe.tidy, reads: {value: note}}")),
    )
    assert [row["field"] for row in ran.quarantine] == ["note"]


def test_a_campaign_that_a_repair_requested_is_no_part_of_the_repair(run: Run) -> None:
    """Its conditions do not read an unsettled field as empty."""
    tidy = "{use: probe.tidy, reads: {value: country}, retry: {attempts: 2, repair: mend}}"
    ran = run(
        flow(tidy),
        [lead(country="?")],
        children={"mend": flow("request: later")},
        files=batch(later=flow("{use: probe.mark, when: country IS NULL, with: {text: never}}")),
    )
    assert [texts for path, texts in ran.outcomes.items() if path.endswith("later > probe.mark")] == [["blocked"]]


def test_decisions_are_applied_in_a_requested_campaign(run: Run) -> None:
    decisions = "scope,key,field,before,after,verdict,until,who,when\nlead,1,country,,FR,always,,ann,\n"
    files = {**batch(later=flow("{use: probe.tidy, reads: {value: country}}")), "decisions.csv": decisions}
    assert [each["country"] for each in run(flow("request: later"), TWO, files=files).leads] == ["FR", "de"]


def test_a_condition_in_a_requested_campaign_knows_which_fields_failed(run: Run, calls: Calls) -> None:
    later = flow("{use: probe.mark, when: failed(country), with: {text: asked}}")
    run(flow(FAILS, "request: later"), [lead(country="?"), lead(id="2")], files=batch(later=later))
    assert calls("mark") == ["asked"]
