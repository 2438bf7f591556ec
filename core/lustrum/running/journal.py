"""The journal of a run: for each batch a folder of Parquet parts, committed by sync, rename and ledger row.

`.lustrum/runs/RUN/batch-00000/` holds `net`, `trail`, `effects`, `details`, `quarantine` and `qualified`, each with
the lead's key and its row in the batch, and `rejects` (line, reason, exact bytes).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from lustrum.contracts.sources import Reject
from lustrum.engine.result import Result
from lustrum.running.disk import lasting_file, rename_into_place, sync_folder
from lustrum.running.ledger import Ledger

FOLDER = ".lustrum"
PARTS = ("net", "trail", "effects", "details", "quarantine", "qualified")


class Journal:
    """The lasting record of one run."""

    def __init__(self, root: Path, run: str, ledger: Ledger) -> None:
        self.run = run
        self.folder = root / FOLDER / "runs" / run
        self._ledger = ledger

    @staticmethod
    def open_ledger(root: Path) -> Ledger:
        """Open a project's ledger, making `.lustrum` at first use, readable by its owner only."""
        folder = root / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        return Ledger(folder / "ledger.sqlite3")

    def begin(self) -> None:
        """Make the run's folder."""
        self.folder.mkdir(mode=0o700, parents=True)

    def commit(self, number: int, result: Result, rejects: Sequence[Reject], at: datetime) -> None:
        """Make a batch last: all of it or nothing."""
        final = self._batch(number)
        prepared = final.with_suffix(".part")
        shutil.rmtree(prepared, ignore_errors=True)
        prepared.mkdir(mode=0o700)
        for name, frame in _parts(result, rejects).items():
            with lasting_file(prepared / f"{name}.parquet") as file:
                frame.write_parquet(file, compression="zstd", compression_level=1)
        sync_folder(prepared)
        rename_into_place(prepared, final)
        counts = (len(result.keys), len(rejects))
        self._ledger.commit(self.run, number, counts, _effects(result, at), _qualifications(result, at))

    def read(self, part: str) -> Iterator[pl.DataFrame]:
        """Give one part of every committed batch, in order."""
        for number, _ in self._ledger.batches(self.run):
            yield pl.read_parquet(self._batch(number) / f"{part}.parquet")

    def batch_sizes(self) -> list[int]:
        """Give the number of leads of every committed batch."""
        return [leads for _, leads in self._ledger.batches(self.run)]

    def _batch(self, number: int) -> Path:
        return self.folder / f"batch-{number:05d}"


def _parts(result: Result, rejects: Sequence[Reject]) -> dict[str, pl.DataFrame]:
    frames = {name: _keyed(getattr(result, name), result.keys) for name in PARTS}
    schema = {"line": pl.Int64, "reason": pl.String, "text": pl.Binary}
    rows = [(reject.line, reject.reason, reject.text) for reject in rejects]
    return {**frames, "rejects": pl.DataFrame(rows, schema=schema, orient="row")}


def _keyed(frame: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    return frame.with_columns(keys.gather(frame["row"]).alias("key"))


def _effects(result: Result, at: datetime) -> Iterator[tuple[str, str, str, str]]:
    keyed = _keyed(result.effects, result.keys)
    for key, effect, kind in keyed.select("key", "effect", "kind").iter_rows():
        yield key, effect, kind, at.isoformat()


def _qualifications(result: Result, at: datetime) -> Iterator[tuple[str, str, str]]:
    for key, campaign in _keyed(result.qualified, result.keys).select("key", "campaign").iter_rows():
        yield key, campaign, at.isoformat()
