"""Rule 10: waits too long to be slept. The leads are put aside, and run again when their time has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lustrum.engine.given import Budget, Given, NoWait
from lustrum.testing import CampaignRun
from lustrum.testing.steps import START

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

BUSY = """
@step("probe.busy")
def busy(value: str, *, after: float | None = None) -> str:
    calls.append(("busy", value))
    if "busy" in value:
        raise Transient("the service is busy", code="busy", retry_after=after)
    return value.upper()


@step("probe.busy_frame", reads=["country"], writes=["country"])
def busy_frame(leads: pl.DataFrame) -> pl.DataFrame:
    busy = pl.col("country").str.contains("busy")
    later = pl.lit(3600.0).alias("_retry_after")
    return leads.with_columns(pl.when(busy).then(pl.lit("busy")).alias("_code"), busy.alias("_transient"), later)
"""


def leads(*countries: str) -> list[dict[str, Any]]:
    return [{"id": f"k{row}", "country": country, "note": None} for row, country in enumerate(countries, 1)]


def pending(ran: CampaignRun) -> list[tuple[Any, ...]]:
    keys = ran.result.keys
    return [(keys[row], *rest) for row, *rest in ran.result.pending.rows()]


def flow(transient: str = "{wait: 10m}", more: str = "") -> str:
    return f"flow: [{{use: probe.busy, reads: {{value: country}}, retry: {{transient: {transient}{more}}}}}]"


PATH = "nightly > probe.busy"


def again(budgets: dict[tuple[str, str], Budget] | None = None, *, no_wait: bool = False) -> Given:
    return Given("test", START, budgets=budgets or {}, no_wait=no_wait, clock=NoWait())


def test_a_wait_beyond_hold_is_not_slept_and_puts_the_lead_aside(run: Run, calls: Calls) -> None:
    ran = run(flow(), leads("good", "busy", "fine"), steps=BUSY)
    assert pending(ran) == [("k2", PATH, 1, 600, 600)]
    assert calls("busy") == ["good", "busy", "fine"]
    assert ran.waits == []


@pytest.mark.parametrize(("hold", "slept"), [("29s", 0), ("30s", 1), ("1h", 1)])
def test_what_can_be_slept_is_told_by_hold(run: Run, hold: str, slept: int) -> None:
    ran = run(flow(f"{{attempts: 2, wait: 30s, hold: {hold}}}"), leads("busy"), steps=BUSY)
    assert len(ran.waits) == slept
    assert len(pending(ran)) == 1 - slept


def test_half_a_minute_is_slept_unless_told_otherwise(run: Run) -> None:
    assert run(flow("{wait: 30s}"), leads("busy"), steps=BUSY).waits == [30, 30]
    assert len(pending(run(flow("{wait: 31s}"), leads("busy"), steps=BUSY))) == 1


def test_nothing_is_said_of_a_pending_lead_but_that_it_is_one(run: Run) -> None:
    ran = run(
        """
        flow:
          - {use: change.value, with: {field: note, value: seen}}
          - {use: moment.record, with: {type: Web, text: seen}}
          - {use: probe.busy, reads: {value: country}, on_fail: abort, retry: {transient: {wait: 10m}}}
          - {use: change.value, with: {field: note, value: went on}}
        """,
        leads("good", "busy"),
        steps=BUSY,
    )
    result = ran.result
    assert result.aborted is None
    assert [moment["key"] for moment in ran.moments] == ["k1"]
    for frame in (result.net, result.trail, result.details, result.effects, result.quarantine, result.attempts):
        assert 1 not in frame["row"].to_list()


def test_a_pending_lead_leaves_children_callers_and_requests(run: Run, calls: Calls) -> None:
    ran = run(
        "flow: [{execute: child, retry: {attempts: 3, repair: mend}}, {use: probe.copy, reads: {value: country}}]",
        leads("busy", "good"),
        steps=BUSY,
        children={
            "child": "flow: [{use: probe.busy, reads: {value: country}, retry: {transient: {wait: 10m}}}]",
            "mend": "flow: [{use: change.value, with: {field: country, value: mended}}]",
        },
    )
    assert [path for _, path, *_ in pending(ran)] == ["nightly > child > probe.busy"]
    assert calls("busy") == ["busy", "good"], "the child is not run again for it"
    assert calls("copy") == ["GOOD"]
    assert ran.quarantine == []


def test_a_lead_may_become_pending_inside_a_repair(run: Run, calls: Calls) -> None:
    ran = run(
        "flow: [{use: probe.tidy, reads: {value: country}, on_fail: abort, retry: {attempts: 1, repair: mend}}]",
        leads("? busy", "? good"),
        steps=BUSY,
        children={"mend": "flow: [{use: probe.busy, reads: {value: country}, retry: {transient: {wait: 1h}}}]"},
    )
    assert [(key, path) for key, path, *_ in pending(ran)] == [("k1", "nightly > probe.tidy > mend > probe.busy")]
    assert calls("tidy") == ["? busy", "? good", "? GOOD"], "only the other one is asked again"


def test_a_batch_of_nobody_else_is_no_trouble(run: Run) -> None:
    ran = run("flow: [{execute: child}]", leads("busy", "busy"), steps=BUSY, children={"child": flow()})
    assert len(pending(ran)) == 2


def test_a_goal_waits_for_leads_that_are_pending(run: Run) -> None:
    entry = "flow: [{execute: child, retry: {attempts: 2, until: \"country = 'BUSY'\"}}]"
    ran = run(entry, leads("busy", "busy"), steps=BUSY, children={"child": flow()})
    assert len(pending(ran)) == 2


def test_waits_that_were_slept_before_count_too(run: Run) -> None:
    ran = run(flow("{wait: [5s, 10s, 10m], attempts: 5}"), leads("busy"), steps=BUSY)
    assert ran.waits == [5, 10]
    assert pending(ran) == [("k1", PATH, 3, 615, 600)]


def test_the_wait_the_other_side_asks_for_may_be_too_long_to_be_slept(run: Run) -> None:
    ran = run(flow("{}").replace("reads", "with: {after: 3600}, reads"), leads("busy"), steps=BUSY)
    assert pending(ran) == [("k1", PATH, 1, 3600, 3600)]
    assert pending(run("flow: [{use: probe.busy_frame}]", leads("good", "busy"), steps=BUSY)) == [
        ("k2", "nightly > probe.busy_frame", 1, 3600, 3600)
    ]


def test_a_wait_that_is_not_slept_has_no_jitter(run: Run) -> None:
    assert pending(run(flow("{wait: 10m..20m}"), leads("busy"), steps=BUSY)) == [("k1", PATH, 1, 600, 600)]


def test_a_lead_that_comes_again_goes_on_with_its_counters(run: Run, calls: Calls) -> None:
    plan = flow("{attempts: 3, wait: [10m, 20m, 30m]}")
    first = run(plan, leads("good", "busy"), steps=BUSY)
    assert pending(first) == [("k2", PATH, 1, 600, 600)]
    second = run(plan, leads("good", "busy"), steps=BUSY, given=again({("k2", PATH): (1, 600)}))
    assert pending(second) == [("k2", PATH, 2, 1800, 1200)]
    third = run(plan, leads("good", "busy"), steps=BUSY, given=again({("k2", PATH): (2, 1800)}))
    assert pending(third) == []
    assert third.outcomes[PATH] == ["changed", "failed:busy"]
    assert calls("busy") == ["good", "busy"]


def test_the_counters_of_another_lead_or_entry_are_not_its_own(run: Run) -> None:
    others = {("k2", PATH): (2, 0.0), ("k1", "nightly > other"): (2, 0.0)}
    assert pending(run(flow(), leads("busy"), steps=BUSY, given=again(others))) == [("k1", PATH, 1, 600, 600)]


@pytest.mark.parametrize(("waited", "outcome"), [(0.0, ""), (2400.0, ""), (2400.5, "failed:busy")])
def test_the_deadline_goes_on_too(run: Run, waited: float, outcome: str) -> None:
    given = again({("k1", PATH): (1, waited)})
    ran = run(flow("{attempts: 9, wait: 20m, deadline: 1h}"), leads("busy"), steps=BUSY, given=given)
    assert len(pending(ran)) == (0 if outcome else 1)
    assert not outcome or ran.outcomes[PATH] == [outcome]


def test_a_spent_budget_makes_nobody_pending(run: Run) -> None:
    ran = run(flow("{attempts: 1, wait: 10m}"), leads("busy"), steps=BUSY)
    assert (pending(ran), ran.outcomes[PATH]) == ([], ["failed:busy"])


def test_a_lead_for_which_until_holds_has_nothing_to_wait_for(run: Run) -> None:
    ran = run(flow(more=", until: country = 'busy'"), leads("busy"), steps=BUSY)
    assert (pending(ran), ran.outcomes[PATH]) == ([], ["unchanged"])


def test_where_nobody_may_wait_it_fails_and_says_when_to_try_again(run: Run, calls: Calls) -> None:
    given = again(no_wait=True)
    ran = run(flow("{wait: [5s, 10m]}"), leads("busy", "good"), steps=BUSY, given=given)
    assert pending(ran) == []
    assert ran.outcomes[PATH] == ["failed:retry_later", "changed"]
    assert [(row["key"], row["message"]) for row in ran.quarantine] == [("k1", "2026-01-31T03:10:05+00:00")]
    assert calls("busy") == ["busy", "good", "busy"], "what can be slept is slept nevertheless"
    assert given.clock.waits == [5]  # type: ignore[attr-defined]  # the clock of `again` is a NoWait


def test_the_time_to_try_again_is_never_too_early(run: Run) -> None:
    text = flow("{wait: 59.5s}")
    ran = run(text, leads("busy"), steps=BUSY, given=again(no_wait=True))
    assert [row["message"] for row in ran.quarantine] == ["2026-01-31T03:01:00+00:00"]


def test_one_that_may_not_wait_is_neither_repaired_nor_asked_again(run: Run, calls: Calls) -> None:
    ran = run(
        flow(more=", repair: mend, attempts: 3"),
        leads("busy"),
        steps=BUSY,
        children={"mend": "flow: [{use: change.value, with: {field: country, value: good}}]"},
        given=again(no_wait=True),
    )
    assert (calls("busy"), ran.leads[0]["country"]) == (["busy"], "busy")


def test_a_wait_of_ages_is_no_error(run: Run) -> None:
    text = flow("{wait: 900000000 days}")
    assert len(pending(run(text, leads("busy"), steps=BUSY))) == 1
    ran = run(text, leads("busy"), steps=BUSY, given=again(no_wait=True))
    assert [row["message"] for row in ran.quarantine] == ["2027-02-01T03:00:00+00:00"]
