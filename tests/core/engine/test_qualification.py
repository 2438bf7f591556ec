"""Rule 8: how often a lead may go through a campaign."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from lustrum.engine.given import Given
from lustrum.testing import CampaignRun
from lustrum.testing.steps import START

Run = Callable[..., CampaignRun]

LEADS = [{"id": "1", "note": None}, {"id": "2", "note": None}]
WRITE = "\nflow: [{use: change.value, with: {field: note, value: x}}]"


def history(days: float, campaign: str = "nightly") -> Given:
    """Say that lead 1 went through the campaign so many days before the run."""
    before: datetime = START - timedelta(days=days)
    return Given("test", START, qualified={(campaign, "1"): before})


@pytest.mark.parametrize(
    ("qualification", "days", "taken"),
    [
        ("every time", 1, True),
        ("once", 1, False),
        ("once", 10_000, False),
        ("once every 30 days", 29, False),
        ("once every 30 days", 30, True),
        ("once every 30 days", 31, True),
        ("once every 2 hours", 0.05, False),
        ("once every 2 hours", 0.1, True),
    ],
)
def test_a_lead_is_taken_again_as_its_qualification_says(
    run: Run, qualification: str, days: float, taken: bool
) -> None:
    ran = run(f"qualification: {qualification}{WRITE}", LEADS, given=history(days))
    assert [lead["note"] for lead in ran.leads] == ["x" if taken else None, "x"]


def test_every_time_is_the_default(run: Run) -> None:
    assert run(WRITE, LEADS, given=history(1)).leads[0]["note"] == "x"


def test_the_first_run_takes_every_lead_and_says_who_used_it_up(run: Run) -> None:
    ran = run("qualification: once" + WRITE, LEADS)
    assert [lead["note"] for lead in ran.leads] == ["x", "x"]
    assert ran.result.qualified["row"].to_list() == [0, 1]


def test_a_child_has_a_qualification_of_its_own(run: Run) -> None:
    ran = run(
        "flow: [{execute: child}]", LEADS, children={"child": "qualification: once" + WRITE}, given=history(1, "child")
    )
    assert ran.outcomes["nightly > child"][0].startswith("skipped:")
    assert [lead["note"] for lead in ran.leads] == [None, "x"]


def test_the_history_of_another_campaign_does_not_count(run: Run) -> None:
    ran = run("qualification: once" + WRITE, LEADS, given=history(1, "another"))
    assert ran.leads[0]["note"] == "x"


def test_a_lead_that_does_not_meet_the_smart_list_has_not_used_it_up(run: Run) -> None:
    ran = run("smart_list: id = '1'\nqualification: once" + WRITE, LEADS)
    assert ran.result.qualified["row"].to_list() == [0]


def test_a_lead_the_campaign_quarantined_has_not_used_it_up(run: Run) -> None:
    ran = run(
        "qualification: once\nflow: [{use: probe.tidy, reads: {value: note}}]",
        [{"id": "1", "note": "?"}, {"id": "2", "note": "US"}],
    )
    assert ran.result.qualified["row"].to_list() == [1]
