"""The ledger: which runs there were, their batches, and the effects and qualifications that count.

One SQLite file, `.lustrum/ledger.sqlite3`. The bulk of a run lies beside it as Parquet (`lustrum.running.journal`).
Effects and qualifications count only from runs whose status is `applied`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lustrum.words.errors import UsageError

VERSION = 1
RUNNING, APPLYING, APPLIED, BROKEN = "running", "applying", "applied", "broken"
_AT_ONCE = 10_000
_SCHEMA = """
CREATE TABLE runs (
    run TEXT PRIMARY KEY,
    started TEXT NOT NULL,
    status TEXT NOT NULL,
    campaigns TEXT NOT NULL,
    plan TEXT NOT NULL,
    source TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    batch_size INTEGER NOT NULL,
    summary TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE TABLE batches (
    run TEXT NOT NULL REFERENCES runs,
    number INTEGER NOT NULL,
    leads INTEGER NOT NULL,
    rejects INTEGER NOT NULL,
    PRIMARY KEY (run, number)
) STRICT;
CREATE TABLE effects (
    run TEXT NOT NULL REFERENCES runs,
    lead TEXT NOT NULL,
    effect TEXT NOT NULL,
    kind TEXT NOT NULL,
    happened TEXT NOT NULL,
    PRIMARY KEY (lead, effect, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE written (
    run TEXT NOT NULL REFERENCES runs,
    lead TEXT NOT NULL,
    effect TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (lead, effect, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE calls (
    run TEXT NOT NULL REFERENCES runs,
    key TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE qualifications (
    run TEXT NOT NULL REFERENCES runs,
    lead TEXT NOT NULL,
    campaign TEXT NOT NULL,
    happened TEXT NOT NULL,
    PRIMARY KEY (lead, campaign, run)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What the ledger knows of a run from its start."""

    run: str
    started: datetime
    campaigns: tuple[str, ...]
    plan: str
    source: str
    fingerprint: str
    batch_size: int


class Ledger:
    """The ledger of one project; use as a context manager."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._make_tables()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _make_tables(self) -> None:
        """Make the tables at first use; two that come at once make them once."""
        with self._transaction():
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise UsageError(f"the journal was written by a newer lustrum (format {version}); update this one")
            if not version:
                for statement in _SCHEMA.split(";"):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {VERSION}")

    def status(self, run: str) -> str | None:
        """Give the status of a run, or None if there was none of that id."""
        row = self._connection.execute("SELECT status FROM runs WHERE run = ?", [run]).fetchone()
        return str(row[0]) if row else None

    def begin(self, record: RunRecord) -> None:
        """Note a run before its first batch."""
        values = [
            record.run,
            record.started.astimezone(UTC).isoformat(),
            RUNNING,
            json.dumps(record.campaigns),
            record.plan,
            record.source,
            record.fingerprint,
            record.batch_size,
        ]
        self._connection.execute(f"INSERT INTO runs VALUES ({', '.join('?' * 8)}, '{{}}')", values)  # noqa: S608  # question marks only

    def end(self, run: str, status: str, summary: Mapping[str, Any]) -> None:
        """Note how a run ended; from `applied` on its effects and qualifications count."""
        values = [status, json.dumps(summary, default=str), run]
        self._connection.execute("UPDATE runs SET status = ?, summary = ? WHERE run = ?", values)

    def unfinished(self) -> list[tuple[str, dict[str, Any]]]:
        """Give the runs that ended while their leads were getting their name, with what was noted of them."""
        rows = self._connection.execute("SELECT run, summary FROM runs WHERE status = ?", [APPLYING]).fetchall()
        return [(run, json.loads(note)) for run, note in rows]

    def commit(
        self,
        run: str,
        number: int,
        counts: tuple[int, int],
        effects: Iterable[Sequence[str]],
        qualifications: Iterable[Sequence[str]],
        written: Iterable[Sequence[str | None]] = (),
    ) -> None:
        """Note a batch at once: leads and rejects, effects (lead, effect, kind, when), qualifications (lead, campaign,
        when), and what effects wrote (lead, effect, before, after).
        """
        with self._transaction():
            self._connection.execute("INSERT INTO batches VALUES (?, ?, ?, ?)", [run, number, *counts])
            self._connection.executemany("INSERT INTO effects VALUES (?, ?, ?, ?, ?)", ([run, *row] for row in effects))
            self._connection.executemany("INSERT INTO written VALUES (?, ?, ?, ?, ?)", ([run, *row] for row in written))
            rows = ([run, *row] for row in qualifications)
            self._connection.executemany("INSERT INTO qualifications VALUES (?, ?, ?, ?)", rows)

    def effects_of(self, leads: Sequence[str]) -> dict[str, datetime]:
        """Give the effects of some leads that count, by key, with the last time each happened."""
        found = self._of_leads("effects", "effect", leads)
        return {effect: happened for _, effect, happened in found}

    def written_of(self, leads: Sequence[str]) -> dict[str, tuple[str | None, str | None]]:
        """Give what the effects of some leads that count wrote, by key: the cell's text before and after."""
        query = "SELECT effect, before, after FROM written JOIN runs USING (run) WHERE status = 'applied' AND lead IN "
        found: dict[str, tuple[str | None, str | None]] = {}
        for start in range(0, len(leads), _AT_ONCE):
            some = leads[start : start + _AT_ONCE]
            rows = self._connection.execute(f"{query} ({', '.join('?' * len(some))}) ORDER BY started", some)
            found |= {effect: (before, after) for effect, before, after in rows}
        return found

    def qualifications_of(self, leads: Sequence[str]) -> dict[tuple[str, str], datetime]:
        """Give when some leads last went through a campaign, by (campaign, lead), from applied runs."""
        return {(campaign, lead): when for lead, campaign, when in self._of_leads("qualifications", "campaign", leads)}

    def _of_leads(self, table: str, column: str, leads: Sequence[str]) -> Iterator[tuple[str, str, datetime]]:
        for start in range(0, len(leads), _AT_ONCE):
            some = leads[start : start + _AT_ONCE]
            query = (
                f"SELECT lead, {column}, max(happened) FROM {table} JOIN runs USING (run) "  # noqa: S608  # our own names
                f"WHERE status = 'applied' AND lead IN ({', '.join('?' * len(some))}) GROUP BY lead, {column}"
            )
            for lead, name, happened in self._connection.execute(query, some):
                yield lead, name, datetime.fromisoformat(happened)

    def answer(self, run: str, key: str) -> str | None:
        """Give the kept answer of an outside call of a run, or None."""
        query = "SELECT answer FROM calls WHERE run = ? AND key = ?"
        row = self._connection.execute(query, [run, key]).fetchone()
        return str(row[0]) if row else None

    def keep_answer(self, run: str, key: str, answer: str) -> None:
        """Keep the answer of an outside call."""
        self._connection.execute("INSERT OR REPLACE INTO calls VALUES (?, ?, ?)", [run, key, answer])

    def batches(self, run: str) -> list[tuple[int, int]]:
        """Give the batches of a run in order: number and leads."""
        query = "SELECT number, leads FROM batches WHERE run = ? ORDER BY number"
        return self._connection.execute(query, [run]).fetchall()

    def run(self, run: str) -> dict[str, Any] | None:
        """Give what is known of a run, or None."""
        cursor = self._connection.execute("SELECT * FROM runs WHERE run = ?", [run])
        row = cursor.fetchone()
        return dict(zip([column[0] for column in cursor.description], row, strict=True)) if row else None

    def runs(self) -> list[str]:
        """Name all runs, the latest last."""
        return [run for (run,) in self._connection.execute("SELECT run FROM runs ORDER BY started, rowid")]

    def last_row_count(self, source: str) -> int | None:
        """Give how many leads the last applied run over a source met, those beyond its `--limit` included."""
        query = (
            "SELECT (SELECT coalesce(sum(leads), 0) FROM batches WHERE batches.run = runs.run) "
            "+ coalesce(json_extract(summary, '$.beyond_limit'), 0) FROM runs "
            "WHERE status = 'applied' AND source = ? ORDER BY started DESC, rowid DESC LIMIT 1"
        )
        row = self._connection.execute(query, [source]).fetchone()
        return int(row[0]) if row else None

    @contextmanager
    def _transaction(self) -> Generator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")
