"""What a run writes beside the leads: changes, moments, quarantine and rejects, made from the journal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import polars as pl

from lustrum.contracts.sources import CellChanges
from lustrum.planning.plan import Schema
from lustrum.running.disk import lasting_file
from lustrum.running.journal import Journal

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "changes": (
        "run", "key", "field", "before", "after", "step", "plugin", "version", "path", "attempt", "reason",
    ),
    "moments": ("run", "key", "type", "text", "at", "path"),
    "quarantine": ("run", "key", "step", "path", "code", "message", "attempts", "field", "inputs"),
    "rejects": ("line", "reason", "text"),
}  # fmt: skip


def cell_changes(journal: Journal, schema: Schema) -> Iterator[CellChanges]:
    """Give the net changes of every batch, by column and row, as a sink takes them."""
    for leads, net in zip(journal.batch_sizes(), journal.read("net"), strict=True):
        cells: dict[str, dict[int, str | None]] = {}
        for row, name, after in net.select("row", "field", "after").iter_rows():
            cells.setdefault(schema.column(name), {})[row] = after
        yield CellChanges(leads, cells)


def write_side_files(journal: Journal, at: str, into: Path) -> dict[str, Path]:
    """Write the side files into a folder, synced; each is written even if it has only a header."""
    rows = {"changes": _changes(journal), "moments": _moments(journal, at), "quarantine": journal.read("quarantine")}
    paths = {name: into / f"{name}.csv" for name in COLUMNS}
    for name, frames in rows.items():
        with lasting_file(paths[name]) as file:
            _write_table(file, name, journal.run, frames)
    with lasting_file(paths["rejects"]) as file:
        _write_rejects(file, journal)
    return paths


def _changes(journal: Journal) -> Iterator[pl.DataFrame]:
    """Give every write to a cell that in the end differs from the source, lead by lead."""
    for net, trail in zip(journal.read("net"), journal.read("trail"), strict=True):
        yield trail.join(net, on=["row", "field"], how="semi", maintain_order="left").sort("row", maintain_order=True)


def _moments(journal: Journal, at: str) -> Iterator[pl.DataFrame]:
    for effects in journal.read("effects"):
        yield effects.filter(pl.col("kind") == "moment").with_columns(at=pl.lit(at))


def _write_table(file: BinaryIO, name: str, run: str, frames: Iterator[pl.DataFrame]) -> None:
    columns = COLUMNS[name]
    file.write((",".join(columns) + "\n").encode())
    for frame in frames:
        frame.with_columns(run=pl.lit(run)).select(columns).write_csv(file, include_header=False)


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
