"""What counts of runs that have been applied, looked up by lead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lustrum.running.journal.database import AT_ONCE
from lustrum.running.journal.ledger import Ledger
from lustrum.running.journal.records import BatchRecord, RunRecord

START = datetime(2026, 1, 31, 3, tzinfo=UTC)
LATER = datetime(2026, 2, 1, 3, tzinfo=UTC)


def begin(ledger: Ledger, run: str, started: datetime = START, source: str = "leads.csv", **notes: Any) -> None:
    ledger.begin(RunRecord(run, started, ("nightly",), "plan", source, "print", 700))
    given: dict[str, Any] = {"leads": 1, **notes}
    ledger.commit(run, BatchRecord(0, **given))


def apply(ledger: Ledger, run: str, started: datetime = START, source: str = "leads.csv", **notes: Any) -> None:
    begin(ledger, run, started, source, **notes)
    ledger.end(run, "applied", {})


def effect(lead: str, key: str, at: datetime = START) -> list[str]:
    return [lead, key, "moment", at.isoformat()]


def wait(lead: str, effect: str = "w", due: datetime = LATER, activity: str | None = None) -> list[str | None]:
    return [lead, "nightly > wait", effect, due.isoformat(), activity]


EVERYTHING: dict[str, Any] = {
    "effects": [effect("1", "a")],
    "qualifications": [["1", "nightly", START.isoformat()]],
    "kept": [["1", "list_hot", None, "true"]],
    "parked": [wait("1")],
    "consumed": [["1", "on-new-lead", "guid"]],
}


def known(ledger: Ledger, *leads: str) -> dict[str, Any]:
    runs = ledger.applied_runs
    return {name: getattr(runs, name)(list(leads)) for name in EVERYTHING if name != "parked"}


@pytest.mark.parametrize("status", ["running", "dry", "stopped", "aborted", "interrupted", "broken"])
def test_only_applied_runs_count(ledger: Ledger, status: str) -> None:
    begin(ledger, "r1", **EVERYTHING)
    ledger.end("r1", status, {})
    assert not any(known(ledger, "1").values())
    assert (ledger.applied_runs.parked(["1"]).height, list(ledger.applied_runs.batches())) == (0, [])
    ledger.end("r1", "applied", {})
    assert known(ledger, "1") == {
        "effects": {"a": START},
        "qualifications": {("nightly", "1"): START},
        "kept": {"list_hot": {"1": (None, "true")}},
        "consumed": {("on-new-lead", "guid")},
    }
    assert ledger.applied_runs.parked(["1"]).rows() == [("1", "nightly > wait", "w", LATER, None)]
    assert list(ledger.applied_runs.batches()) == [("r1", 0)]
    assert list(ledger.applied_runs.runs()) == [("r1", START, False)]


def test_only_the_asked_leads_are_looked_up(ledger: Ledger) -> None:
    apply(ledger, "r1", **EVERYTHING)
    assert not any(known(ledger, "2", "'; DROP TABLE runs; --").values())
    assert not any(known(ledger).values())


def test_any_number_of_leads_is_looked_up(ledger: Ledger) -> None:
    leads = [str(number) for number in range(AT_ONCE + 5)]
    apply(ledger, "r1", effects=[effect(lead, lead) for lead in leads])
    assert len(ledger.applied_runs.effects(leads)) == AT_ONCE + 5


def test_the_last_time_counts(ledger: Ledger) -> None:
    for run, at in (("r2", LATER), ("r1", START)):
        apply(ledger, run, at, effects=[effect("1", "a", at)], qualifications=[["1", "nightly", at.isoformat()]])
    assert ledger.applied_runs.effects(["1"]) == {"a": LATER}
    assert ledger.applied_runs.qualifications(["1"]) == {("nightly", "1"): LATER}


def test_an_effect_may_happen_twice_in_a_run(ledger: Ledger) -> None:
    apply(ledger, "r1", effects=[effect("1", "a", LATER), effect("1", "a", START)])
    assert ledger.applied_runs.effects(["1"]) == {"a": LATER}


def test_a_kept_field_is_as_the_latest_run_left_it(ledger: Ledger) -> None:
    first = [["1", "list_hot", None, "true"], ["2", "list_hot", None, "true"], ["2", "score", "1", "6"]]
    apply(ledger, "r1", START, kept=first)
    apply(ledger, "r2", LATER, kept=[["1", "list_hot", "true", None]])
    begin(ledger, "r3", LATER, kept=[["2", "list_hot", "true", "false"]])
    assert ledger.applied_runs.kept(["1", "2"]) == {
        "list_hot": {"1": ("true", None), "2": (None, "true")},
        "score": {"2": ("1", "6")},
    }


def test_a_wait_is_over_when_a_later_run_has_passed_it(ledger: Ledger) -> None:
    apply(ledger, "r1", parked=[wait("1"), wait("2"), wait("3", activity="guid")])
    passed: list[list[str]] = [["1", "w", "wait", LATER.isoformat()], ["3", "other", "wait", LATER.isoformat()]]
    begin(ledger, "r2", LATER, effects=passed)
    assert ledger.applied_runs.parked(["1", "2", "3"])["key"].to_list() == ["1", "2", "3"]
    ledger.end("r2", "applied", {})
    assert ledger.applied_runs.parked(["1", "2", "3"]).select("key", "activity").rows() == [("2", None), ("3", "guid")]


def test_a_wait_that_was_passed_may_begin_again(ledger: Ledger) -> None:
    """With `repeat: always` the run that passes a wait may park the lead there again, by the same key."""
    apply(ledger, "r1", START, parked=[wait("1")])
    again = LATER + timedelta(days=3)
    apply(ledger, "r2", LATER, parked=[wait("1", due=again)], effects=[["1", "w", "wait", LATER.isoformat()]])
    assert ledger.applied_runs.parked(["1"])["due"].to_list() == [again]
    apply(ledger, "r3", again, effects=[["1", "w", "wait", again.isoformat()]])
    assert ledger.applied_runs.parked(["1"]).is_empty()


def test_an_activity_is_taken_once_however_often_it_is_noted(ledger: Ledger) -> None:
    taken = [["1", "on-new-lead", "guid"], ["1", "on-new-lead", "guid"]]
    apply(ledger, "r1", consumed=taken)
    apply(ledger, "r2", consumed=taken)
    assert ledger.applied_runs.consumed(["1", "1"]) == {("on-new-lead", "guid")}


def test_rows_met_are_those_of_the_latest_run_over_that_source(ledger: Ledger) -> None:
    assert ledger.applied_runs.rows_met("leads.csv") is None
    runs = [("r3", LATER, "leads.csv", 30), ("r1", START, "leads.csv", 10), ("r4", LATER, "other.csv", 40)]
    for run, at, source, leads in runs:
        apply(ledger, run, at, source, leads=leads)
        ledger.commit(run, BatchRecord(1, 5))
    begin(ledger, "r5", LATER, leads=50)
    ledger.end("r5", "stopped", {})
    assert (ledger.applied_runs.rows_met("leads.csv"), ledger.applied_runs.rows_met("other.csv")) == (35, 45)


def test_rows_that_went_through_again_are_met_once(ledger: Ledger) -> None:
    apply(ledger, "r1", leads=30)
    ledger.commit("r1", BatchRecord(1, 7, origin=0))
    assert ledger.applied_runs.rows_met("leads.csv") == 30


def test_of_two_runs_of_one_start_the_one_begun_last_counts(ledger: Ledger) -> None:
    for run, leads in (("b", 10), ("a", 20)):
        apply(ledger, run, leads=leads, kept=[["1", "list_hot", None, run]])
    assert ledger.applied_runs.rows_met("leads.csv") == 20
    assert ledger.applied_runs.kept(["1"]) == {"list_hot": {"1": (None, "a")}}
