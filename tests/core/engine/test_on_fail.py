"""What becomes of a lead an entry gave up on: block, stop, continue, abort."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lustrum.testing import CampaignRun

Run = Callable[..., CampaignRun]
Calls = Callable[..., list[Any]]

PROJECT = "leads: {from: leads.csv, to: out.csv, key: id}\n"
LEADS: list[dict[str, Any]] = [
    {"id": "1", "country": "?", "note": None, "other": None},
    {"id": "2", "country": "US", "note": None, "other": None},
]


def tidy(on_fail: str = "") -> str:
    return f"{{use: probe.tidy, reads: {{value: country}}{on_fail and f', on_fail: {on_fail}'}}}"


def flow(*entries: str) -> str:
    return "flow:\n" + "".join(f"  - {entry}\n" for entry in entries)


DEPENDENT = "{use: probe.copy, id: dependent, reads: {value: country}, writes: {value: note}}"
INDEPENDENT = "{use: change.value, id: independent, with: {field: other, value: x}}"


@pytest.mark.parametrize(
    ("on_fail", "dependent", "independent", "quarantined"),
    [
        ("", "blocked", "changed", ["country", "note"]),
        ("block", "blocked", "changed", ["country", "note"]),
        ("stop", "", "", ["country"]),
        ("continue", "changed", "changed", []),
    ],
)
def test_on_fail_decides_for_the_lead_that_failed_alone(
    run: Run, on_fail: str, dependent: str, independent: str, quarantined: list[str]
) -> None:
    ran = run(flow(tidy(on_fail), DEPENDENT, INDEPENDENT), LEADS)
    assert ran.outcomes["nightly > probe.tidy"] == ["failed:unreadable", "changed"]
    assert ran.outcomes["nightly > dependent"] == [dependent, "changed"]
    assert ran.outcomes["nightly > independent"] == [independent, "changed"]
    assert [(row["key"], row["field"]) for row in ran.quarantine] == [("1", field) for field in quarantined]


def test_continue_hands_the_old_value_on(run: Run) -> None:
    assert run(flow(tidy("continue"), DEPENDENT), LEADS).leads[0]["note"] == "?"


def test_continue_leaves_unsettled_what_somebody_else_left_unsettled(run: Run) -> None:
    ran = run(flow(tidy("block"), f"{tidy('continue')[:-1]}, id: again}}", DEPENDENT), LEADS)
    assert ran.outcomes["nightly > again"] == ["failed:unreadable", "unchanged"]
    assert ran.outcomes["nightly > dependent"] == ["blocked", "changed"]


def test_stop_ends_the_way_in_the_child_and_in_all_its_callers(run: Run) -> None:
    ran = run(
        flow("execute: outer", INDEPENDENT),
        LEADS,
        children={"outer": flow("execute: inner", INDEPENDENT), "inner": flow(tidy("stop"), INDEPENDENT)},
    )
    assert [texts[0] for path, texts in ran.outcomes.items() if path.endswith("independent")] == ["", "", ""]
    assert [lead["other"] for lead in ran.leads] == [None, "x"]


def test_stop_does_not_reach_the_next_campaign_of_the_run(run: Run) -> None:
    """Each campaign of `run:` is a root of its own."""
    second = {"campaigns/second.yaml": "campaign: second\nkind: batch\n" + flow(INDEPENDENT)}
    ran = run(flow(tidy("stop")), LEADS, "nightly", "second", files=second)
    assert [lead["other"] for lead in ran.leads] == ["x", "x"]


def test_abort_says_so_and_where(run: Run) -> None:
    ran = run(flow(tidy("abort"), DEPENDENT), LEADS)
    assert ran.result.aborted is not None
    assert "nightly > probe.tidy" in ran.result.aborted
    assert "unreadable" in ran.result.aborted


def test_without_a_failure_nothing_is_aborted(run: Run) -> None:
    assert run(flow(tidy("abort")), LEADS[1:]).result.aborted is None


@pytest.mark.parametrize(
    ("project", "campaign", "entry", "dependent"),
    [
        ("continue", "", "", "changed"),
        ("continue", "block", "", "blocked"),
        ("continue", "block", "continue", "changed"),
        ("", "continue", "block", "blocked"),
    ],
)
def test_the_nearest_default_counts(run: Run, project: str, campaign: str, entry: str, dependent: str) -> None:
    files = {"lustrum.yaml": PROJECT + (project and f"defaults: {{on_fail: {project}}}\n")}
    head = campaign and f"defaults: {{on_fail: {campaign}}}\n"
    ran = run(head + flow(tidy(entry), DEPENDENT), LEADS, files=files)
    assert ran.outcomes["nightly > dependent"][0] == dependent


def test_a_child_has_its_own_defaults_not_its_callers(run: Run) -> None:
    ran = run(
        "defaults: {on_fail: continue}\n" + flow("{execute: child, on_fail: block}", DEPENDENT),
        LEADS,
        children={"child": flow(tidy())},
    )
    assert ran.outcomes["nightly > dependent"][0] == "blocked"
