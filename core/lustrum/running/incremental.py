"""Sparing a run the leads that are as they were: their cells get what the last applied run wrote, from its journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from lustrum.engine.given import Batch
from lustrum.engine.result import BY_ROW, TRAIL_SCHEMA, Result, net_of
from lustrum.running.journal.journal import Journal, run_folder
from lustrum.running.journal.seen import SEEN_SCHEMA, Reading, digest
from lustrum.running.undoing.withdrawn import read_withdrawn


class LastRun:
    """The last applied run over a source, as the next one looks leads up in it."""

    def __init__(self, journal: Journal) -> None:
        self.run = journal.run
        self._journal = journal
        self.readings = {under: Reading(fields, under) for under, fields in journal.readings().items()}

    @cached_property
    def seen(self) -> pl.DataFrame:
        """What it has seen of each lead, by key; `batch` and `place` are where its journal has the lead."""
        frames = [
            frame.with_columns(batch=pl.lit(number, dtype=pl.Int64))
            for number, frame in self._journal.read_numbered("seen")
        ]
        return pl.concat(frames).rename({"row": "place"}).unique("key", keep="last", maintain_order=True)

    @cached_property
    def quarantined(self) -> pl.Series:
        """The keys of the leads it left in quarantine."""
        return pl.concat([frame["key"] for frame in self._journal.read("quarantine")]).drop_nulls().unique()

    @cached_property
    def undone_since(self) -> pl.Series:
        """The keys of the leads of which an undo of a part has since then let something count no longer, or again."""
        runs = self._journal.ledger.runs()
        folders = [run_folder(self._journal.root, run) for run in runs[runs.index(self.run) + 1 :]]
        found = [read_withdrawn(folder)["key"] for folder in folders]
        return pl.concat([pl.Series("key", [], dtype=pl.String), *found]).unique()

    def trail(self, kept: pl.DataFrame) -> pl.DataFrame:
        """Give what it wrote into the leads that are kept (`row`, `batch`, `place`), at their row of today."""
        written = [self._moved(leads["batch"][0], leads) for leads in kept.partition_by("batch", maintain_order=True)]
        return pl.concat([pl.DataFrame(schema=dict(TRAIL_SCHEMA)), *written])

    def _moved(self, batch: int, kept: pl.DataFrame) -> pl.DataFrame:
        """Give what it wrote into leads of one batch."""
        trail = self._journal.read_batch(batch, "trail", list(TRAIL_SCHEMA))
        places = max(int(frame["row"].max() or 0) for frame in (trail, kept.select(row="place"))) + 1
        today = pl.Series([None], dtype=pl.UInt32).new_from_index(0, places).scatter(kept["place"], kept["row"])
        moved = trail.select(today.gather(trail["row"]).alias("row"), pl.exclude("row"))
        return moved.filter(moved["row"].is_not_null())


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

    def take(self, batch: Batch, execute: Callable[[Batch], Result]) -> tuple[Result, pl.DataFrame]:
        """Give the result for all leads of a batch, and what is to be remembered of them (`SEEN_SCHEMA`)."""
        kept = self._kept(batch)
        if kept is None or kept.is_empty():
            result = execute(batch)
            return result, self.seen(batch, result)
        rows = pl.int_range(batch.height, dtype=pl.UInt32, eager=True)
        due = rows.filter(~rows.is_in(kept["row"].implode()))
        left = batch.gather(due)
        result = execute(left)
        seen = pl.concat([_placed(self.seen(left, result), due), kept.select(list(SEEN_SCHEMA))]).sort("row")
        return self._replayed(_widened(result, due, batch.keys), kept, batch), seen

    def seen(self, batch: Batch, result: Result) -> pl.DataFrame:
        """Give what is to be remembered of the leads of a batch that has gone through."""
        told = self.reading.seen(batch, result)
        return told.with_columns(since=pl.lit(self.start), under=pl.lit(self.reading.under)).select(
            pl.col(name).cast(dtype) for name, dtype in SEEN_SCHEMA.items()
        )

    def _kept(self, batch: Batch) -> pl.DataFrame | None:
        """Find the leads that need not go through: `row`, `key`, `is_before`, and what was seen of them."""
        if self.last is None:
            return None
        rows = pl.DataFrame(
            [pl.int_range(batch.height, dtype=pl.UInt32, eager=True).alias("row"), batch.keys.alias("key")]
        )
        found = rows.filter(batch.trouble.is_null()).join(self.last.seen, on="key", how="inner", maintain_order="left")
        if self.only_quarantined:
            found = found.filter(~pl.col("key").is_in(self.last.quarantined.implode()))
        else:
            found = found.filter((pl.col("under") == self.reading.under) & pl.col("stable"))
            found = found.filter(~pl.col("key").is_in(self.last.undone_since.implode()))
        if self.holds is not None:
            found = found.filter(pl.col("since") + self.holds > pl.lit(self.start))
        kept = _as_they_were(found, batch, self.last.readings)
        return kept if self.only_quarantined else kept.filter("is_before")

    def _replayed(self, result: Result, kept: pl.DataFrame, batch: Batch) -> Result:
        """Write what the last run wrote into the leads that are as they were before it."""
        before = kept.filter("is_before")
        fields = [*batch.frame.columns, *self.reading.fields]
        if self.last is None or before.is_empty():
            return result
        written = self.last.trail(before).filter(pl.col("field").is_in(fields))
        net = pl.concat([result.net, net_of(written)])
        return replace(result, net=net, trail=pl.concat([result.trail, written]))


def _as_they_were(found: pl.DataFrame, batch: Batch, readings: dict[str, Reading]) -> pl.DataFrame:
    """Keep the leads whose cells are what they were before or after they were seen."""
    same: list[pl.DataFrame] = []
    for (under,), leads in found.group_by("under", maintain_order=True):
        reading = readings.get(str(under))
        if reading is not None:
            now = digest(reading.texts(batch.gather(leads["row"])))
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
