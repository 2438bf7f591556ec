"""The last applied run over a source, as the next one looks leads up in its journal."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from lustrum.engine.columns import constant, where, without
from lustrum.running.journal.batch_parts import CELLS
from lustrum.running.journal.folders import batch_folder, run_folder
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.seen import SEEN_SCHEMA, Reading
from lustrum.running.journal.trails import Replay, highest, moved
from lustrum.running.undoing.withdrawn import read_withdrawn

_SEED = 20_261_126
_SEEN = {**SEEN_SCHEMA, "key": pl.String(), "batch": pl.Int64()}


class LastRun:
    """What a run has seen of each lead and written into it; nothing is read before it is asked for."""

    def __init__(self, journal: Journal) -> None:
        self.run = journal.run
        self._journal = journal
        self.readings = {under: Reading(fields, under) for under, fields in journal.readings().items()}

    def seen(self, leads: pl.DataFrame, number: int) -> pl.DataFrame:
        """Add to leads (`row`, `key`) of a batch what it has seen of them; those that it does not know are left out.

        `batch` and `at` are where its journal has the lead. Most stand where they stood, in the batch of this number
        at their row; only others are looked for elsewhere.
        """
        here, known = self._here(leads, number)
        if known.all():
            return here
        return pl.concat([here, self._elsewhere(where(leads, ~known))]).sort("row")

    def _here(self, leads: pl.DataFrame, number: int) -> tuple[pl.DataFrame, pl.Series]:
        """Find the leads that stand where they stood; say which need not be looked for: these, and unsettled ones."""
        seen = self._of_batch(number)
        places = constant(None, pl.UInt32(), 1 + highest(leads["row"]))
        near = seen["at"] < len(places)
        places = places.scatter(seen["at"].filter(near), near.arg_true())
        found = seen[places.gather(leads["row"])]
        same = (found["seen_key"] == leads["key"]).fill_null(value=False)
        unsettled = self._journal.read_batch(number, "quarantine", ["row", "key"]).unique()
        held = leads.join(unsettled, on=["row", "key"], how="semi")["row"]
        here = where(leads.hstack(found), same).drop("seen_key")
        return here, same | leads["row"].is_in(held.implode())

    def _elsewhere(self, leads: pl.DataFrame) -> pl.DataFrame:
        """Find leads wherever they stood. What was seen of a key last counts."""
        if self._seen.is_empty():
            return leads.clear().hstack(self._seen.clear()).drop("seen_key")
        hashes, order = self._by_hash
        last = np.searchsorted(hashes, _hashes(leads["key"]), side="right") - 1
        found = self._seen[order[np.maximum(last, 0)]]
        known = (found["seen_key"] == leads["key"]) & pl.Series(last >= 0)
        return leads.hstack(found).filter(known).drop("seen_key")

    @cached_property
    def _seen(self) -> pl.DataFrame:
        numbers = self._journal.figures()
        return pl.concat([_laid_out(pl.DataFrame(schema=_SEEN), 0), *(self._of_batch(number) for number in numbers)])

    def _of_batch(self, number: int) -> pl.DataFrame:
        return _laid_out(self._journal.read_batch(number, "seen"), number)

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
    def touched_since(self) -> pl.Series:
        """The keys of the leads of which more, or less, is known than it left: by runs over other sources, or undos."""
        runs = self._journal.ledger.runs()
        folders = [run_folder(self._journal.root, run) for run in runs[runs.index(self.run) + 1 :]]
        noted = pl.Series("key", self._journal.ledger.applied_runs.noted_since(self.run), dtype=pl.String)
        return pl.concat([noted, *(read_withdrawn(folder)["key"] for folder in folders)]).unique()

    def replay(self, kept: pl.DataFrame) -> Replay:
        """Give what it wrote into leads that are kept, at their row of today.

        They have `row`, `batch`, `at`, `trail`, `place`, and stand by row, ascending.
        """
        batches = kept["batch"].unique().sort().to_list()
        cells = [self._cells(number, kept.filter(kept["batch"] == number)) for number in batches]
        together = pl.concat(cells, how="diagonal").sort("row") if len(cells) > 1 else cells[0]
        stands = pl.coalesce("place", "at").alias("place")
        leads = kept.select("row", "batch", pl.col("trail").fill_null(0), stands)
        folders = {number: batch_folder(self._journal.root, self.run, number) for number in batches}
        return Replay.of(together, leads, folders)

    def _cells(self, number: int, kept: pl.DataFrame) -> pl.DataFrame:
        cells = without(self._journal.read_batch(number, CELLS), ["key"])
        return moved(cells, kept.select("row", place="at"))


def _laid_out(seen: pl.DataFrame, number: int) -> pl.DataFrame:
    numbered = seen.select(*SEEN_SCHEMA, "key", pl.lit(number, pl.Int64).alias("batch"))
    return numbered.rename({"row": "at", "key": "seen_key"})


def _hashes(keys: pl.Series) -> npt.NDArray[np.uint64]:
    return keys.hash(_SEED).to_numpy()
