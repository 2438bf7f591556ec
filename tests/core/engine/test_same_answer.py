"""Rule 15: the same answer whatever the batch size and the order of the leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lustrum.testing import CampaignRun

Run = Callable[..., CampaignRun]

STEPS = """
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
quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": str(number), "score": None, **row} for number, row in enumerate(rows)]


def result(run: Run, rows: list[dict[str, Any]], batch_size: int | None = None) -> dict[str, list[Any]]:
    """Everything a run says, each list in the order of the leads."""
    ran = run(NIGHTLY, rows, steps=STEPS, children=CHILDREN, files=PROJECT, batch_size=batch_size)
    return {
        "leads": ran.leads,
        "changes": ran.changes,
        "moments": ran.moments,
        "quarantine": ran.quarantine,
        "effects": ran.result.effects.sort("row", "path").to_dicts(),
        "outcomes": [dict(zip(ran.outcomes, texts, strict=True)) for texts in zip(*ran.outcomes.values(), strict=True)],
    }


def by_key(rows: list[dict[str, Any]]) -> list[Any]:
    return sorted((sorted(row.items(), key=repr) for row in rows), key=repr)


@quick
@given(leads, st.data())
def test_the_size_of_the_batches_makes_no_difference(run: Run, rows: list[dict[str, Any]], data: st.DataObject) -> None:
    named = numbered(rows)
    size = data.draw(st.integers(1, len(named)))
    whole, parts = result(run, named), result(run, named, size)
    for name, expected in whole.items():
        assert by_key(parts[name]) == by_key(expected), name
    assert parts["leads"] == whole["leads"]


@quick
@given(leads, st.data())
def test_the_order_of_the_leads_makes_no_difference(run: Run, rows: list[dict[str, Any]], data: st.DataObject) -> None:
    named = numbered(rows)
    order = data.draw(st.permutations(range(len(named))))
    straight, permuted = result(run, named), result(run, [named[place] for place in order])
    for name in ("changes", "moments", "quarantine", "leads"):
        assert by_key(permuted[name]) == by_key(straight[name]), name
    assert permuted["leads"] == [straight["leads"][place] for place in order]
    assert permuted["outcomes"] == [straight["outcomes"][place] for place in order]


@quick
@given(leads)
def test_the_same_run_twice_is_the_same_run(run: Run, rows: list[dict[str, Any]]) -> None:
    assert result(run, numbered(rows)) == result(run, numbered(rows))


def test_the_campaign_of_these_tests_meets_every_outcome(run: Run) -> None:
    texts = ["A", "busy", "raises", "known", "odd", "?", "mend?", "nowhere", None]
    said = result(run, numbered([{"country": text, "code": None, "note": "n"} for text in texts]))["outcomes"]
    kinds = {text.partition(":")[0] for outcomes in said for text in outcomes.values()}
    assert kinds == {"", "changed", "unchanged", "skipped", "failed", "blocked"}
