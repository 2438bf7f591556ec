"""What the ledger knows of leads from applied runs: no other run counts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from lustrum.engine.given import KEYED_PARKED
from lustrum.files.locations import located, noted
from lustrum.running.journal.database import select_by
from lustrum.running.journal.past_runs import PastRuns

_APPLIED = "JOIN runs USING (run) WHERE status = 'applied' AND lead IN {values}"
_NOTES = ("effects", "qualifications", "kept", "parked", "consumed")
_IN_ORDER = "ORDER BY started, runs.rowid"
_OVER = """
    SELECT 1 FROM effects JOIN runs AS later USING (run)
    WHERE effects.lead = parked.lead AND effects.effect = parked.effect
    AND later.status = 'applied' AND (later.started, later.rowid) > (runs.started, runs.rowid)
"""


Cells = tuple[str | None, str | None]
"""The text of a cell before and after a run."""


class AppliedRuns:
    """What applied runs have left behind, looked up by the keys of leads.

    A source is known wherever the project's folder is: runs note it as `noted` tells, or, long ago, by its whole path.
    """

    def __init__(self, connection: sqlite3.Connection, root: Path) -> None:
        self._connection = connection
        self._root = root

    def effects(self, leads: Sequence[str]) -> dict[str, datetime]:
        """Give the effects of some leads by key, with the last time each happened."""
        return {effect: happened for _, effect, happened in self._latest("effects", "effect", leads)}

    def qualifications(self, leads: Sequence[str]) -> dict[tuple[str, str], datetime]:
        """Give when some leads last went through a campaign, by (campaign, lead)."""
        return {(campaign, lead): when for lead, campaign, when in self._latest("qualifications", "campaign", leads)}

    def kept(self, leads: Sequence[str]) -> Mapping[str, Mapping[str, Cells]]:
        """Give what the source does not have of some leads, by field and lead: its text then, and the latest run's."""
        found: dict[str, dict[str, Cells]] = {}
        for lead, field, before, after in self._rows("SELECT lead, field, before, after FROM kept", leads, _IN_ORDER):
            found.setdefault(field, {})[lead] = before, after
        return found

    def noted_since(self, run: str) -> list[str]:
        """Name the leads of which runs have noted something that were applied after a run, over whatever source."""
        later = "(started, runs.rowid) > (SELECT started, rowid FROM runs WHERE run = ?)"
        query = " UNION ".join(
            f"SELECT lead FROM {table} JOIN runs USING (run) WHERE status = 'applied' AND {later}"  # noqa: S608  # our own names
            for table in _NOTES
        )
        return [str(lead) for (lead,) in self._connection.execute(query, [run] * len(_NOTES))]

    def parked(self, leads: Sequence[str]) -> pl.DataFrame:
        """Give the waits that some leads have not passed yet: `key`, `path`, `effect`, `due`, `activity`.

        A wait is over when a later run noted the effect of passing it.
        """
        query = "SELECT lead, path, effect, due, activity FROM parked"
        still = f"AND NOT EXISTS ({_OVER}) {_IN_ORDER}, parked.rowid"
        rows = [
            (lead, path, effect, datetime.fromisoformat(due), activity)
            for lead, path, effect, due, activity in self._rows(query, leads, still)
        ]
        found = pl.DataFrame(rows, schema=dict(KEYED_PARKED), orient="row")
        return found.unique(["key", "path", "effect", "activity"], keep="last", maintain_order=True)

    def consumed(self, leads: Sequence[str]) -> frozenset[tuple[str, str]]:
        """Give the activities of some leads that trigger campaigns took, as (campaign, activity)."""
        rows = self._rows("SELECT campaign, activity FROM consumed", leads)
        return frozenset((campaign, activity) for campaign, activity in rows)

    def runs(self) -> Iterator[tuple[str, datetime, bool]]:
        """Give every run there is: its id, its start, and whether its leads went back to where they came from."""
        query = f"SELECT run, started, in_place FROM runs WHERE status = 'applied' {_IN_ORDER}"  # noqa: S608  # our own names
        for run, started, in_place in self._connection.execute(query):
            yield run, datetime.fromisoformat(started).astimezone(UTC), bool(in_place)

    def batches(self) -> Iterator[tuple[str, int]]:
        """Give every batch there is: run, number."""
        query = "SELECT run, number FROM batches JOIN runs USING (run) WHERE status = 'applied'"
        yield from self._connection.execute(f"{query} {_IN_ORDER}, number")

    def rows_met(self, source: str) -> int | None:
        """Give how many leads the last run over a source met, those beyond its `--limit` included."""
        met = "(SELECT coalesce(sum(leads), 0) FROM batches WHERE batches.run = runs.run AND origin IS NULL)"
        beyond = "coalesce(json_extract(summary, '$.beyond_limit'), 0)"
        return next((int(rows) for (rows,) in self._of(source, f"{met} + {beyond}", 1)), None)

    def sources(self) -> list[str]:
        """Name the sources of applied runs, that of the latest first."""
        query = "SELECT source FROM runs WHERE status = 'applied' GROUP BY source ORDER BY max(started) DESC"
        sources = (located(self._root, source) for (source,) in self._connection.execute(query))
        return list(dict.fromkeys(sources))

    def over(self, source: str) -> list[tuple[str, datetime]]:
        """Give the applied runs over a source with their start, the latest first."""
        return [(run, datetime.fromisoformat(start)) for run, start in self._of(source, "run, started")]

    def last(self, source: str) -> str | None:
        """Name the last applied run over a source."""
        return next((str(run) for (run,) in self._of(source, "run", 1)), None)

    def past(self, source: str, last: int) -> PastRuns:
        """Give what guards ask of the last runs over a source."""
        figures = tuple(json.loads(summary) for (summary,) in self._of(source, "summary", last))
        columns = tuple(figures[0].get("columns", ())) if figures else ()
        return PastRuns(self.rows_met(source), columns, figures)

    def _of(self, source: str, columns: str, last: int = -1) -> list[tuple[Any, ...]]:
        """Give columns of the last applied runs over a source, the latest first."""
        known = "WHERE status = 'applied' AND source IN (?, ?) ORDER BY started DESC, rowid DESC LIMIT ?"
        query = f"SELECT {columns} FROM runs {known}"  # noqa: S608  # our own names
        return self._connection.execute(query, [source, noted(self._root, source), last]).fetchall()

    def _latest(self, table: str, column: str, leads: Sequence[str]) -> Iterator[tuple[str, str, datetime]]:
        query = f"SELECT lead, {column}, max(happened) FROM {table}"  # noqa: S608  # our own names
        for lead, name, happened in self._rows(query, leads, f"GROUP BY lead, {column}"):
            yield lead, name, datetime.fromisoformat(happened)

    def _rows(self, query: str, leads: Sequence[str], rest: str = "") -> Iterator[tuple[str, ...]]:
        return select_by(self._connection, f"{query} {_APPLIED} {rest}", leads)
