"""The parts of a batch: which columns each has, how one is written, and read, also an older lustrum's, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from lustrum.engine import result as results
from lustrum.running.disk import lasting_file
from lustrum.running.journal.seen import SEEN_SCHEMA

_WRITTEN: Mapping[str, Mapping[str, pl.DataType]] = {
    "trail": results.TRAIL_SCHEMA,
    "effects": results.EFFECT_SCHEMA,
    "details": results.DETAIL_SCHEMA,
    "quarantine": results.QUARANTINE_SCHEMA,
    "qualified": results.QUALIFIED_SCHEMA,
    "attempts": results.ATTEMPT_SCHEMA,
    "choices": results.CHOICE_SCHEMA,
    "executed": results.EXECUTED_SCHEMA,
    "parked": results.PARKED_SCHEMA,
    "consumed": results.CONSUMED_SCHEMA,
    "pending": results.PENDING_SCHEMA,
}
PARTS: Mapping[str, Mapping[str, pl.DataType]] = {
    part: {name: pl.String() if dtype == pl.Categorical else dtype for name, dtype in schema.items()}
    for part, schema in _WRITTEN.items()
}
"""The parts of a `Result` as they are read, where all names are texts."""
REJECTS: Mapping[str, pl.DataType] = {"line": pl.Int64(), "reason": pl.String(), "text": pl.Binary()}
_KEYED: Mapping[str, Mapping[str, pl.DataType]] = {**_WRITTEN, "seen": SEEN_SCHEMA}
_OTHERS: Mapping[str, Mapping[str, pl.DataType]] = {
    "rejects": REJECTS,
    "taken": {"row": pl.UInt32()},
    "cells": {"row": pl.UInt32(), "key": pl.String()},
}


def write_part(frame: pl.DataFrame, path: Path) -> None:
    """Write a part so that it lasts."""
    with lasting_file(path) as file:
        frame.write_parquet(file, compression="zstd", compression_level=1, statistics=False)


def read_part(path: Path, part: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Read a part; one that was not written is empty.

    Names are texts, but where columns are named: then they are the categories as which a trail has them.
    """
    if columns:
        found = pl.read_parquet(path, columns=list(columns)) if path.exists() else empty_part(part).select(columns)
        return found.cast({name: dtype for name, dtype in _KEYED.get(part, {}).items() if name in columns})
    if not path.exists():
        return results.texts(empty_part(part))
    schema = SEEN_SCHEMA if part == "seen" else PARTS.get(part, {})
    return _with_columns_since(results.texts(pl.read_parquet(path)), schema)


def empty_part(part: str) -> pl.DataFrame:
    """Give a part without rows, as it is written."""
    schema = _KEYED.get(part)
    return pl.DataFrame(schema={**schema, "key": pl.String()} if schema is not None else _OTHERS[part])


def _with_columns_since(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Give a part the columns that there have come to be since it was written, empty, in the order of today."""
    since = [pl.lit(None, kind).alias(name) for name, kind in schema.items() if name not in frame.columns]
    return frame.with_columns(since).select(*schema, pl.all().exclude(*schema)) if since else frame
