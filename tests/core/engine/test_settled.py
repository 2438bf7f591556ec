"""Rule 11: what an entry gave up on is unsettled for that lead, and blocks what needs it, until somebody writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lustrum.testing import CampaignRun

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

GIVES_UP = "{use: probe.tidy, id: gives-up, reads: {value: country}, writes: {value: code}}"
"""Writes the field `code`; fails for a country with a question mark."""


def lead(**fields: Any) -> dict[str, Any]:
    return {"id": "1", "country": "?", "code": "old", "note": None, "other": None, **fields}


def flow(*entries: str) -> str:
    return "flow:\n" + "".join(f"  - {entry}\n" for entry in entries)


def blocked_by(ran: CampaignRun, path: str) -> list[str]:
    details = ran.result.details
    return details.filter((details["path"] == path) & (details["outcome"].cast(str) == "blocked"))["code"].to_list()


@pytest.mark.parametrize(
    "needing",
    [
        pytest.param("{use: probe.copy, id: x, reads: {value: code}, writes: {value: note}}", id="a parameter"),
        pytest.param("{use: change.value, id: x, with: {field: note, value: '{{lead.code}}'}}", id="a token"),
        pytest.param(
            "{use: change.value, id: x, with: {field: note, value: '{{lead.code:default=x}}'}}", id="a defaulted token"
        ),
        pytest.param("{use: change.value, id: x, when: code IS NOT NULL, with: {field: note, value: y}}", id="a when"),
        pytest.param("{use: change.value, id: x, when: code = 'z', with: {field: note, value: y}}", id="a false when"),
        pytest.param(
            "{use: change.value, id: x, with: {field: note}, choices: [{when: {code: is old}, with: {value: y}}]}",
            id="a choice",
        ),
        pytest.param("{execute: gated, id: x}", id="a gate"),
        pytest.param("{use: change.value, id: x, needs: [gives-up], with: {field: note, value: y}}", id="needs"),
    ],
)
def test_what_needs_an_unsettled_field_is_blocked(run: Run, needing: str) -> None:
    ran = run(
        flow(GIVES_UP, needing),
        [lead(), lead(id="2", country="US", code="old")],
        children={"gated": "smart_list: code IS NOT NULL\nflow: [{use: change.value, with: {field: note, value: y}}]"},
    )
    texts = ran.outcomes["nightly > x"]
    assert texts[0] == "blocked"
    assert texts[1] != "blocked"
    assert ran.leads[0]["note"] is None
    assert blocked_by(ran, "nightly > x") == ["nightly > gives-up"]


def test_a_choice_that_is_never_reached_does_not_block(run: Run) -> None:
    """Reads are those of the chosen one when blocking, but which is chosen depends on every condition asked."""
    ran = run(
        flow(
            GIVES_UP,
            "{use: change.value, id: x, with: {field: note}, choices: ["
            "{when: country = '?', with: {value: constant}}, {otherwise: {with: {value: '{{lead.code}}'}}}]}",
        ),
        [lead()],
    )
    assert ran.outcomes["nightly > x"] == ["changed"]


def test_only_what_the_chosen_choice_writes_becomes_unsettled(run: Run) -> None:
    ran = run(
        flow(
            "{use: probe.tidy, id: x, reads: {value: country}, choices: ["
            "{when: country = 'a ?', writes: {value: note}}, {otherwise: {writes: {value: other}}}]}",
            "{use: probe.copy, id: note, reads: {value: note}, writes: {value: code}}",
            "{use: probe.copy, id: other, reads: {value: other}, writes: {value: code}}",
        ),
        [lead(country="a ?", note="n", other="o")],
    )
    assert (ran.outcomes["nightly > note"], ran.outcomes["nightly > other"]) == (["blocked"], ["changed"])


def test_what_can_do_without_the_value_runs_and_never_sees_the_old_one(run: Run, calls: Calls) -> None:
    ran = run(flow(GIVES_UP, "{use: probe.view, reads: {value: code}, writes: {value: note}}"), [lead()])
    assert calls("view") == [None]
    assert ran.leads[0]["note"] == "nothing"


def test_other_fields_and_other_leads_are_not_blocked(run: Run) -> None:
    ran = run(
        flow(
            GIVES_UP,
            "{use: probe.copy, id: same, reads: {value: code}, writes: {value: note}}",
            "{use: probe.copy, id: independent, reads: {value: country}, writes: {value: other}}",
        ),
        [lead(), lead(id="2", country="US")],
    )
    assert ran.outcomes["nightly > same"] == ["blocked", "changed"]
    assert ran.outcomes["nightly > independent"] == ["changed", "changed"]


def test_a_second_pass_over_its_own_field_is_never_blocked(run: Run) -> None:
    ran = run(
        flow(
            "{use: probe.tidy, id: first, reads: {value: country}}",
            "{use: probe.mend, id: second, reads: {value: country}}",
            "{use: probe.copy, id: after, reads: {value: country}, writes: {value: note}}",
        ),
        [lead(country="U?S")],
        steps="""
        @step("probe.mend")
        def mend(value: str) -> str:
            return value.replace("?", "")
        """,
    )
    assert [texts[0] for texts in ran.outcomes.values()] == ["failed:unreadable", "changed", "changed"]
    assert (ran.leads[0]["country"], ran.leads[0]["note"]) == ("US", "US")
    assert ran.quarantine == []


def test_writing_the_same_value_again_settles_too(run: Run) -> None:
    ran = run(
        flow(
            GIVES_UP,
            "{use: change.value, id: infer, when: failed(code), with: {field: code, value: old}}",
            "{use: probe.copy, id: x, reads: {value: code}, writes: {value: note}}",
        ),
        [lead()],
    )
    assert ran.outcomes["nightly > infer"] == ["unchanged"]
    assert ran.outcomes["nightly > x"] == ["changed"]


def test_a_step_that_skips_settles_nothing(run: Run) -> None:
    ran = run(
        flow(
            GIVES_UP,
            "{use: probe.pass, id: passes, reads: {value: country}, writes: {value: code}}",
            "{use: probe.copy, id: x, reads: {value: code}, writes: {value: note}}",
        ),
        [lead()],
        steps="""
        @step("probe.pass")
        def pass_by(value: str) -> str | Skip:
            return Skip("nothing_to_do")
        """,
    )
    assert ran.outcomes["nightly > passes"] == ["skipped:nothing_to_do"]
    assert ran.outcomes["nightly > x"] == ["blocked"]


def test_a_result_that_keeps_a_field_settles_only_the_others(run: Run) -> None:
    ran = run(
        flow(
            "{use: probe.both, id: first, with: {ok: no}}",
            "{use: probe.both, id: second, with: {ok: yes}}",
            "{use: probe.copy, id: kept, reads: {value: code}, writes: {value: country}}",
            "{use: probe.copy, id: written, reads: {value: note}, writes: {value: country}}",
        ),
        [lead()],
        steps="""
        @dataclass(frozen=True)
        class Both:
            note: str | Keep = KEEP
            code: str | Keep = KEEP

        @step("probe.both")
        def both(country: str, *, ok: bool) -> Both | Failed:
            return Both(note="n") if ok else Failed("no")
        """,
    )
    assert (ran.outcomes["nightly > kept"], ran.outcomes["nightly > written"]) == (["blocked"], ["changed"])


def test_what_is_blocked_leaves_its_fields_unsettled_and_passes_the_root_cause_on(run: Run) -> None:
    ran = run(
        flow(
            GIVES_UP,
            "{use: probe.copy, id: second, reads: {value: code}, writes: {value: note}}",
            "{use: probe.copy, id: third, reads: {value: note}, writes: {value: other}}",
        ),
        [lead(note="n", other="o")],
    )
    assert ran.outcomes["nightly > third"] == ["blocked"]
    assert blocked_by(ran, "nightly > third") == ["nightly > gives-up"]
    assert {row["field"]: (row["path"], row["code"]) for row in ran.quarantine} == dict.fromkeys(
        ("code", "note", "other"), ("nightly > gives-up", "unreadable")
    )
    assert (ran.leads[0]["code"], ran.leads[0]["note"], ran.leads[0]["other"]) == ("old", "n", "o")


def test_a_blocked_execute_leaves_unsettled_what_its_child_would_have_written(run: Run) -> None:
    ran = run(
        flow(GIVES_UP, "execute: gated", "{use: probe.copy, id: x, reads: {value: note}, writes: {value: other}}"),
        [lead(note="n")],
        children={"gated": "smart_list: code = 'us'\nflow: [{use: change.value, with: {field: note, value: y}}]"},
    )
    assert ran.outcomes["nightly > gated"] == ["blocked"]
    assert ran.outcomes["nightly > gated > change.value"] == [""]
    assert ran.outcomes["nightly > x"] == ["blocked"]


def test_giving_up_inside_a_child_blocks_in_every_caller(run: Run) -> None:
    ran = run(
        flow("execute: outer", "{use: probe.copy, id: x, reads: {value: code}, writes: {value: note}}"),
        [lead()],
        children={
            "outer": flow("execute: inner", "{use: probe.copy, id: y, reads: {value: code}, writes: {value: other}}"),
            "inner": flow(GIVES_UP),
        },
    )
    assert ran.outcomes["nightly > outer > y"] == ["blocked"]
    assert ran.outcomes["nightly > x"] == ["blocked"]
    assert blocked_by(ran, "nightly > x") == ["nightly > outer > inner > gives-up"]


def test_a_child_mends_for_its_callers(run: Run) -> None:
    ran = run(
        flow(GIVES_UP, "execute: infer", "{use: probe.copy, id: x, reads: {value: code}, writes: {value: note}}"),
        [lead()],
        children={"infer": flow("{use: change.value, when: failed(code), with: {field: code, value: us}}")},
    )
    assert ran.leads[0]["note"] == "us"
    assert ran.quarantine == []


def test_failed_asks_about_the_state_and_never_blocks(run: Run) -> None:
    ran = run(
        flow(
            GIVES_UP,
            "{use: change.value, id: sql, when: failed(code), with: {field: note, value: hit}}",
            "{use: change.value, id: structured, when: {failed: code}, with: {field: other, value: hit}}",
        ),
        [lead(), lead(id="2", country="US")],
    )
    assert ran.outcomes["nightly > sql"] == ["changed", "skipped:when"]
    assert ran.outcomes["nightly > structured"] == ["changed", "skipped:when"]


def test_the_inference_of_the_manual_mends_what_failed_or_is_missing(run: Run) -> None:
    ran = run(
        flow(
            GIVES_UP,
            "{use: probe.view, id: infer, reads: {value: other}, writes: {value: code},"
            ' when: "failed(code) OR code IS NULL", on_fail: continue}',
        ),
        [lead(other="hint"), lead(id="2", country=None, code=None), lead(id="3", country="US")],
    )
    assert [one["code"] for one in ran.leads] == ["saw hint", "nothing", "us"]
    assert ran.outcomes["nightly > gives-up"] == ["failed:unreadable", "skipped:empty", "changed"]


@pytest.mark.parametrize(
    "mend",
    [
        pytest.param("smart_list: code IS NULL\nflow: [{use: probe.mend}]", id="a gate"),
        pytest.param("flow: [{use: probe.mend, when: code IS NULL}]", id="a when"),
        pytest.param("flow: [{use: probe.mend, choices: [{when: {code: is empty}}]}]", id="a choice"),
        pytest.param("flow: [{execute: deeper}]", id="a gate further down"),
    ],
)
def test_inside_a_repair_conditions_read_an_unsettled_field_as_empty(run: Run, mend: str) -> None:
    ran = run(
        flow(GIVES_UP, "{use: probe.tidy, id: x, reads: {value: note}, retry: {attempts: 2, repair: mend}}"),
        [lead(note="?")],
        steps="""
        @step("probe.mend", writes=["note"])
        def mend(note: str) -> str:
            return note.replace("?", "MENDED")
        """,
        children={"mend": mend, "deeper": "smart_list: {code: is empty}\nflow: [{use: probe.mend}]"},
    )
    assert ran.leads[0]["note"] == "mended"


@pytest.mark.parametrize("id_", ["gives-up", "child"])
def test_needs_adds_the_fields_of_another_entry_or_child(run: Run, id_: str) -> None:
    ran = run(
        flow(
            GIVES_UP if id_ == "gives-up" else "{execute: child}",
            f"{{use: change.value, id: x, needs: [{id_}], with: {{field: note, value: y}}}}",
        ),
        [lead(), lead(id="2", country="US")],
        children={"child": flow(GIVES_UP)},
    )
    assert ran.outcomes["nightly > x"] == ["blocked", "changed"]
