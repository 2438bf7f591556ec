"""What a step must know of the whole source it learns before the first batch, from source fields only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lustrum import Answer, Fact, Learning, step
from lustrum.contracts.signature import StepContractError
from lustrum.testing import CampaignRun, run_step

Run = Callable[..., CampaignRun]

STEPS = '''
from lustrum import Fact, Learning

def longest(leads: pl.DataFrame) -> int:
    return max([len(text) for text in leads["value"].drop_nulls().to_list()], default=0)

def refuse(leads: pl.DataFrame) -> int:
    raise ValueError("no idea")

@step("probe.padded", learns=Learning(longest, max, str))
def padded(value: str, *, width: Fact) -> str:
    """Pad to the longest value of the column."""
    return value.strip("_").rjust(int(width.value or 0), "_")

@step("probe.unsure", learns=Learning(refuse, max, str))
def unsure(value: str, *, width: Fact) -> str:
    """Say what was learnt."""
    return str(width.value)
'''
FLOW = """
flow:
  - {use: probe.padded, reads: {value: city}}
"""


def cities(*names: str | None) -> list[dict[str, Any]]:
    return [{"id": str(number), "city": name} for number, name in enumerate(names)]


def test_a_step_is_given_what_it_learnt_of_all_leads(run: Run) -> None:
    done = run(FLOW, cities("Rome", "Bern", "Helsinki", None), steps=STEPS)
    assert [lead["city"] for lead in done.leads] == ["____Rome", "____Bern", "Helsinki", None]


@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_fact_is_the_same_whatever_the_batch_size(run: Run, size: int) -> None:
    done = run(FLOW, cities("Rome", "Helsinki", "Bern"), steps=STEPS, batch_size=size)
    assert [lead["city"] for lead in done.leads] == ["____Rome", "Helsinki", "____Bern"]


def test_it_learns_from_the_source_not_from_what_earlier_entries_wrote(run: Run) -> None:
    flow = """
    flow:
      - {use: change.value, with: {field: city, value: "a much longer value"}, when: "id = '0'"}
      - {use: probe.padded, reads: {value: city}}
    """
    done = run(flow, cities("Rome", "Helsinki"), steps=STEPS)
    assert [lead["city"] for lead in done.leads] == ["a much longer value", "Helsinki"]


def test_of_a_field_the_source_lacks_there_is_nothing_to_learn(run: Run) -> None:
    files = {"lustrum.yaml": "leads: {from: a.csv, to: b.csv, key: id}\nfields: {town: text}\n"}
    flow = """
    flow:
      - {use: change.value, with: {field: town, value: "{{lead.city}}"}}
      - {use: probe.padded, reads: {value: town}}
    """
    done = run(flow, cities("Rome"), steps=STEPS, files=files)
    assert done.leads[0]["town"] == "Rome"


def test_a_step_that_raises_while_it_learns_has_no_fact(run: Run) -> None:
    done = run(FLOW.replace("padded", "unsure"), cities("Rome"), steps=STEPS)
    assert done.leads[0]["city"] == "None"


def test_the_kit_learns_from_the_rows_it_is_given() -> None:
    @step("acme.most", learns=Learning(lambda leads: leads.height, lambda a, b: a + b, str))
    def most(city: str, *, leads: Fact = Fact()) -> Answer[str]:  # noqa: B008 - a Fact is frozen
        return Answer(f"{city} of {leads.value}")

    assert run_step(most, [{"city": "Rome"}, {"city": "Oslo"}]).leads == [{"city": "Rome of 2"}, {"city": "Oslo of 2"}]


def test_a_fact_is_asked_for_where_one_is_learnt_and_nowhere_else() -> None:
    with pytest.raises(StepContractError, match="asks for a Fact where it learns one"):

        @step("acme.curious")
        def curious(city: str, *, fact: Fact) -> str:  # noqa: ARG001 - asked for in vain
            return city

    with pytest.raises(StepContractError, match="asks for a Fact where it learns one"):

        @step("acme.deaf", learns=Learning(len, max, str))
        def deaf(city: str) -> str:
            return city
