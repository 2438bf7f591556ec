"""What a batch leaves behind: the parts of its folder and the notes of the ledger, with the keys of the leads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from lustrum.contracts.sources import Reject
from lustrum.engine.result import Result
from lustrum.running.journal.cells import wide
from lustrum.running.journal.parts import PARTS, REJECTS
from lustrum.running.journal.records import Notes
from lustrum.running.journal.seen import SEEN_SCHEMA

NET, WHOLE_TRAIL = "net", "whole trail"
"""What is read as a part and is none: the cells that differ in the end; the trail, also of leads that were spared."""
CELLS = "cells"
"""The part that has what became of the cells that differ in the end."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the leads of a further batch come from: the number of a batch, and the row of each in it."""

    batch: int
    rows: pl.Series


def parts_of(
    result: Result,
    rejects: Sequence[Reject],
    origin: Origin | None,
    seen: pl.DataFrame | None,
    replayed: pl.DataFrame,
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give the parts by name, those without rows too; the leads of an `origin` have their rows there."""
    for name in PARTS:
        yield name, _placed(keyed(getattr(result, name), result.keys), origin)
    told = pl.DataFrame(schema=dict(SEEN_SCHEMA)) if seen is None else seen
    yield "seen", _placed(keyed(told, result.keys), origin)
    cells = wide(result.net, len(result.keys))
    together = pl.concat([cells, replayed], how="diagonal").sort("row") if replayed.height else cells
    yield CELLS, _placed(keyed(together, result.keys), origin)
    if origin:
        yield "taken", pl.DataFrame({"row": origin.rows})
    rows = [(reject.line, reject.reason, reject.text) for reject in rejects]
    yield "rejects", pl.DataFrame(rows, schema=dict(REJECTS), orient="row")


def keyed(frame: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    """Add the key of its lead to every row of a part of a `Result`."""
    return frame.with_columns(keys.gather(frame["row"]).alias("key"))


def _placed(frame: pl.DataFrame, origin: Origin | None) -> pl.DataFrame:
    return frame.with_columns(origin.rows.gather(frame["row"]).alias("row")) if origin else frame


def notes_of(result: Result, at: datetime) -> dict[str, pl.DataFrame]:
    """Give what the ledger notes of a batch that went through at some time, by table: the lead's key, and columns."""
    frames = {
        "effects": result.effects.select("row", "effect", "kind", "at"),
        "qualifications": result.qualified.select("row", "campaign", pl.lit(at).alias("at")),
        "kept": result.lasting.select("row", "field", "before", "after"),
        "parked": result.parked.select("row", "path", "effect", "due", "activity"),
        "consumed": result.consumed.select("row", "campaign", "activity"),
    }
    return {
        table: keyed(frame, result.keys).select("key", pl.exclude("row", "key"))
        for table, frame in frames.items()
        if not frame.is_empty()
    }


def note_rows(frame: pl.DataFrame) -> Notes:
    """Give the rows of what the ledger notes, as text."""
    for row in frame.iter_rows():
        yield [_text(cell) for cell in row]


def _text(cell: str | datetime | None) -> str | None:
    return cell.astimezone(UTC).isoformat() if isinstance(cell, datetime) else cell
