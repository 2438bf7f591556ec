"""Rule 10: what may pass by itself is waited for, on a budget of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lustrum.engine.given import Given
from lustrum.testing import CampaignRun
from lustrum.testing.steps import START

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

BUSY = """
@step("probe.busy")
def busy(value: str, *, times: int, retry_after: float | None = None) -> str:
    calls.append(("busy", value))
    if calls.count(("busy", value)) <= times:
        raise Transient("the service is busy", code="busy", retry_after=retry_after)
    return value.upper()
"""


SOMETIMES = """
@step("probe.sometimes", strategies=["one", "two", "three", "four"])
def sometimes(value: str, *, attempt: Attempt) -> str | Failed:
    calls.append(("sometimes", (value, attempt.number)))
    now = value.split()[[asked for _, (asked, _) in calls].count(value) - 1]
    if now == "busy":
        raise Transient("busy", code="busy")
    return Failed(now) if now != "good" else "GOOD"
"""


def leads(*countries: str | None) -> list[dict[str, Any]]:
    return [{"id": str(row), "country": country} for row, country in enumerate(countries, 1)]


def column(ran: CampaignRun) -> list[Any]:
    return [lead["country"] for lead in ran.leads]


def test_a_transient_failure_has_a_budget_of_its_own(run: Run, calls: Calls) -> None:
    ran = run(
        """
        flow:
          - use: probe.busy
            reads: {value: country}
            with: {times: 3}
            retry: {attempts: 1, transient: {attempts: 4, wait: 2s..5s}}
        """,
        leads("a"),
        steps=BUSY,
    )
    assert (calls("busy"), column(ran)) == (["a"] * 4, ["A"])
    assert [least <= wait <= least * 1.1 for least, wait in zip([2, 4, 5], ran.waits, strict=True)] == [True] * 3


def test_a_transient_failure_that_lasts_is_a_failure_with_its_code(run: Run, calls: Calls) -> None:
    ran = run(
        "flow: [{use: probe.busy, reads: {value: country}, with: {times: 9}, retry: {transient: {attempts: 2}}}]",
        leads("a"),
        steps=BUSY,
    )
    assert calls("busy") == ["a"] * 2
    assert ran.outcomes["nightly > probe.busy"] == ["failed:busy"]
    assert [(row["code"], row["message"]) for row in ran.quarantine] == [("busy", "the service is busy")]
    assert len(ran.waits) == 1


def test_three_transient_attempts_are_made_unless_told_otherwise(run: Run, calls: Calls) -> None:
    run("flow: [{use: probe.busy, reads: {value: country}, with: {times: 9}}]", leads("a"), steps=BUSY)
    assert calls("busy") == ["a"] * 3


def test_the_wait_the_other_side_asks_for_is_kept(run: Run) -> None:
    ran = run(
        "flow: [{use: probe.busy, reads: {value: country}, with: {times: 1, retry_after: 12}}]", leads("a"), steps=BUSY
    )
    assert len(ran.waits) == 1
    assert ran.waits[0] >= 12


def test_a_lead_that_was_busy_still_has_every_strategy(run: Run) -> None:
    ran = run(
        "flow: [{use: probe.both, reads: {value: country}}]",
        leads("a"),
        steps="""
        @step("probe.both", strategies=["first", "second"])
        def both(value: str, *, attempt: Attempt) -> str | Failed:
            calls.append(("both", value))
            if len(calls) < 3:
                raise Transient("busy")
            return value.upper() if attempt.tries("second") else Failed("no")
        """,
    )
    assert column(ran) == ["A"]


def test_a_retry_may_be_the_default_of_a_campaign_or_project(run: Run, calls: Calls) -> None:
    entries = "flow: [{use: probe.busy, reads: {value: country}, with: {times: 9}}]"
    default = "defaults: {retry: {transient: {attempts: 2}}}\n"
    run(default + entries, leads("a"), steps=BUSY)
    assert calls("busy") == ["a"] * 2
    project = {"lustrum.yaml": "leads: {from: leads.csv, to: out.csv, key: id}\n" + default}
    run(entries, leads("a"), steps=BUSY, files=project)
    assert calls("busy") == ["a"] * 2


def busy(transient: str, *, times: int = 9, retry_after: str = "") -> str:
    options = f"{{times: {times}{', retry_after: ' + retry_after if retry_after else ''}}}"
    return f"flow: [{{use: probe.busy, reads: {{value: country}}, with: {options}, retry: {{transient: {transient}}}}}]"


@pytest.mark.parametrize(
    ("wait", "waits"),
    [
        ("3s", [3, 3, 3, 3]),
        ("[3s]", [3, 3, 3, 3]),
        ("[5s, 15s, 20s]", [5, 15, 20, 20]),
        ("[5s, 1s]", [5, 1, 1, 1]),
    ],
)
def test_a_wait_is_fixed_or_a_list_of_which_the_last_repeats(run: Run, wait: str, waits: list[float]) -> None:
    assert run(busy(f"{{attempts: 5, wait: {wait}}}"), leads("a"), steps=BUSY).waits == waits


def test_an_exponential_wait_doubles_and_is_up_to_a_tenth_longer(run: Run) -> None:
    waits = run(busy("{attempts: 8, wait: 1s..25s}"), leads("a"), steps=BUSY).waits
    least = [1, 2, 4, 8, 16, 25, 25]
    assert all(low <= wait <= low * 1.1 for low, wait in zip(least, waits, strict=True))
    assert waits != least
    assert waits[5] != waits[6], "each round has its own jitter"


def test_the_jitter_is_the_same_in_a_run_that_is_repeated_and_another_in_another_run(run: Run) -> None:
    def waits(name: str) -> list[float]:
        given = Given(name, START)
        ran = run(busy("{attempts: 4, wait: 1s..25s}"), leads("a"), steps=BUSY, given=given)
        return [each for each in ran.result.attempts["wait"].to_list() if each]

    assert waits("monday") == waits("monday") != waits("tuesday")


def test_the_longest_wait_is_slept_though_its_jitter_is_beyond_what_is_slept(run: Run) -> None:
    ran = run(busy("{attempts: 2, wait: 29s..30s, hold: 29s}"), leads("a"), steps=BUSY)
    assert len(ran.waits) == 1


@pytest.mark.parametrize(("retry_after", "wait"), [("12", 12), ("2", 5), ("-3", 5), ("nan", 5), ("inf", 5)])
def test_the_longer_of_the_two_waits_counts(run: Run, retry_after: str, wait: float) -> None:
    ran = run(busy("{wait: 5s}", times=1, retry_after=retry_after), leads("a"), steps=BUSY)
    assert ran.waits == [wait]


@pytest.mark.parametrize(
    ("deadline", "waits"), [("2s", []), ("3s", [3]), ("8s", [3]), ("9s", [3, 6]), ("17s", [3, 6]), ("18s", [3, 6, 9])]
)
def test_a_deadline_is_for_all_waits_of_a_lead_the_next_one_included(run: Run, deadline: str, waits: list[int]) -> None:
    ran = run(busy(f"{{attempts: 9, wait: [3s, 6s, 9s], deadline: {deadline}}}"), leads("a"), steps=BUSY)
    assert ran.waits == waits
    assert ran.outcomes["nightly > probe.busy"] == ["failed:busy"]


def test_a_wait_that_the_other_side_asks_for_counts_against_the_deadline(run: Run, calls: Calls) -> None:
    ran = run(busy("{wait: 1s, deadline: 10s}", retry_after="6"), leads("a"), steps=BUSY)
    assert (ran.waits, calls("busy")) == ([6], ["a"] * 2)


def test_a_lead_waits_by_its_own_number_of_transient_failures(run: Run) -> None:
    ran = run(
        """
        flow:
          - use: probe.sometimes
            reads: {value: country}
            retry: {transient: {attempts: 5, wait: [1s, 10s]}}
        """,
        leads("busy busy good", "no no busy busy good"),
        steps=SOMETIMES,
    )
    tries = ran.result.attempts.filter(ran.result.attempts["code"] == "busy")
    assert tries.select("row", "wait").rows() == [(0, 1), (0, 10), (1, 1), (1, 10)]


def test_a_round_waits_for_the_longest_of_the_waiting_leads(run: Run) -> None:
    ran = run(
        busy("{wait: 1s}", times=1),
        leads("a", "bbb"),
        steps=BUSY.replace("retry_after=retry_after", "retry_after=len(value)"),
    )
    assert ran.waits == [3]


def test_leads_that_failed_do_not_wait_for_those_that_may_pass(run: Run, calls: Calls) -> None:
    ran = run(
        "flow: [{use: probe.sometimes, reads: {value: country}, retry: {transient: {wait: 7s}}}]",
        leads("busy good", "no nor good"),
        steps=SOMETIMES,
    )
    assert column(ran) == ["GOOD", "GOOD"]
    assert [value for value, _ in calls("sometimes")] == ["busy good", *["no nor good"] * 3, "busy good"]
    assert [wait for wait in ran.waits if wait] == [7]


def test_a_spent_budget_leaves_neither_attempts_nor_a_repair(run: Run, calls: Calls) -> None:
    ran = run(
        """
        flow:
          - use: probe.sometimes
            reads: {value: country}
            retry: {transient: {attempts: 2}, repair: mend}
        """,
        leads("busy busy good"),
        steps=SOMETIMES,
        children={"mend": "flow: [{use: change.value, with: {field: country, value: good}}]"},
    )
    assert ran.outcomes["nightly > probe.sometimes"] == ["failed:busy"]
    assert len(calls("sometimes")) == 2


def test_a_transient_failure_uses_up_no_attempt(run: Run, calls: Calls) -> None:
    run(
        "flow: [{use: probe.sometimes, reads: {value: country}, retry: {attempts: 2, transient: {attempts: 3}}}]",
        leads("busy no good"),
        steps=SOMETIMES,
    )
    assert [attempt for _, attempt in calls("sometimes")] == [1, 1, 2]


def test_the_budget_is_the_leads_own_whatever_the_batch(run: Run) -> None:
    flow = "flow: [{use: probe.sometimes, reads: {value: country}, retry: {transient: {attempts: 3, wait: 1s..9s}}}]"
    rows = leads("busy busy good", "no busy busy busy", "good", "busy no busy good")
    together, alone = (run(flow, rows, steps=SOMETIMES, batch_size=size) for size in (None, 1))
    assert together.result.attempts.rows() == alone.result.attempts.rows()
    assert together.outcomes == alone.outcomes
