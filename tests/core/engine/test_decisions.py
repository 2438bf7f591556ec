"""What stewards decided wins over what a step answers, and what follows sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lustrum.engine.given import Given
from lustrum.testing import CampaignRun
from lustrum.testing.steps import START
from lustrum.words.errors import ProjectError

Run = Callable[..., CampaignRun]

HEADER = "scope,key,field,before,after,verdict,until,who,when\n"
FLOW = """
flow:
  - {use: probe.tidy, reads: {value: country}}
  - {use: probe.view, reads: {value: country}, writes: {value: note}}
"""
LEADS: list[dict[str, Any]] = [{"id": "1", "country": "US", "note": None}, {"id": "2", "country": "US", "note": None}]


def decided(run: Run, *decisions: str, leads: list[dict[str, Any]] = LEADS, flow: str = FLOW) -> CampaignRun:
    table = HEADER + "".join(f"{line}\n" for line in decisions)
    return run(flow, leads, files={"decisions.csv": table})


def column(ran: CampaignRun, field: str = "country") -> list[Any]:
    return [lead[field] for lead in ran.leads]


@pytest.mark.parametrize(
    ("decision", "countries"),
    [
        pytest.param("lead,1,country,US,,keep,,ann,", ["US", "us"], id="keep, for one lead"),
        pytest.param("lead,1,country,US,USA,set,,ann,", ["USA", "us"], id="set, for one lead"),
        pytest.param("lead,1,country,,USA,always,,ann,", ["USA", "us"], id="always, for one lead"),
        pytest.param("value,,country,US,USA,set,,ann,", ["USA", "USA"], id="set, for a value"),
        pytest.param("value,,Country,US,,keep,,ann,", ["US", "US"], id="keep, for a value"),
        pytest.param("value,,country,U.S.,USA,set,,ann,", ["us", "us"], id="another value"),
        pytest.param("lead,1,country,DE,USA,set,,ann,", ["us", "us"], id="the cell has moved on"),
        pytest.param("lead,1,country,DE,,keep,,ann,", ["us", "us"], id="nothing left to keep"),
        pytest.param("lead,3,country,US,USA,set,,ann,", ["us", "us"], id="a lead that is not there"),
    ],
)
def test_a_decision_is_applied_where_the_write_is_merged_before_dependents(
    run: Run, decision: str, countries: list[str]
) -> None:
    ran = decided(run, decision)
    assert column(ran) == countries
    assert column(ran, "note") == [f"saw {country}" for country in countries]


@pytest.mark.parametrize(("source", "country"), [("leads.csv", "USA"), ("other.csv", "us")])
def test_a_decision_about_a_source_counts_for_that_source_only(run: Run, source: str, country: str) -> None:
    table = HEADER + "source,leads.csv,country,US,USA,set,,ann,\n"
    ran = run(FLOW, LEADS, files={"decisions.csv": table}, given=Given("test", START, source=source))
    assert column(ran) == [country, country]


def test_an_empty_after_empties_the_cell(run: Run) -> None:
    assert column(decided(run, "lead,1,country,US,,set,,ann,")) == [None, "us"]


@pytest.mark.parametrize(("until", "country"), [("2026-01-30", "us"), ("2026-01-31", "USA"), ("2026-02-01", "USA")])
def test_a_decision_counts_up_to_and_with_its_last_day(run: Run, until: str, country: str) -> None:
    """The kit's runs start on 2026-01-31."""
    assert column(decided(run, f"lead,1,country,US,USA,set,{until},ann,"))[0] == country


def test_the_later_decision_is_the_last_word(run: Run) -> None:
    assert column(decided(run, "lead,1,country,US,A,set,,ann,", "lead,1,country,US,B,set,,ann,"))[0] == "B"


def test_keeping_what_a_step_would_change_is_unchanged(run: Run) -> None:
    ran = decided(run, "lead,1,country,US,,keep,,ann,")
    assert ran.outcomes["nightly > probe.tidy"] == ["unchanged", "changed"]


@pytest.mark.parametrize("decision", ["lead,1,country,?,USA,set,,ann,", "lead,1,country,,USA,always,,ann,"])
def test_a_decision_mends_a_lead_whose_step_gives_up(run: Run, decision: str) -> None:
    """The steward's word counts where a step has none; nothing is left to settle."""
    ran = decided(run, decision, leads=[{"id": "1", "country": "?", "note": None}])
    assert (column(ran), column(ran, "note"), ran.quarantine) == (["USA"], ["saw USA"], [])


def test_a_second_run_under_the_same_decisions_changes_nothing(run: Run) -> None:
    decision = "lead,1,country,US,USA,always,,ann,"
    first = decided(run, decision)
    second = decided(run, decision, leads=first.leads)
    assert (second.leads, second.changes) == (first.leads, [])


@pytest.mark.parametrize(
    ("decision", "message"),
    [
        ("lead,1,contry,US,USA,set,,ann,", 'did you mean "country"'),
        ("lead,1,country,US,USA,sett,,ann,", 'did you mean "set"'),
        ("leed,1,country,US,USA,set,,ann,", 'did you mean "lead"'),
        ("lead,1,country,US,USA,set,soon,ann,", "soon"),
    ],
)
def test_a_decision_nobody_understands_is_refused_with_its_line(run: Run, decision: str, message: str) -> None:
    with pytest.raises(ProjectError, match=rf"decisions\.csv:2: .*{message}"):
        decided(run, decision)
