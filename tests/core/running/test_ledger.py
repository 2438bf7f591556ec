"""The ledger: runs, batches, and what counts of them."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lustrum.running.ledger import Ledger, RunRecord

START = datetime(2026, 1, 31, 3, tzinfo=UTC)
LATER = datetime(2026, 2, 1, 3, tzinfo=UTC)


def record(run: str, started: datetime = START, source: str = "leads.csv") -> RunRecord:
    return RunRecord(run, started, ("nightly",), "plan", source, "print", 700)


def effect(lead: str, key: str, at: datetime = START) -> list[str]:
    return [lead, key, "moment", at.isoformat()]


def test_a_run_is_known_from_its_start(ledger: Ledger) -> None:
    assert ledger.status("r1") is None
    assert ledger.run("r1") is None
    ledger.begin(record("r1"))
    assert ledger.status("r1") == "running"
    assert ledger.run("r1") == {
        "run": "r1",
        "started": "2026-01-31T03:00:00+00:00",
        "status": "running",
        "campaigns": '["nightly"]',
        "plan": "plan",
        "source": "leads.csv",
        "fingerprint": "print",
        "batch_size": 700,
        "summary": "{}",
    }


def test_a_run_ends_with_a_status_and_a_summary(ledger: Ledger) -> None:
    ledger.begin(record("r1"))
    ledger.end("r1", "applied", {"leads": 5, "at": START})
    known: dict[str, Any] = ledger.run("r1") or {}
    assert (known["status"], known["summary"]) == ("applied", '{"leads": 5, "at": "2026-01-31 03:00:00+00:00"}')


def test_runs_are_listed_by_their_start(ledger: Ledger) -> None:
    for run, started in (("b", LATER), ("c", START), ("a", START)):
        ledger.begin(record(run, started))
    assert ledger.runs() == ["c", "a", "b"]


def test_batches_are_given_in_order(ledger: Ledger) -> None:
    ledger.begin(record("r1"))
    for number, leads in ((1, 300), (0, 700)):
        ledger.commit("r1", number, (leads, 2), [], [])
    assert ledger.batches("r1") == [(0, 700), (1, 300)]
    assert ledger.batches("r2") == []


@pytest.mark.parametrize("status", ["running", "dry", "stopped", "aborted", "interrupted", "broken"])
def test_effects_and_qualifications_count_only_from_applied_runs(ledger: Ledger, status: str) -> None:
    ledger.begin(record("r1"))
    ledger.commit("r1", 0, (1, 0), [effect("1", "a")], [["1", "nightly", START.isoformat()]])
    if status != "running":
        ledger.end("r1", status, {})
    assert (ledger.effects_of(["1"]), ledger.qualifications_of(["1"])) == ({}, {})
    ledger.end("r1", "applied", {})
    assert ledger.effects_of(["1"]) == {"a": START}
    assert ledger.qualifications_of(["1"]) == {("nightly", "1"): START}


def test_only_the_asked_leads_are_looked_up(ledger: Ledger) -> None:
    ledger.begin(record("r1"))
    ledger.commit("r1", 0, (2, 0), [effect("1", "a"), effect("2", "b")], [])
    ledger.end("r1", "applied", {})
    assert ledger.effects_of(["2", "'; DROP TABLE runs; --"]) == {"b": START}
    assert ledger.effects_of([]) == {}


def test_the_last_time_counts(ledger: Ledger) -> None:
    for run, at in (("r2", LATER), ("r1", START)):
        ledger.begin(record(run, at))
        ledger.commit(run, 0, (1, 0), [effect("1", "a", at)], [["1", "nightly", at.isoformat()]])
        ledger.end(run, "applied", {})
    assert ledger.effects_of(["1"]) == {"a": LATER}
    assert ledger.qualifications_of(["1"]) == {("nightly", "1"): LATER}


def test_a_batch_is_noted_whole_or_not_at_all(ledger: Ledger) -> None:
    ledger.begin(record("r1"))
    with pytest.raises(sqlite3.IntegrityError):
        ledger.commit("r1", 0, (1, 0), [effect("1", "a"), effect("1", "a")], [])
    assert ledger.batches("r1") == []
    ledger.commit("r1", 0, (1, 0), [effect("1", "a")], [])
    assert ledger.batches("r1") == [(0, 1)]


def test_a_batch_belongs_to_a_known_run(ledger: Ledger) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        ledger.commit("r1", 0, (1, 0), [], [])


def test_the_last_row_count_is_of_the_latest_applied_run_over_that_source(ledger: Ledger) -> None:
    assert ledger.last_row_count("leads.csv") is None
    runs = [("r3", LATER, "leads.csv", 30), ("r1", START, "leads.csv", 10), ("r4", LATER, "other.csv", 40)]
    for run, at, source, leads in runs:
        ledger.begin(record(run, at, source))
        ledger.commit(run, 0, (leads, 0), [], [])
        ledger.commit(run, 1, (5, 0), [], [])
        ledger.end(run, "applied", {})
    ledger.begin(record("r5", LATER))
    ledger.commit("r5", 0, (50, 0), [], [])
    ledger.end("r5", "stopped", {})
    assert (ledger.last_row_count("leads.csv"), ledger.last_row_count("other.csv")) == (35, 45)


def test_of_two_runs_of_one_start_the_one_begun_last_counts(ledger: Ledger) -> None:
    for run, leads in (("b", 10), ("a", 20)):
        ledger.begin(record(run))
        ledger.commit(run, 0, (leads, 0), [], [])
        ledger.end(run, "applied", {})
    assert ledger.last_row_count("leads.csv") == 20


def test_answers_of_calls_are_kept_by_run(ledger: Ledger) -> None:
    for run in ("r1", "r2"):
        ledger.begin(record(run))
    ledger.keep_answer("r1", "key", "yes")
    assert [ledger.answer("r1", "key"), ledger.answer("r1", "other"), ledger.answer("r2", "key")] == ["yes", None, None]


def test_the_ledger_lasts(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with Ledger(path) as first:
        first.begin(record("r1"))
    with Ledger(path) as again:
        assert again.runs() == ["r1"]


def test_a_closed_ledger_answers_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite3") as closed:
        pass
    with pytest.raises(sqlite3.ProgrammingError):
        closed.runs()
