"""What a run writes beside the leads: changes, moments, alerts, quarantine and rejects, made from the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl

from lustrum.contracts.sources import CellChanges
from lustrum.planning.plan import Plan, Schema
from lustrum.running import change_lines
from lustrum.running.disk import lasting_file
from lustrum.running.journal.batch_parts import CELLS
from lustrum.running.journal.cells import by_field
from lustrum.running.journal.journal import Journal
from lustrum.words.outcomes import Alert

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "changes": ("run", *change_lines.COLUMNS),
    "moments": ("run", "key", "type", "text", "at", "path"),
    "alerts": ("run", "key", "to", "subject", "text", "at", "path"),
    "quarantine": ("run", "key", "step", "path", "code", "message", "attempts", "field", "inputs"),
    "rejects": ("line", "reason", "text"),
}  # fmt: skip


def cell_changes(journal: Journal, schema: Schema) -> Iterator[CellChanges]:
    """Give the net changes of every batch, by column and row, as a sink takes them; kept fields are no columns.

    Columns come in the order of the schema, whatever leads a batch has.
    """
    for leads, cells in zip(journal.batch_sizes(), journal.read(CELLS), strict=True):
        changed = dict(by_field(cells))
        columns = (name for name in schema.types if name in changed and name not in schema.kept)
        yield CellChanges(leads, {schema.column(name): changed[name] for name in columns})


def new_columns(schema: Schema) -> list[str]:
    """Name the columns that the output has and the source has not."""
    return [schema.column(name) for name in schema.new if name not in schema.kept]


def makes_alerts(plan: Plan) -> bool:
    """Say whether some entry sends alerts."""
    return any(call.step.signature.effect is Alert for entry in plan.entries() for call in entry.calls)


@dataclass(frozen=True, slots=True)
class SideFile:
    """A file beside the leads, to be written from what the journal of a run has for it."""

    name: str
    run: str
    rows: Iterable[pl.DataFrame]

    def write(self, into: Path) -> Path:
        """Write the file into a folder, synced, even if it has only a header."""
        path = into / f"{self.name}.csv"
        with lasting_file(path) as file:
            file.write((",".join(COLUMNS[self.name]) + "\n").encode())
            for frame in self.rows:
                self._write(frame, file)
        return path

    def _write(self, frame: pl.DataFrame, file: BinaryIO) -> None:
        if self.name == "rejects":
            file.writelines(_reject_line(*row) for row in frame.iter_rows())
        elif self.name == "changes":
            change_lines.write_lines(frame, self.run, file)
        else:
            _table(self.name, self.run, frame).write_csv(file, include_header=False)


def side_files(journal: Journal, at: str, names: Iterable[str]) -> list[SideFile]:
    """Give the side files named; `at` is the run's start: when what it did happened.

    The ledger is asked here; the files may be written in whatever thread.
    """
    return [SideFile(name, journal.run, _rows(journal, at, name)) for name in names]


def write_all(files: Iterable[SideFile], into: Path) -> dict[str, Path]:
    """Write side files into a folder, one after the other; give the path of each by name."""
    return {file.name: file.write(into) for file in files}


def read_alerts(journal: Journal, at: str) -> list[dict[str, str]]:
    """Give the alerts of a run, as their file has them; what is empty there is an empty text."""
    frames = _rows(journal, at, "alerts")
    alerts = [row for frame in frames for row in _table("alerts", journal.run, frame).iter_rows(named=True)]
    return [{name: cell or "" for name, cell in alert.items()} for alert in alerts]


def _rows(journal: Journal, at: str, name: str) -> Iterator[pl.DataFrame]:
    match name:
        case "changes":
            return journal.read("trail", ["row", "net", *change_lines.COLUMNS])
        case "moments" | "alerts":
            return _effects(journal, at, name.removesuffix("s"))
        case _:
            return journal.read(name)


def _effects(journal: Journal, at: str, kind: str) -> Iterator[pl.DataFrame]:
    of_kind = (effects.filter(pl.col("kind") == kind) for effects in journal.read("effects"))
    return (effects.with_columns(at=pl.lit(at), to=pl.col("type")) for effects in of_kind)


def _table(name: str, run: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(run=pl.lit(run)).select(COLUMNS[name])


def _reject_line(line: int, reason: str, text: bytes) -> bytes:
    special = any(mark in reason for mark in (",", '"', "\n", "\r"))
    cell = _quoted(reason.encode()) if special else reason.encode()
    return b"%d,%s,%s\n" % (line, cell, _quoted(text))


def _quoted(cell: bytes) -> bytes:
    return b'"%s"' % cell.replace(b'"', b'""')
