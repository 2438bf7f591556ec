"""Rule 10: what may pass by itself is waited for, on a budget of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lustrum.testing import CampaignRun

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
    assert len(ran.waits) == 3
    assert all(2 <= wait <= 5 for wait in ran.waits)


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
