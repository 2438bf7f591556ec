"""Rule 15: the same answer whatever the batch size and the order of the leads."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lustrum.engine.execute import execute
from lustrum.engine.given import Given, NoWait
from lustrum.planning.plan import Plan
from lustrum.testing import run_campaign
from lustrum.testing.campaigns import campaign_run, together
from lustrum.testing.leads import batch_of
from lustrum.testing.steps import START

STEPS = """
import polars as pl
from lustrum import Failed, Skip, Step, Transient, hookimpl, step

@step("probe.tidy")
def tidy(value: str) -> str | Failed:
    return Failed("unreadable") if "?" in value else value.lower()

@step("probe.look_up")
def look_up(value: str) -> str | Skip:
    if value.startswith("busy"):
        raise Transient("busy")
    if value.startswith("raises"):
        raise ValueError(value)
    return Skip("known") if value == "known" else value + "!"

@step("probe.frame", reads=["code", "note"], writes=["note"])
def frame(leads: pl.DataFrame) -> pl.DataFrame:
    return leads.select(
        pl.concat_str("code", "note", separator="/", ignore_nulls=True).alias("note"),
        pl.when(pl.col("code") == "odd!").then(pl.lit("odd")).alias("_code"),
    )

@hookimpl
def lustrum_steps() -> list[Step]:
    return [tidy, look_up, frame]
"""
NIGHTLY = """
flow:
  - {execute: standardise}
  - {use: probe.frame, retry: {attempts: 2, repair: mend}}
  - {use: moment.record, when: note IS NOT NULL, with: {type: Web, text: "{{lead.country}} {{lead.code}}"}}
  - {use: change.score, choices: [{when: code = 'a!', with: {change: +5}}, {otherwise: nothing}], with: {change: +1}}
"""
CHILDREN = {
    "standardise": """
    smart_list: {country: is not nowhere}
    flow:
      - {use: probe.tidy, reads: {value: country}, retry: {attempts: 2, repair: mend}}
      - {use: probe.look_up, reads: {value: country}, writes: {value: code}, retry: {transient: {attempts: 2}}}
      - {use: change.value, when: failed(code) AND note IS NULL, with: {field: code, value: inferred}}
    """,
    "mend": """
    flow:
      - {use: change.value, when: country = 'mend?', with: {field: country, value: MENDED}}
      - {use: change.value, when: code = 'odd!', with: {field: code, value: even}}
    """,
}
PROJECT = {"lustrum.yaml": "leads: {from: a.csv, to: b.csv, key: id}\nfields: {score: integer}\n"}

countries = st.sampled_from(
    [None, "", "A", "a", "busy", "raises", "known", "odd", "?", "mend?", "nowhere", "B"],
)
leads = st.lists(
    st.fixed_dictionaries({"country": countries, "code": st.sampled_from([None, "old"]), "note": countries}),
    min_size=1,
    max_size=8,
)
quick = settings(max_examples=12, deadline=None)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Plan once: what these tests vary is the leads."""
    files = {
        f"campaigns/{name}.yaml": f"campaign: {name}\nkind: executable{dedent(text)}" for name, text in CHILDREN.items()
    }
    files |= {**PROJECT, "plugins/same.py": STEPS, "campaigns/nightly.yaml": f"campaign: nightly\nkind: batch{NIGHTLY}"}
    return run_campaign(files, [{"id": "0", "score": None, "country": None, "code": None, "note": None}]).plan


def numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": str(number), "score": None, **row} for number, row in enumerate(rows)]


def result(plan: Plan, rows: list[dict[str, Any]], batch_size: int | None = None) -> dict[str, list[Any]]:
    """Everything a run says, each list in the order of the leads."""
    batch, fresh = batch_of(rows, plan.schema), Given("test", START)
    parts = [batch.slice(first, batch_size or len(rows)) for first in range(0, len(rows), batch_size or len(rows))]
    ran = campaign_run(plan, together([execute(plan, part, fresh) for part in parts]), NoWait())
    return {
        "leads": ran.leads,
        "changes": ran.changes,
        "moments": ran.moments,
        "quarantine": ran.quarantine,
        "effects": ran.result.effects.sort("row", "path").drop("row").to_dicts(),
        "outcomes": [dict(zip(ran.outcomes, texts, strict=True)) for texts in zip(*ran.outcomes.values(), strict=True)],
    }


def by_key(rows: list[dict[str, Any]]) -> list[Any]:
    return sorted((sorted(row.items(), key=repr) for row in rows), key=repr)


@quick
@given(leads, st.data())
def test_the_size_of_the_batches_makes_no_difference(
    plan: Plan, rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    named = numbered(rows)
    size = data.draw(st.integers(1, len(named)))
    whole, parts = result(plan, named), result(plan, named, size)
    for name, expected in whole.items():
        assert by_key(parts[name]) == by_key(expected), name
    assert parts["leads"] == whole["leads"]


@quick
@given(leads, st.data())
def test_the_order_of_the_leads_makes_no_difference(
    plan: Plan, rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    named = numbered(rows)
    order = data.draw(st.permutations(range(len(named))))
    straight, permuted = result(plan, named), result(plan, [named[place] for place in order])
    for name in ("changes", "moments", "quarantine", "effects", "leads"):
        assert by_key(permuted[name]) == by_key(straight[name]), name
    assert permuted["leads"] == [straight["leads"][place] for place in order]
    assert permuted["outcomes"] == [straight["outcomes"][place] for place in order]


def test_the_campaign_of_these_tests_meets_every_outcome(plan: Plan) -> None:
    texts = ["A", "busy", "raises", "known", "odd", "?", "mend?", "nowhere", None]
    said = result(plan, numbered([{"country": text, "code": None, "note": "n"} for text in texts]))["outcomes"]
    kinds = {text.partition(":")[0] for outcomes in said for text in outcomes.values()}
    assert kinds == {"", "changed", "unchanged", "skipped", "failed", "blocked"}
