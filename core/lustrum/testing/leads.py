"""Leads as lists of dictionaries, as tests write them, to batches and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from lustrum.engine.given import Batch
from lustrum.planning.plan import Schema
from lustrum.words.fields import FieldType, field_name, parse_cells

Row = Mapping[str, Any]

_KINDS: Mapping[object, FieldType] = {
    bool: FieldType.BOOLEAN,
    int: FieldType.INTEGER,
    float: FieldType.DECIMAL,
    datetime: FieldType.DATETIME,
    date: FieldType.DATE,
}


def types_of(rows: Sequence[Row]) -> dict[str, FieldType]:
    """Read the fields and their types from the values; a field with no value is text."""
    types: dict[str, FieldType] = {}
    for name, value in ((field_name(name), value) for row in rows for name, value in row.items()):
        if name not in types or value is not None:
            types[name] = _kind(value)
    return types


def _kind(value: object) -> FieldType:
    return _KINDS.get(type(value), FieldType.TEXT)


def batch_of(rows: Sequence[Row], schema: Schema, troubles: Sequence[str | None] = ()) -> Batch:
    """Make a batch; values may be of the field's type or text."""
    fields = {column: name for name, column in schema.columns.items()}
    named = [{fields.get(name) or field_name(name): value for name, value in row.items()} for row in rows]
    old = [name for name in schema.types if name not in schema.new]
    frame = pl.DataFrame([_column(name, schema.types[name], named) for name in old])
    keys = frame[schema.key].cast(pl.String) if schema.key else _numbers(len(rows))
    trouble = pl.Series("trouble", list(troubles) or [None] * len(rows), dtype=pl.String)
    return Batch(frame, keys.alias("key"), trouble)


def _column(name: str, kind: FieldType, rows: Iterable[Row]) -> pl.Series:
    values = [row.get(name) for row in rows]
    if all(value is None or isinstance(value, str) for value in values):
        texts = pl.Series(name, [value or None for value in values], dtype=pl.String)
        return parse_cells(texts, kind)
    if kind is FieldType.TEXT:
        return pl.Series(name, [value if value is None else str(value) for value in values], dtype=pl.String)
    return pl.Series(name, values, dtype=kind.dtype)


def _numbers(height: int) -> pl.Series:
    return pl.int_range(1, height + 1, eager=True).cast(pl.String)


def rows_of(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Give a frame as a list of dictionaries."""
    return frame.to_dicts()
