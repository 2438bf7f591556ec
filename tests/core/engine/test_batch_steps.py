"""Steps that take and return a frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lustrum.testing import CampaignRun
from lustrum.words.errors import ProjectError

Run = Callable[..., CampaignRun]

WRONG = "failed:step_raised"
"""The outcome where a step's result is of the wrong type."""


def leads(*countries: str | None) -> list[dict[str, Any]]:
    return [{"id": str(row), "country": country} for row, country in enumerate(countries, 1)]


def column(ran: CampaignRun) -> list[Any]:
    return [lead["country"] for lead in ran.leads]


BATCH = """
@step("probe.mine", reads=["country"], writes=["country"])
def mine(leads: pl.DataFrame) -> pl.DataFrame:
    {body}
"""


def batch_step(run: Run, body: str, *countries: str | None) -> CampaignRun:
    steps = BATCH.format(body="\n    ".join(body.splitlines()))
    return run("flow: [{use: probe.mine, retry: {transient: {attempts: 2}}}]", leads(*countries), steps=steps)


def test_a_batch_step_answers_for_all_leads_at_once(run: Run) -> None:
    ran = batch_step(run, "return leads.select(pl.col('country').str.to_lowercase())", "US", "de", None)
    assert column(ran) == ["us", "de", None]
    assert ran.outcomes["nightly > probe.mine"][:2] == ["changed", "unchanged"]


def test_a_batch_step_fails_for_single_leads_by_code(run: Run) -> None:
    ran = batch_step(
        run,
        "bad = pl.when(pl.col('country') == 'bad')\n"
        "return leads.select(pl.col('country').str.to_lowercase(), bad.then(pl.lit('unknown')).alias('_code'),\n"
        "                    bad.then(pl.lit('nobody knows it')).alias('_message'), pl.lit('why').alias('_reason'))",
        "US",
        "bad",
        "DE",
    )
    assert ran.outcomes["nightly > probe.mine"] == ["changed", "failed:unknown", "changed"]
    assert [(row["key"], row["message"]) for row in ran.quarantine] == [("2", "nobody knows it")]
    assert column(ran) == ["us", "bad", "de"]
    assert ran.result.trail["reason"].to_list() == ["why", "why"]


def test_a_batch_step_that_raises_for_some_leads_fails_for_those_only(run: Run) -> None:
    ran = batch_step(
        run,
        "if leads.height and 'bad' in leads['country']:\n    raise ValueError('no')\n"
        "return leads.select(pl.col('country').str.to_lowercase())",
        "US",
        "bad",
        "DE",
        "FR",
    )
    assert ran.outcomes["nightly > probe.mine"] == ["changed", "failed:step_raised", "changed", "changed"]
    assert "probe.py:" in ran.quarantine[0]["message"]


def test_a_batch_step_may_be_busy(run: Run) -> None:
    ran = batch_step(run, "if leads.height:\n    raise Transient('busy', code='busy')\nreturn leads", "US", "DE")
    assert ran.outcomes["nightly > probe.mine"] == ["failed:busy", "failed:busy"]
    assert any(ran.waits)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("return leads.head(0)", id="too few rows"),
        pytest.param("return pl.concat([leads, leads])", id="too many rows"),
        pytest.param("return leads.select(pl.lit(5).alias('country'))", id="the wrong type"),
        pytest.param("return leads.select(pl.col('country').alias('land'))", id="another column"),
        pytest.param("return leads['country']", id="no frame"),
    ],
)
def test_a_batch_step_whose_answer_does_not_fit_costs_no_more_than_its_leads(run: Run, body: str) -> None:
    """It is refused when loaded, where trying it on no leads shows it, else it fails for its leads."""
    try:
        ran = batch_step(run, body, "US", "DE")
    except ProjectError as error:
        said = str(error)
    else:
        said = str(ran.outcomes)
        assert ran.outcomes["nightly > probe.mine"] == [WRONG] * 2
        assert column(ran) == ["US", "DE"]
    assert "probe.mine" in said
