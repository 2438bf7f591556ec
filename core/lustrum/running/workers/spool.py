"""Batches on their way to a worker and what the ledger is to note of them, as files of the run's folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lustrum.contracts.sources import Reject
from lustrum.engine.given import Batch
from lustrum.running.batches import Incoming
from lustrum.running.journal.folders import SPOOL
from lustrum.running.journal.ledger import TABLES

_REJECTS = {"line": pl.Int64(), "reason": pl.String(), "text": pl.Binary()}
_KEY, _TROUBLE, _FIELD, _RAW = "key", "trouble", "field:", "raw:"


@dataclass(frozen=True, slots=True)
class Spool:
    """The folder `spool` of a run; readable by its owner only, and gone when the run ends."""

    folder: Path

    @classmethod
    def of(cls, run_folder: Path) -> Spool:
        """Give the spool of a run."""
        return cls(run_folder / SPOOL)

    def open(self) -> None:
        """Make the folder, empty."""
        self.close()
        self.folder.mkdir(mode=0o700)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def put(self, number: int, incoming: Incoming) -> None:
        """Lay a batch down."""
        batch = incoming.batch
        columns = [
            batch.keys.alias(_KEY),
            batch.trouble.alias(_TROUBLE),
            *(column.alias(f"{_FIELD}{column.name}") for column in batch.frame),
            *(column.alias(f"{_RAW}{name}") for name, column in batch.raw.items()),
        ]
        self._write(f"{number}.leads", pl.DataFrame(columns))
        rows = [(reject.line, reject.reason, reject.text) for reject in incoming.rejects]
        if rows:
            self._write(f"{number}.rejects", pl.DataFrame(rows, schema=_REJECTS, orient="row"))

    def get(self, number: int) -> Incoming:
        """Give a batch as it was laid down."""
        frame = pl.read_ipc(self._path(f"{number}.leads"))
        fields = pl.DataFrame(list(_named(frame, _FIELD)))
        batch = Batch(fields, frame[_KEY], frame[_TROUBLE], {column.name: column for column in _named(frame, _RAW)})
        path = self._path(f"{number}.rejects")
        rows = pl.read_ipc(path).iter_rows() if path.exists() else ()
        return Incoming(batch, [Reject(*row) for row in rows])

    def put_notes(self, number: int, notes: Mapping[str, pl.DataFrame]) -> None:
        """Lay down what the ledger is to note of a batch, by table."""
        for table in TABLES:
            self._path(f"{number}.{table}").unlink(missing_ok=True)
            if table in notes:
                self._write(f"{number}.{table}", notes[table])

    def notes(self, number: int) -> dict[str, pl.DataFrame]:
        """Give what the ledger is to note of a batch, by table."""
        paths = {table: self._path(f"{number}.{table}") for table in TABLES}
        return {table: pl.read_ipc(path) for table, path in paths.items() if path.exists()}

    def drop(self, number: int) -> None:
        """Remove all that there is of a batch."""
        for path in self.folder.glob(f"{number}.*"):
            path.unlink()

    def _path(self, name: str) -> Path:
        return self.folder / name

    def _write(self, name: str, frame: pl.DataFrame) -> None:
        handle = os.open(self._path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            frame.write_ipc(file, compression="uncompressed")


def _named(frame: pl.DataFrame, prefix: str) -> Iterator[pl.Series]:
    return (column.alias(column.name.removeprefix(prefix)) for column in frame if column.name.startswith(prefix))
