"""Sparing a run the leads that are as they were: their cells get what the last applied run wrote, from its journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from lustrum.engine.columns import shaped
from lustrum.engine.given import Batch
from lustrum.engine.result import BY_ROW, Result
from lustrum.running.journal.seen import SEEN_SCHEMA, Reading, digest
from lustrum.running.journal.trails import Replay
from lustrum.running.last_run import LastRun


@dataclass(frozen=True, slots=True)
class Incremental:
    """Takes batches through, sparing leads; without a `last` run, or with `full`, it spares none.

    A lead is spared that comes as it came when it last went through and left nothing in its history: it would become
    the same again. What was found under other rules, or longer ago than it `holds`, does not count. With
    `only_quarantined` just the leads go through that the last run left in quarantine, whatever has changed in the
    project, and those that are neither as they came nor as they became.
    """

    reading: Reading
    start: datetime
    last: LastRun | None = None
    holds: timedelta | None = None
    only_quarantined: bool = False

    def take(
        self, batch: Batch, execute: Callable[[Batch], Result], number: int
    ) -> tuple[Result, pl.DataFrame, Replay]:
        """Give the result for the leads of a batch that are due, what is to be remembered of all, and of the others.

        That is laid out as `SEEN_SCHEMA`; the result speaks of leads by their rows in the batch, which is the run's
        `number`th.
        """
        kept = self._kept(batch, number)
        if kept is None or kept.is_empty():
            result = execute(batch)
            return result, self.seen(batch, result), Replay.nothing()
        rows = pl.int_range(batch.height, dtype=pl.UInt32, eager=True)
        is_due = pl.Series([True]).new_from_index(0, batch.height).scatter(kept["row"], False)
        due = rows.filter(is_due)
        left = batch.gather(due)
        result = execute(left)
        spared, replay = self._replayed(kept, batch)
        seen = pl.concat([_placed(self.seen(left, result), due), spared]).sort("row")
        return _widened(result, due, batch.keys), seen, replay

    def seen(self, batch: Batch, result: Result) -> pl.DataFrame:
        """Give what is to be remembered of the leads of a batch that has gone through."""
        told = self.reading.seen(batch, result)
        given = {"since": self.start, "under": self.reading.under}
        return shaped(told, SEEN_SCHEMA, given)

    def _kept(self, batch: Batch, number: int) -> pl.DataFrame | None:
        """Find the leads that need not go through: `row`, `key`, `is_before`, and what was seen of them."""
        if self.last is None:
            return None
        rows = pl.DataFrame(
            [pl.int_range(batch.height, dtype=pl.UInt32, eager=True).alias("row"), batch.keys.alias("key")]
        )
        found = self.last.seen(rows.filter(batch.trouble.is_null()), number)
        if self.only_quarantined:
            found = found.filter(~pl.col("key").is_in(self.last.quarantined.implode()))
        else:
            found = found.filter((pl.col("under") == self.reading.under) & pl.col("stable"))
            if len(self.last.touched_since):
                found = found.filter(~pl.col("key").is_in(self.last.touched_since.implode()))
        if self.holds is not None:
            found = found.filter(pl.col("since") + self.holds > pl.lit(self.start))
        kept = _as_they_were(found, batch, self.last.readings)
        return kept if self.only_quarantined else kept.filter("is_before")

    def _replayed(self, kept: pl.DataFrame, batch: Batch) -> tuple[pl.DataFrame, Replay]:
        """Give what is to be remembered of the leads that are as they were before the last run, and what it wrote.

        Leads that are as they became have nothing to be written, and are due when they come as they were before.
        """
        before = kept.filter("is_before")
        if self.last is None or before.is_empty():
            return before.select(list(SEEN_SCHEMA)), Replay.nothing()
        replay = self.last.replay(before).only(frozenset((*batch.frame.columns, *self.reading.fields)))
        places = [replay.places[name] for name in ("trail", "place")]
        return before.with_columns(places).select(list(SEEN_SCHEMA)), replay


def _as_they_were(found: pl.DataFrame, batch: Batch, readings: dict[str, Reading]) -> pl.DataFrame:
    """Keep the leads whose cells are what they were before or after they were seen."""
    same: list[pl.DataFrame] = []
    for (under,), leads in found.group_by("under", maintain_order=True):
        reading = readings.get(str(under))
        if reading is not None:
            now = digest(reading.texts(batch)).gather(leads["row"])
            told = leads.with_columns(is_before=leads["before"] == now)
            same.append(told.filter(pl.col("is_before") | (leads["after"] == now)))
    return pl.concat(same).sort("row") if same else found.clear().with_columns(is_before=pl.lit(value=False))


def _widened(result: Result, rows: pl.Series, keys: pl.Series) -> Result:
    """Let a result about some leads of a batch speak of them by their rows in it."""
    placed = {name: _placed(getattr(result, name), rows) for name in (*BY_ROW, "pending")}
    parts: dict[str, Any] = {**placed, "keys": keys}
    return replace(result, **parts)


def _placed(frame: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    return frame.with_columns(rows.gather(frame["row"]).alias("row"))
