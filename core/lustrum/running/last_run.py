"""The last applied run over a source, as the next one looks leads up in its journal."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from lustrum.engine.result import TRAIL_SCHEMA
from lustrum.running.journal.journal import Journal, run_folder
from lustrum.running.journal.seen import SEEN_SCHEMA, Reading
from lustrum.running.undoing.withdrawn import read_withdrawn

_SEED = 20_261_126


class LastRun:
    """What a run has seen of each lead and written into it; nothing is read before it is asked for."""

    def __init__(self, journal: Journal) -> None:
        self.run = journal.run
        self._journal = journal
        self.readings = {under: Reading(fields, under) for under, fields in journal.readings().items()}

    def seen(self, leads: pl.DataFrame) -> pl.DataFrame:
        """Add to leads (`row`, `key`) what it has seen of them; those that it does not know are left out.

        `batch` and `place` are where its journal has the lead. What was seen of a key last counts.
        """
        if self._seen.is_empty():
            return leads.clear().hstack(self._seen.clear())
        hashes, order = self._by_hash
        last = np.searchsorted(hashes, _hashes(leads["key"]), side="right") - 1
        found = self._seen[order[np.maximum(last, 0)]]
        known = (found["seen_key"] == leads["key"]) & pl.Series(last >= 0)
        return leads.hstack(found).filter(known).drop("seen_key")

    @cached_property
    def _seen(self) -> pl.DataFrame:
        schema = {**SEEN_SCHEMA, "key": pl.String(), "batch": pl.Int64()}
        frames = [
            frame.select(*SEEN_SCHEMA, "key", pl.lit(number, pl.Int64).alias("batch"))
            for number, frame in self._journal.read_numbered("seen")
        ]
        return pl.concat([pl.DataFrame(schema=schema), *frames]).rename({"row": "place", "key": "seen_key"})

    @cached_property
    def _by_hash(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        """The hashes of all keys, ascending, and where each stands: quicker to search than a table is to be built."""
        hashes = _hashes(self._seen["seen_key"])
        order = np.argsort(hashes, kind="stable")
        return hashes[order], order

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
        places = 1 + max(_highest(trail, "row"), _highest(kept, "place"))
        today = pl.Series([None], dtype=pl.UInt32).new_from_index(0, places).scatter(kept["place"], kept["row"])
        moved = trail.with_columns(today.gather(trail["row"]).alias("row"))
        return moved.filter(moved["row"].is_not_null()) if moved["row"].has_nulls() else moved


def _highest(frame: pl.DataFrame, column: str) -> int:
    return int(frame.select(pl.max(column)).item() or 0)


def _hashes(keys: pl.Series) -> npt.NDArray[np.uint64]:
    return keys.hash(_SEED).to_numpy()
