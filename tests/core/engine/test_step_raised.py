"""A step that raises, or answers with the wrong type, costs only the leads with that input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lustrum.engine.interrupts import StepInterrupt
from lustrum.testing import CampaignRun
from lustrum.words.errors import ProjectError

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

WRONG = "failed:step_raised"
"""The outcome where a step's result is of the wrong type."""
ON_COUNTRY = "flow: [{use: probe.mine}]"


def leads(*countries: str | None) -> list[dict[str, Any]]:
    return [{"id": str(row), "country": country} for row, country in enumerate(countries, 1)]


def column(ran: CampaignRun) -> list[Any]:
    return [lead["country"] for lead in ran.leads]


RAISES = """
@step("probe.mine")
def mine(country: str) -> str:
    calls.append(("mine", country))
    if country == "bad":
        raise ValueError("no such country")
    return country.lower()
"""


def test_a_step_that_raises_fails_for_that_input_only_with_its_place(run: Run, calls: Calls) -> None:
    ran = run("flow: [{use: probe.mine, retry: {attempts: 3}}]", leads("US", "bad", "DE"), steps=RAISES)
    assert ran.outcomes["nightly > probe.mine"] == ["changed", "failed:step_raised", "changed"]
    (row,) = ran.quarantine
    assert row["code"] == "step_raised"
    assert "probe.py:" in row["message"]
    assert "ValueError: no such country" in row["message"]
    assert calls("mine") == ["US", "bad", "DE"], "it is not tried again"


def test_the_memo_does_not_keep_a_crash(run: Run, calls: Calls) -> None:
    run("flow: [{use: probe.mine}]", leads("US", "bad", "US", "bad"), steps=RAISES, batch_size=2)
    assert calls("mine") == ["US", "bad", "bad"]


@pytest.mark.parametrize("result", ["5", "['US']", "Failed", "Skip", "object()", "b'US'", "Answer(5)"])
def test_a_result_of_the_wrong_type_fails_for_that_input_only(run: Run, result: str) -> None:
    ran = run(
        ON_COUNTRY,
        leads("US", "bad", "DE"),
        steps=f"""
        @step("probe.mine")
        def mine(country: str) -> str:
            return {result} if country == "bad" else country.lower()
        """,
    )
    assert ran.outcomes["nightly > probe.mine"] == ["changed", WRONG, "changed"]
    assert "probe.py:" in ran.quarantine[0]["message"]
    assert column(ran) == ["us", "bad", "de"]


def test_a_wrong_type_in_an_attribute_fails_for_that_input_only(run: Run) -> None:
    ran = run(
        "flow: [{use: probe.mine}]",
        [{"id": str(row), "country": country, "score": 0} for row, country in enumerate(("US", "bad"))],
        steps="""
        @dataclass(frozen=True)
        class Scored:
            country: str
            score: int

        @step("probe.mine")
        def mine(country: str) -> Scored:
            return Scored(country.lower(), "many" if country == "bad" else 7)
        """,
        files={"lustrum.yaml": "leads: {from: a.csv, to: b.csv, key: id}\nfields: {score: integer}\n"},
    )
    assert ran.outcomes["nightly > probe.mine"] == ["changed", WRONG]
    assert [(lead["country"], lead["score"]) for lead in ran.leads] == [("us", 7), ("bad", 0)]


def test_transient_is_raised_never_returned(run: Run) -> None:
    ran = run(
        ON_COUNTRY,
        leads("US"),
        steps="""
        @step("probe.mine")
        def mine(country: str) -> str:
            return Transient("busy")
        """,
    )
    assert ran.outcomes["nightly > probe.mine"] == [WRONG]


VALUE = """
@step("probe.mine")
def mine(country: str) -> str:
    raise KeyboardInterrupt
"""
BATCH = """
@step("probe.mine", reads=["country"], writes=["country"])
def mine(leads: pl.DataFrame) -> pl.DataFrame:
    raise KeyboardInterrupt
"""
AT_ONCE = """
def at_once(inputs: pl.DataFrame) -> pl.DataFrame:
    raise KeyboardInterrupt

@step("probe.mine", vectorised=at_once)
def mine(country: str) -> str:
    return country
"""


@pytest.mark.parametrize("steps", [VALUE, BATCH, AT_ONCE])
def test_a_step_that_interrupts_is_named_with_its_place(run: Run, steps: str) -> None:
    with pytest.raises(
        StepInterrupt, match=r"^probe\.py:\d+: the step probe\.mine raised KeyboardInterrupt, which ends"
    ):
        run(ON_COUNTRY, leads("US"), steps=steps)


def test_a_step_that_interrupts_while_the_plan_is_made_is_a_finding(run: Run) -> None:
    steps = """
    def interrupting(options):
        raise KeyboardInterrupt

    @step("probe.mine", writes=interrupting)
    def mine(country: str) -> str:
        return country
    """
    with pytest.raises(ProjectError, match=r"nightly\.yaml:\d+: probe\.mine of plugin probe raised KeyboardInterrupt"):
        run(ON_COUNTRY, leads("US"), steps=steps)
