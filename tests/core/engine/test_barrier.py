"""The barrier: no entry that depends on another one sees a lead before the other has ended for it, retries included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lustrum.testing import CampaignRun

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

LOOK_UP = '''
@step("probe.look_up")
def look_up(value: str) -> str:
    """Ask a service: busy twice for what it knows to be slow, always for what is down."""
    calls.append(("look_up", value))
    if "down" in value or ("slow" in value and calls.count(("look_up", value)) < 3):
        raise Transient("busy")
    return value.upper()
'''


def leads(*countries: str) -> list[dict[str, str | None]]:
    return [{"id": str(row), "country": country, "city": None} for row, country in enumerate(countries, 1)]


def test_no_dependent_entry_sees_a_lead_before_its_retries_end(run: Run, calls: Calls) -> None:
    ran = run(
        """
        flow:
          - {use: probe.look_up, reads: {value: country}, retry: {transient: {attempts: 3}}}
          - {use: probe.copy, reads: {value: country}, writes: {value: city}}
        """,
        leads("good a", "slow b", "good c", "slow d"),
        steps=LOOK_UP,
    )
    assert sorted(calls("copy")) == ["GOOD A", "GOOD C", "SLOW B", "SLOW D"], "never an unfinished value"
    assert [name for name, _ in calls()] == ["look_up"] * 8 + ["copy"] * 4
    assert [calls("look_up").count(value) for value in ("good a", "slow b", "good c", "slow d")] == [1, 3, 1, 3]
    assert [lead["city"] for lead in ran.leads] == ["GOOD A", "SLOW B", "GOOD C", "SLOW D"]
    assert ran.quarantine == []


def test_a_child_in_the_callers_flow_waits_for_the_retries_too(run: Run, calls: Calls) -> None:
    run(
        "flow: [{execute: standardise}, {execute: enrich}]",
        leads("slow a", "good b"),
        steps=LOOK_UP,
        children={
            "standardise": "flow: [{use: probe.look_up, reads: {value: country}}]",
            "enrich": "flow: [{use: probe.copy, reads: {value: country}, writes: {value: city}}]",
        },
    )
    assert calls("copy") == ["SLOW A", "GOOD B"]
    assert [name for name, _ in calls()] == ["look_up"] * 4 + ["copy"] * 2


def test_giving_up_blocks_dependents_until_an_inference_settles_the_field(run: Run, calls: Calls) -> None:
    ran = run(
        """
        flow:
          - {use: probe.look_up, id: country, reads: {value: country}, writes: {value: code}}
          - {use: probe.copy, id: too-early, reads: {value: code}, writes: {value: city}}
          - {use: probe.copy, id: independent, reads: {value: country}, writes: {value: note}}
          - {use: change.value, id: infer, when: failed(code), with: {field: code, value: INFERRED}}
          - {use: probe.copy, id: after, reads: {value: code}, writes: {value: city}}
        """,
        [{**lead, "code": "dirty", "note": None} for lead in leads("down", "good")],
        steps=LOOK_UP,
    )
    assert {path.rpartition(" > ")[2]: texts for path, texts in ran.outcomes.items()} == {
        "country": ["failed:transient", "changed"],
        "too-early": ["blocked", "changed"],
        "independent": ["changed", "changed"],
        "infer": ["changed", "skipped:when"],
        "after": ["changed", "unchanged"],
    }
    assert "dirty" not in calls("copy")
    assert [lead["city"] for lead in ran.leads] == ["INFERRED", "GOOD"]
    assert ran.quarantine == []


def test_giving_up_blocks_only_the_lead_that_failed(run: Run, calls: Calls) -> None:
    ran = run(
        """
        flow:
          - {use: probe.look_up, reads: {value: country}}
          - {use: probe.copy, reads: {value: country}, writes: {value: city}}
        """,
        leads("good a", "down", "good b"),
        steps=LOOK_UP,
    )
    assert ran.outcomes["nightly > probe.copy"] == ["changed", "blocked", "changed"]
    assert calls("copy") == ["GOOD A", "GOOD B"]
    assert {row["key"] for row in ran.quarantine} == {"2"}


def test_only_open_leads_are_retried(run: Run, calls: Calls) -> None:
    run(
        """
        flow:
          - use: probe.by_strategy
            reads: {value: country}
            retry: {repair: mend}
        """,
        leads("one", "two", "one", "three", "never"),
        steps="""
        @step("probe.by_strategy", strategies=["one", "two", "three"])
        def by_strategy(value: str, *, attempt: Attempt) -> str | Failed:
            calls.append(("by_strategy", (attempt.number, value)))
            return value.upper() if attempt.tries(value) else Failed("unknown")
        """,
        children={"mend": "flow: [{use: probe.tidy, reads: {value: country}}]"},
    )
    assert calls("by_strategy") == [
        *[(1, value) for value in ("one", "two", "three", "never")],
        *[(2, value) for value in ("two", "three", "never")],
        *[(3, value) for value in ("three", "never")],
    ]
    assert "one" not in calls("tidy"), "the repair is executed for the open leads only"


def test_a_batch_step_is_asked_again_about_open_leads_only(run: Run, calls: Calls) -> None:
    run(
        "flow: [{use: probe.frame}]",
        leads("good", "odd", "fine", "odd"),
        steps="""
        @step("probe.frame", strategies=["one", "two"], reads=["country"], writes=["country"])
        def frame(leads: pl.DataFrame) -> pl.DataFrame:
            calls.extend([("frame", leads["country"].to_list())] * bool(leads.height))  # tried on none when loaded
            return leads.with_columns(pl.when(pl.col("country") == "odd").then(pl.lit("odd")).alias("_code"))
        """,
    )
    assert calls("frame") == [["good", "odd", "fine", "odd"], ["odd", "odd"]]


def test_the_whole_child_is_run_again_for_the_open_leads_only(run: Run, calls: Calls) -> None:
    run(
        "flow: [{execute: standardise, retry: {attempts: 2, until: country = 'us'}}]",
        leads("US", "DE"),
        children={
            "standardise": """
            flow:
              - {use: probe.tidy, reads: {value: country}}
              - {use: change.value, when: country = 'de', with: {field: country, value: US}}
            """
        },
    )
    assert calls("tidy") == ["US", "DE"], "the second round finds US in the memo"


def test_the_memo_does_not_keep_a_transient_failure(run: Run, calls: Calls) -> None:
    ran = run(
        """
        flow:
          - {use: probe.look_up, reads: {value: country}, retry: {transient: {attempts: 1}}}
        """,
        leads("slow", "good", "slow", "good", "slow"),
        steps=LOOK_UP,
        batch_size=2,
    )
    assert calls("look_up") == ["slow", "good", "slow", "slow"], "asked anew in each batch; `good` is remembered"
    assert ran.outcomes["nightly > probe.look_up"] == [
        "failed:transient",
        "changed",
        "failed:transient",
        "changed",
        "changed",
    ]
