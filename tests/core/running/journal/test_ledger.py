"""The ledger: runs, batches, calls, and that what an older one knows is not lost."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lustrum.files.locations import located
from lustrum.running.journal.ledger import Ledger
from lustrum.running.journal.ledger_tables import FORMATS
from lustrum.running.journal.records import BatchRecord, RunRecord
from lustrum.words.errors import UsageError

START = datetime(2026, 1, 31, 3, tzinfo=UTC)
LATER = datetime(2026, 2, 1, 3, tzinfo=UTC)


def record(run: str, started: datetime = START) -> RunRecord:
    return RunRecord(
        run, started, ("nightly",), "plan", "/crm/leads.csv", "print", 700, {"region": "IT"}, in_place=True
    )


def test_a_source_of_the_project_is_known_wherever_the_project_is(tmp_path: Path) -> None:
    sources = ("in/leads.csv", "sqlite://./crm.db#leads")
    (tmp_path / "here" / ".lustrum").mkdir(parents=True)
    (tmp_path / "there").mkdir()
    with Ledger(tmp_path / "here" / ".lustrum" / "ledger.sqlite3") as ledger:
        for number, source in enumerate(sources):
            whole = located(tmp_path / "here", source)
            ledger.begin(replace(record(f"r{number}"), source=whole))
            ledger.end(f"r{number}", "applied", {})
            assert (ledger.run(f"r{number}") or {})["source"] == whole
    (tmp_path / "here" / ".lustrum").rename(tmp_path / "there" / ".lustrum")
    with Ledger(tmp_path / "there" / ".lustrum" / "ledger.sqlite3") as ledger:
        for number, source in enumerate(sources):
            whole = located(tmp_path / "there", source)
            assert (ledger.run(f"r{number}") or {})["source"] == whole
            assert ledger.applied_runs.last(whole) == f"r{number}"
        assert sorted(ledger.applied_runs.sources()) == sorted(located(tmp_path / "there", each) for each in sources)


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
        "source": "/crm/leads.csv",
        "fingerprint": "print",
        "batch_size": 700,
        "summary": "{}",
        "tokens": '{"region": "IT"}',
        "in_place": 1,
        "options": "{}",
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


def test_batches_are_given_in_order_further_ones_by_the_batch_they_come_from(ledger: Ledger) -> None:
    ledger.begin(record("r1"))
    for number, leads, origin in ((1, 300, None), (0, 700, None), (4, 1, 0), (2, 5, 1), (3, 2, 0)):
        ledger.commit("r1", BatchRecord(number, leads, 2, origin))
    assert (ledger.batches("r1"), ledger.further_batches("r1")) == ([(0, 700), (1, 300)], {1: [2], 0: [3, 4]})
    assert (ledger.batches("r2"), ledger.further_batches("r2")) == ([], {})


def test_a_batch_is_noted_whole_or_not_at_all(ledger: Ledger) -> None:
    ledger.begin(record("r1"))
    effects = [["1", "a", "moment", START.isoformat()]]
    with pytest.raises(sqlite3.IntegrityError):
        ledger.commit("r1", BatchRecord(0, 1, effects=effects, kept=[["1", "list_hot", None, "true"]] * 2))
    assert ledger.batches("r1") == []
    ledger.commit("r1", BatchRecord(0, 1, effects=effects))
    assert ledger.batches("r1") == [(0, 1)]


def test_a_batch_belongs_to_a_known_run(ledger: Ledger) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        ledger.commit("r1", BatchRecord(0, 1))


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


def test_a_ledger_of_the_first_format_keeps_what_it_knows(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with sqlite3.connect(path) as old:
        old.executescript(FORMATS[0])
        old.execute(
            "INSERT INTO runs VALUES ('r1', ?, 'applied', '[]', '', 'leads.csv', '', 9, '{}')", [START.isoformat()]
        )
        old.execute("INSERT INTO batches VALUES ('r1', 0, 7, 1)")
        old.execute("INSERT INTO effects VALUES ('r1', '1', 'a', 'moment', ?)", [START.isoformat()])
        old.execute("PRAGMA user_version = 1")
    old.close()
    for _ in range(2):
        with Ledger(path) as ledger:
            assert (ledger.batches("r1"), ledger.applied_runs.rows_met("leads.csv")) == ([(0, 7)], 7)
            assert ledger.applied_runs.effects(["1"]) == {"a": START}
            assert (ledger.run("r1") or {})["tokens"] == "{}"
            assert ledger.applied_runs.kept(["1"]) == {}


def test_a_ledger_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {len(FORMATS) + 1}")
    newer.close()
    with pytest.raises(UsageError, match="written by a newer lustrum"):
        Ledger(path)
