"""The ledger: which runs there were, their batches, and what counts of them once they are applied.

One SQLite file, `.lustrum/ledger.sqlite3`. The bulk of a run lies beside it as Parquet (`.journal`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from lustrum.files.locations import located, noted
from lustrum.running.journal.applied_runs import AppliedRuns
from lustrum.running.journal.database import open_database, open_to_read, transaction
from lustrum.running.journal.ledger_tables import make_tables
from lustrum.running.journal.records import BatchRecord, KeptAnswer, Notes, RunRecord

RUNNING, APPLYING, APPLIED, BROKEN = "running", "applying", "applied", "broken"
UNDONE, UNDO = "undone", "undo"
_INSERTS: Mapping[str, str] = {
    "effects": "INSERT INTO effects VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET happened = max(happened, excluded.happened)",
    "qualifications": "INSERT INTO qualifications VALUES (?, ?, ?, ?)",
    "kept": "INSERT INTO kept VALUES (?, ?, ?, ?, ?)",
    "parked": "INSERT INTO parked VALUES (?, ?, ?, ?, ?, ?)",
    "consumed": "INSERT OR IGNORE INTO consumed VALUES (?, ?, ?, ?)",
}
"""How the notes of a batch are kept. An effect that may happen again can do so within a run: its last time counts."""

TABLES = tuple(_INSERTS)
"""The tables that have the notes of batches."""


class Ledger:
    """The ledger of one project; use as a context manager. `applied_runs` is what counts."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.root = path.parent.parent
        self._connection = open_to_read(path) if read_only else open_database(path)
        if not read_only:
            make_tables(self._connection)
        self.applied_runs = AppliedRuns(self._connection, self.root)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def status(self, run: str) -> str | None:
        """Give the status of a run, or None if there was none of that id."""
        row = self._connection.execute("SELECT status FROM runs WHERE run = ?", [run]).fetchone()
        return str(row[0]) if row else None

    def begin(self, record: RunRecord) -> None:
        """Note a run before its first batch."""
        values = {
            "run": record.run,
            "started": record.started.astimezone(UTC).isoformat(),
            "status": RUNNING,
            "campaigns": json.dumps(record.campaigns),
            "plan": record.plan,
            "source": noted(self.root, record.source),
            "fingerprint": record.fingerprint,
            "batch_size": record.batch_size,
            "in_place": record.in_place,
            "tokens": json.dumps(dict(sorted(record.tokens.items()))),
            "options": json.dumps(record.options),
        }
        marks = ", ".join(f":{name}" for name in values)
        self._connection.execute(f"INSERT INTO runs ({', '.join(values)}) VALUES ({marks})", values)  # noqa: S608  # our own names

    def end(self, run: str, status: str, summary: Mapping[str, Any]) -> None:
        """Note how a run ended; from `applied` on its effects and qualifications count."""
        values = [status, json.dumps(summary, default=str), run]
        self._connection.execute("UPDATE runs SET status = ?, summary = ? WHERE run = ?", values)

    def unfinished(self) -> list[tuple[str, dict[str, Any]]]:
        """Give the runs that ended while their leads were getting their name, with what was noted of them."""
        rows = self._connection.execute("SELECT run, summary FROM runs WHERE status = ?", [APPLYING]).fetchall()
        return [(run, json.loads(note)) for run, note in rows]

    def commit(self, run: str, record: BatchRecord) -> None:
        """Note a batch, all of it at once."""
        values = [run, record.number, record.leads, record.rejects, record.origin, json.dumps(record.figures)]
        with transaction(self._connection):
            self._connection.execute("INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?)", values)
            for table, statement in _INSERTS.items():
                rows: Notes = getattr(record, table)
                self._connection.executemany(statement, ([run, *row] for row in rows))

    def answer(self, run: str, key: str) -> str | None:
        """Give the kept answer of an outside call of a run, or None."""
        query = "SELECT answer FROM calls WHERE run = ? AND key = ?"
        row = self._connection.execute(query, [run, key]).fetchone()
        return str(row[0]) if row else None

    def latest_answer(self, run: str, key: str) -> KeptAnswer | None:
        """Give what an outside call was last answered, in this run or another, or None."""
        query = (
            "SELECT answer, started FROM calls JOIN runs USING (run) WHERE key = ? ORDER BY run = ? DESC, started DESC"
        )
        row = self._connection.execute(query, [key, run]).fetchone()
        return KeptAnswer(str(row[0]), self._started(run) - datetime.fromisoformat(row[1])) if row else None

    def _started(self, run: str) -> datetime:
        row = self._connection.execute("SELECT started FROM runs WHERE run = ?", [run]).fetchone()
        return datetime.fromisoformat(row[0])

    def keep_answer(self, run: str, key: str, answer: str) -> None:
        """Keep the answer of an outside call."""
        self._connection.execute("INSERT OR REPLACE INTO calls VALUES (?, ?, ?)", [run, key, answer])

    def note_asked(self, run: str, provider: str) -> None:
        """Note that a provider is about to be called once more."""
        query = "INSERT INTO asked VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET calls = calls + 1"
        self._connection.execute(query, [run, provider])

    def asked(self, run: str, provider: str) -> int:
        """Give how often a run has called a provider."""
        query = "SELECT calls FROM asked WHERE run = ? AND provider = ?"
        row = self._connection.execute(query, [run, provider]).fetchone()
        return int(row[0]) if row else 0

    def figures(self, run: str) -> dict[int, tuple[int | None, dict[str, Any]]]:
        """Give what every batch of a run added to its figures, by number, with the batch its leads came from."""
        query = "SELECT number, origin, figures FROM batches WHERE run = ? ORDER BY number"
        rows = self._connection.execute(query, [run])
        return {number: (origin, json.loads(figures)) for number, origin, figures in rows}

    def undo(self, run: str, record: RunRecord, summary: Mapping[str, Any]) -> None:
        """Note that a run was taken back, by a run of its own: from now on nothing of it counts."""
        with transaction(self._connection):
            self.begin(record)
            self.end(record.run, UNDO, summary)
            self._connection.execute("UPDATE runs SET status = ? WHERE run = ?", [UNDONE, run])

    def note_pruned(self, run: str) -> None:
        """Note that the details of a run are gone."""
        query = "UPDATE runs SET summary = json_set(summary, '$.pruned', json('true')) WHERE run = ?"
        self._connection.execute(query, [run])

    def withdraw(self, run: str, effects: Iterable[Sequence[str]]) -> None:
        """Let effects of a run count no longer: (lead, effect)."""
        with transaction(self._connection):
            query = "DELETE FROM effects WHERE run = ? AND lead = ? AND effect = ?"
            self._connection.executemany(query, ([run, *row] for row in effects))

    def forget_kept(self, run: str, cells: Iterable[Sequence[str]]) -> None:
        """Let cells that a run kept count no longer: (lead, field)."""
        with transaction(self._connection):
            query = "DELETE FROM kept WHERE run = ? AND lead = ? AND field = ?"
            self._connection.executemany(query, ([run, *row] for row in cells))

    def effects_named(self, run: str, effects: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
        """Give those of some effects (lead, effect) of a run that count: lead, effect, kind, when."""
        query = "SELECT lead, effect, kind, happened FROM effects WHERE run = ? AND lead = ? AND effect = ?"
        return [found for row in effects for found in self._connection.execute(query, [run, *row])]

    def kept_named(self, run: str, cells: Iterable[Sequence[str]]) -> list[tuple[str | None, ...]]:
        """Give those of some cells (lead, field) that a run kept and that count: lead, field, before, after."""
        query = "SELECT lead, field, before, after FROM kept WHERE run = ? AND lead = ? AND field = ?"
        return [found for row in cells for found in self._connection.execute(query, [run, *row])]

    def reinstate(self, effects: Iterable[Sequence[str]], kept: Iterable[Sequence[str | None]]) -> None:
        """Let effects (run, lead, effect, kind, when) and kept cells (run, lead, field, before, after) count again."""
        with transaction(self._connection):
            self._connection.executemany("INSERT OR REPLACE INTO effects VALUES (?, ?, ?, ?, ?)", effects)
            self._connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?)", kept)

    def forget(self, lead: str, texts: Iterable[str]) -> tuple[int, int]:
        """Remove all that is known of a lead; count its rows, and the kept answers that had its texts."""
        connection, sought = self._connection, sorted(texts)
        connection.execute("PRAGMA secure_delete = ON")
        with transaction(connection):
            tables = ("effects", "qualifications", "kept", "parked", "consumed")
            queries = [f"DELETE FROM {table} WHERE lead = ?" for table in tables]  # noqa: S608  # our own names
            rows = sum(connection.execute(query, [lead]).rowcount for query in queries)
            query = "DELETE FROM calls WHERE instr(key, ?) OR instr(answer, ?)"
            answers = sum(connection.execute(query, [text, text]).rowcount for text in sought)
            for run, summary in connection.execute("SELECT run, summary FROM runs").fetchall():
                told = without(json.loads(summary), sought)
                connection.execute("UPDATE runs SET summary = ? WHERE run = ?", [json.dumps(told), run])
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return rows, answers

    def note_forgotten(self, mark: str, at: datetime, rows: int) -> None:
        """Note that all that was known of a lead is gone, by its mark."""
        self._connection.execute("INSERT OR REPLACE INTO forgotten VALUES (?, ?, ?)", [mark, at.isoformat(), rows])

    def effects_of(self, run: str) -> dict[str, int]:
        """Count the effects of a run by kind."""
        query = "SELECT kind, count(*) FROM effects WHERE run = ? GROUP BY kind ORDER BY kind"
        return dict(self._connection.execute(query, [run]).fetchall())

    def calls_of(self, run: str) -> int:
        """Count the outside calls of a run that were answered."""
        return int(self._connection.execute("SELECT count(*) FROM calls WHERE run = ?", [run]).fetchone()[0])

    def batches(self, run: str) -> list[tuple[int, int]]:
        """Give the batches of a run in order, number and leads, those left out whose leads come from another one."""
        query = "SELECT number, leads FROM batches WHERE run = ? AND origin IS NULL ORDER BY number"
        return self._connection.execute(query, [run]).fetchall()

    def further_batches(self, run: str) -> dict[int, list[int]]:
        """Give the numbers of the further batches of a run, by the batch their leads come from."""
        query = "SELECT origin, number FROM batches WHERE run = ? AND origin IS NOT NULL ORDER BY number"
        found: dict[int, list[int]] = {}
        for origin, number in self._connection.execute(query, [run]):
            found.setdefault(origin, []).append(number)
        return found

    def run(self, run: str) -> dict[str, Any] | None:
        """Give what is known of a run, or None."""
        cursor = self._connection.execute("SELECT * FROM runs WHERE run = ?", [run])
        row = cursor.fetchone()
        if row is None:
            return None
        found = dict(zip([column[0] for column in cursor.description], row, strict=True))
        return {**found, "source": located(self.root, found["source"])}

    def applied(self, *, before_the_last: int) -> list[str]:
        """Name the applied runs before the last so many, the latest first."""
        query = "SELECT run FROM runs WHERE status = 'applied' ORDER BY started DESC, rowid DESC LIMIT -1 OFFSET ?"
        return [run for (run,) in self._connection.execute(query, [before_the_last])]

    def runs(self) -> list[str]:
        """Name all runs, the latest last."""
        return [run for (run,) in self._connection.execute("SELECT run FROM runs ORDER BY started, rowid")]


def without(told: Any, texts: Sequence[str]) -> Any:
    """Give plain data in which some texts are no longer told, the longest first.

    >>> without({"raised_at": ["x.py:3: ann@acme.example is odd"], "leads": 3}, ["ann@acme.example"])
    {'raised_at': ['x.py:3: … is odd'], 'leads': 3}
    """
    if isinstance(told, str):
        for text in sorted(texts, key=len, reverse=True):
            told = told.replace(text, "…")
        return told
    if isinstance(told, list):
        return [without(each, texts) for each in cast("Sequence[Any]", told)]
    if isinstance(told, dict):
        return {name: without(each, texts) for name, each in cast("dict[str, Any]", told).items()}
    return told
