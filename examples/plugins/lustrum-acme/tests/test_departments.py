from __future__ import annotations

import pytest
from lustrum.testing import run_step

from lustrum_acme import tidy_department


@pytest.mark.parametrize("written", ["mktg", "MKTG ", "Marketing", "growth"])
def test_every_spelling_becomes_the_name_of_the_crm(written: str) -> None:
    assert run_step(tidy_department, [{"department": written}]).leads == [{"department": "Marketing"}]


def test_what_the_crm_does_not_list_becomes_other_or_what_the_campaign_says() -> None:
    assert run_step(tidy_department, [{"department": "Facilities"}]).leads == [{"department": "Other"}]
    run = run_step(tidy_department, [{"department": "Facilities"}], unknown="None of ours")
    assert run.leads == [{"department": "None of ours"}]


def test_several_departments_are_a_failure_and_the_field_stays() -> None:
    run = run_step(tidy_department, [{"department": "Sales & Marketing"}])
    assert (run.outcomes, run.leads) == (["failed:ambiguous"], [{"department": "Sales & Marketing"}])


def test_a_lead_without_department_is_skipped() -> None:
    assert run_step(tidy_department, [{"department": None}]).outcomes == ["skipped:empty"]


@pytest.mark.parametrize("written", ["mktg", "Vertrieb", "edv", "Facilities"])
def test_a_tidy_department_stays_as_it_is(written: str) -> None:
    tidy = run_step(tidy_department, [{"department": written}]).leads
    assert run_step(tidy_department, tidy).outcomes == ["unchanged"]
