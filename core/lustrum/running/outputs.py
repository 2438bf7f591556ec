"""What a run writes beside the leads: changes, moments, alerts, quarantine and rejects, made from the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import polars as pl

from lustrum.contracts.sources import CellChanges
from lustrum.planning.plan import Plan, Schema
from lustrum.running.disk import lasting_file
from lustrum.running.journal.journal import Journal
from lustrum.words.outcomes import Alert

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "changes": (
        "run", "key", "field", "before", "after", "step", "plugin", "version", "path", "attempt", "reason",
    ),
    "moments": ("run", "key", "type", "text", "at", "path"),
    "alerts": ("run", "key", "to", "subject", "text", "at", "path"),
    "quarantine": ("run", "key", "step", "path", "code", "message", "attempts", "field", "inputs"),
    "rejects": ("line", "reason", "text"),
}  # fmt: skip


_CELL = ("row", "field", "after", "net")


def cell_changes(journal: Journal, schema: Schema) -> Iterator[CellChanges]:
    """Give the net changes of every batch, by column and row, as a sink takes them; kept fields are no columns."""
    written = journal.read("trail", _CELL)
    for leads, trail in zip(journal.batch_sizes(), written, strict=True):
        cells = trail.filter("net").select("row", "field", text="after").partition_by("field", as_dict=True)
        fields = {str(name): frame.drop("field") for (name,), frame in cells.items() if name not in schema.kept}
        yield CellChanges(leads, {schema.column(name): _last_words(frame) for name, frame in fields.items()})


def _last_words(cells: pl.DataFrame) -> pl.DataFrame:
    """Give the last text of each row, rows ascending."""
    ascending = cells["row"].slice(1) > cells["row"].slice(0, cells.height - 1)
    return cells if ascending.all() else cells.unique("row", keep="last").sort("row")


def new_columns(schema: Schema) -> list[str]:
    """Name the columns that the output has and the source has not."""
    return [schema.column(name) for name in schema.new if name not in schema.kept]


def makes_alerts(plan: Plan) -> bool:
    """Say whether some entry sends alerts."""
    return any(call.step.signature.effect is Alert for entry in plan.entries() for call in entry.calls)


def write_side_files(journal: Journal, at: str, names: Iterable[str], into: Path) -> dict[str, Path]:
    """Write the side files named into a folder, synced; each is written even if it has only a header.

    `at` is the run's start: when what it did happened.
    """
    paths = {name: into / f"{name}.csv" for name in names}
    for name, path in paths.items():
        with lasting_file(path) as file:
            if name == "rejects":
                _write_rejects(file, journal)
            else:
                _write_table(file, name, journal.run, _rows(journal, at, name))
    return paths


def read_alerts(journal: Journal, at: str) -> list[dict[str, str]]:
    """Give the alerts of a run, as their file has them; what is empty there is an empty text."""
    frames = _rows(journal, at, "alerts")
    alerts = [row for frame in frames for row in _table("alerts", journal.run, frame).iter_rows(named=True)]
    return [{name: cell or "" for name, cell in alert.items()} for alert in alerts]


def _rows(journal: Journal, at: str, name: str) -> Iterator[pl.DataFrame]:
    match name:
        case "changes":
            return _changes(journal)
        case "moments" | "alerts":
            return _effects(journal, at, name.removesuffix("s"))
        case _:
            return journal.read(name)


def _changes(journal: Journal) -> Iterator[pl.DataFrame]:
    """Give every write to a cell that in the end differs from the source, lead by lead."""
    for trail in journal.read("trail"):
        yield trail.filter("net").sort("row", maintain_order=True)


def _effects(journal: Journal, at: str, kind: str) -> Iterator[pl.DataFrame]:
    for effects in journal.read("effects"):
        yield effects.filter(pl.col("kind") == kind).with_columns(at=pl.lit(at), to=pl.col("type"))


def _write_table(file: BinaryIO, name: str, run: str, frames: Iterator[pl.DataFrame]) -> None:
    file.write((",".join(COLUMNS[name]) + "\n").encode())
    for frame in frames:
        _table(name, run, frame).write_csv(file, include_header=False)


def _table(name: str, run: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(run=pl.lit(run)).select(COLUMNS[name])


def _write_rejects(file: BinaryIO, journal: Journal) -> None:
    file.write((",".join(COLUMNS["rejects"]) + "\n").encode())
    for frame in journal.read("rejects"):
        file.writelines(_reject_line(*row) for row in frame.iter_rows())


def _reject_line(line: int, reason: str, text: bytes) -> bytes:
    special = any(mark in reason for mark in (",", '"', "\n", "\r"))
    cell = _quoted(reason.encode()) if special else reason.encode()
    return b"%d,%s,%s\n" % (line, cell, _quoted(text))


def _quoted(cell: bytes) -> bytes:
    return b'"%s"' % cell.replace(b'"', b'""')
