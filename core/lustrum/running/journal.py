"""The journal of a run: for each batch a folder of Parquet parts, committed by sync, rename and ledger row.

`.lustrum/runs/RUN/batch-00000/` holds `net`, `trail`, `effects`, `details`, `quarantine` and `qualified`, each with
the lead's key and its row in the batch, and `rejects` (line, reason, exact bytes).
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from lustrum.contracts.sources import Reject
from lustrum.engine.result import Result
from lustrum.running.disk import file_digest, lasting_file, rename_into_place, sync_folder
from lustrum.running.ledger import APPLIED, APPLYING, BROKEN, Ledger
from lustrum.words.errors import SinkError

FOLDER = ".lustrum"
PARTS = ("net", "trail", "effects", "details", "quarantine", "qualified")


class Journal:
    """The lasting record of one run."""

    def __init__(self, root: Path, run: str, ledger: Ledger) -> None:
        self.run = run
        self.root = root
        self.folder = root / FOLDER / "runs" / run
        self._ledger = ledger

    @staticmethod
    def open_ledger(root: Path) -> Ledger:
        """Open a project's ledger, making `.lustrum` at first use, readable by its owner only."""
        folder = root / FOLDER
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            return Ledger(folder / "ledger.sqlite3")
        except (OSError, sqlite3.Error) as error:
            raise SinkError(
                f"{folder}: the journal cannot be opened ({error}); mend or move it and run again"
            ) from error

    def begin(self) -> None:
        """Make the run's folder."""
        try:
            self.folder.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise SinkError(
                f"{self.folder}: the run's journal cannot be begun ({error.strerror}); move it away"
            ) from error

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
        shutil.rmtree(final, ignore_errors=True)
        rename_into_place(prepared, final)
        counts = (len(result.keys), len(rejects))
        self._ledger.commit(
            self.run, number, counts, _effects(result, at), _qualifications(result, at), _written(result)
        )

    def applying(self, target: str, leads: Path) -> None:
        """Note that the prepared leads are about to get their name, and by what they will be known."""
        note = {"target": target, "digest": file_digest(leads) if leads.is_file() else ""}
        self._ledger.end(self.run, APPLYING, note)

    def applied(self) -> None:
        """Note that the leads have their name; from now on effects count."""
        self._ledger.end(self.run, APPLIED, {})

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


def settle_unfinished(ledger: Ledger) -> None:
    """Find out of runs that ended while their leads got their name whether they have it: then they are applied."""
    for run, note in ledger.unfinished():
        target = Path(str(note.get("target", "")))
        done = bool(note.get("digest")) and target.is_file() and file_digest(target) == note["digest"]
        ledger.end(run, APPLIED if done else BROKEN, note)


def _effects(result: Result, at: datetime) -> Iterator[tuple[str, str, str, str]]:
    keyed = _keyed(result.effects, result.keys)
    for key, effect, kind in keyed.select("key", "effect", "kind").iter_rows():
        yield key, effect, kind, at.astimezone(UTC).isoformat()


def _written(result: Result) -> Iterator[tuple[str, str, str | None, str | None]]:
    keyed = _keyed(result.effects, result.keys)
    for key, effect, before, after in keyed.select("key", "effect", "before", "after").iter_rows():
        if before != after:
            yield key, effect, before, after


def _qualifications(result: Result, at: datetime) -> Iterator[tuple[str, str, str]]:
    for key, campaign in _keyed(result.qualified, result.keys).select("key", "campaign").iter_rows():
        yield key, campaign, at.astimezone(UTC).isoformat()
