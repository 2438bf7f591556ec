"""Rule 10: every ask that did not answer is written down, with the wait before the next one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lustrum.testing import CampaignRun

Run = Callable[..., CampaignRun]

STEPS = """
@step("probe.says", strategies=["one", "two", "three"])
def says(value: str, *, attempt: Attempt) -> str | Failed | Skip:
    calls.append(("says", value))
    now = value.split()[[asked for _, asked in calls].count(value) - 1]
    if now == "busy":
        raise Transient("busy", code="busy")
    if now == "raise":
        raise ValueError("oh")
    return {"good": "GOOD", "skip": Skip("skip")}.get(now, Failed(now))
"""
PATH = "nightly > probe.says"


def leads(*countries: str | None) -> list[dict[str, Any]]:
    return [{"id": str(row), "country": country, "note": None} for row, country in enumerate(countries, 1)]


def flow(retry: str = "transient: {wait: 2s}") -> str:
    return f"flow: [{{use: probe.says, reads: {{value: country}}, retry: {{{retry}}}}}]"


def attempts(ran: CampaignRun, path: str = PATH) -> list[tuple[Any, ...]]:
    tried = ran.result.attempts
    return tried.filter(tried["path"] == path).drop("path").rows()


def test_an_ask_that_answered_is_no_attempt_record(run: Run) -> None:
    assert attempts(run(flow(), leads("good", None, "skip"), steps=STEPS)) == []


def test_each_ask_has_its_attempt_its_number_its_code_and_the_wait_before_the_next(run: Run) -> None:
    ran = run(flow(), leads("no busy nor never", "good", "busy good", "no good"), steps=STEPS)
    assert attempts(ran) == [
        (0, 1, 1, "no", 0.0),
        (0, 2, 2, "busy", 2.0),
        (0, 2, 3, "nor", 0.0),
        (0, 3, 4, "never", None),
        (2, 1, 1, "busy", 2.0),
        (3, 1, 1, "no", 0.0),
    ]


def test_the_last_ask_of_a_spent_budget_is_followed_by_none(run: Run) -> None:
    ran = run(flow("transient: {attempts: 2, wait: 2s}"), leads("busy busy"), steps=STEPS)
    assert attempts(ran) == [(0, 1, 1, "busy", 2.0), (0, 1, 2, "busy", None)]


def test_a_crash_is_written_down_once(run: Run) -> None:
    assert attempts(run(flow(), leads("raise good"), steps=STEPS)) == [(0, 1, 1, "step_raised", None)]


def test_an_answer_with_which_until_does_not_hold_is_none(run: Run) -> None:
    ran = run(flow("attempts: 2, until: note = 'x'"), leads("skip good", "no skip"), steps=STEPS)
    assert attempts(ran) == [
        (0, 1, 1, "until_not_met", 0.0),
        (0, 2, 2, "until_not_met", None),
        (1, 1, 1, "no", 0.0),
        (1, 2, 2, "until_not_met", None),
    ]


def test_a_failure_with_which_until_holds_is_written_down_too(run: Run) -> None:
    assert attempts(run(flow("until: id = '1'"), leads("no good"), steps=STEPS)) == [(0, 1, 1, "no", None)]


def test_a_repair_that_changed_nothing_ends_the_asking(run: Run) -> None:
    ran = run(
        flow("attempts: 1, repair: mend"),
        leads("no x", "nor x"),
        steps=STEPS,
        children={
            "mend": """
            flow: [{use: change.value, when: country LIKE 'nor%', with: {field: country, value: good}}]
            """
        },
    )
    assert attempts(ran) == [(0, 1, 1, "no", None), (1, 1, 1, "nor", 0.0)]


def test_of_a_child_the_asks_are_those_of_the_entry_and_of_its_own_entries(run: Run) -> None:
    ran = run(
        "flow: [{execute: child, retry: {attempts: 2}}]",
        leads("busy busy busy good", "good"),
        steps=STEPS,
        children={"child": flow("transient: {attempts: 2, wait: 1s}")},
    )
    assert attempts(ran, "nightly > child") == [(0, 1, 1, "busy", 0.0)]
    assert attempts(ran, "nightly > child > probe.says") == [
        (0, 1, 1, "busy", 1.0),
        (0, 1, 2, "busy", None),
        (0, 1, 1, "busy", 1.0),
    ]
    assert ran.quarantine == []


def test_repairs_write_down_their_own(run: Run) -> None:
    ran = run(
        "flow: [{use: probe.tidy, reads: {value: note}, retry: {attempts: 1, repair: mend}}]",
        [{**lead, "note": "?"} for lead in leads("busy no nor never")],
        steps=STEPS,
        children={"mend": flow()},
    )
    assert [code for *_, code, _ in attempts(ran, "nightly > probe.tidy > mend > probe.says")] == [
        "busy",
        "no",
        "nor",
        "never",
    ]
