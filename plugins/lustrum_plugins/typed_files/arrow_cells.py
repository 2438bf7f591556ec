"""Cells of Arrow columns as text, and texts as what such a column holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from importlib import import_module
from typing import Any, Literal, cast

import polars as pl

pa: Any = import_module("pyarrow")  # it has no types
is_a: Any = import_module("pyarrow.types")

MOMENT, ZONED, TIME = "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.fZ", "%H:%M:%S%.f"
BOOLEANS = {"true": True, "false": False}


class WrongText(ValueError):
    """A text that a column cannot hold; `at` is its position."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def plain_type(kind: Any) -> Any:
    """Give the type by which cells are worked with: that of a dictionary's values; nothing counts as text."""
    if is_a.is_dictionary(kind):
        return plain_type(kind.value_type)
    return pa.string() if is_a.is_null(kind) or is_a.is_string_view(kind) else kind


def is_nested(kind: Any) -> bool:
    """Say whether cells are lists or records."""
    return bool(is_a.is_nested(kind))


def is_readable(kind: Any) -> bool:
    """Say whether cells of this type have a text."""
    plain = plain_type(kind)
    return is_nested(plain) or _reader(plain) is not None


def cell_texts(column: Any) -> pl.Series:
    """Give the cells of a column as text; nothing, and an empty text, are null.

    Dates and times are written as ISO 8601 has them, with `Z` and in UTC where the column has a time zone; whole
    numbers without a point, lists and records as JSON.

    >>> cell_texts(pa.array([True, None])).to_list(), cell_texts(pa.array([7, -1])).to_list()
    (['true', None], ['7', '-1'])
    """
    plain = plain_type(column.type)
    values = column if column.type == plain else column.cast(plain)
    if is_nested(plain):
        return pl.Series([_json(value) for value in values.to_pylist()], dtype=pl.String)
    texts = _rendered(pl.Series(values.cast(pa.date32()) if is_a.is_date64(plain) else values))
    return texts.replace("", None)


def cell_values(texts: pl.Series, kind: Any) -> Any:
    """Give the texts as a column of a plain type. Raises `WrongText` for the first that is none of it.

    >>> cell_values(pl.Series(["12", None]), pa.int8()).to_pylist()
    [12, None]
    """
    try:
        return _cell_values(texts, kind)
    except ValueError:
        raise WrongText(next(at for at, text in enumerate(texts) if not _fits(text, kind))) from None


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _rendered(values: pl.Series) -> pl.Series:
    match values.dtype:
        case pl.Datetime(time_zone=str()):
            return values.dt.convert_time_zone("UTC").dt.strftime(ZONED)
        case pl.Datetime():
            return values.dt.strftime(MOMENT)
        case pl.Time:
            return values.dt.strftime(TIME)
        case _:
            return values.cast(pl.String)


def _fits(text: str | None, kind: Any) -> bool:
    try:
        _cell_values(pl.Series([text], dtype=pl.String), kind)
    except ValueError:
        return False
    return True


def _cell_values(texts: pl.Series, kind: Any) -> Any:
    reader = None if is_nested(kind) else _reader(kind)
    if texts.null_count() == len(texts) or reader is None:
        if texts.null_count() < len(texts):
            raise ValueError("a list or record is not changed")
        return pa.nulls(len(texts), kind)
    values = reader(texts, kind)
    if values.null_count > texts.null_count():
        raise ValueError("a text is no value of the type")
    return values


def _arrow(values: pl.Series) -> Any:
    return cast("Any", values.to_arrow())


def _as_text(texts: pl.Series, kind: Any) -> Any:
    return pa.array(texts.to_list(), kind)


def _as_integer(texts: pl.Series, kind: Any) -> Any:
    wide = pl.UInt64 if is_a.is_unsigned_integer(kind) else pl.Int64
    return _arrow(texts.cast(wide, strict=False)).cast(kind)


def _as_float(texts: pl.Series, kind: Any) -> Any:
    return _arrow(texts.cast(pl.Float64, strict=False)).cast(kind)


def _as_decimal(texts: pl.Series, kind: Any) -> Any:
    try:
        return pa.array([None if text is None else Decimal(text) for text in texts], kind)
    except (InvalidOperation, TypeError) as error:
        raise ValueError("a text is no decimal number") from error


def _as_boolean(texts: pl.Series, kind: Any) -> Any:
    return _arrow(texts.replace_strict(BOOLEANS, default=None, return_dtype=pl.Boolean)).cast(kind)


def _as_date(texts: pl.Series, kind: Any) -> Any:
    return _arrow(texts.str.to_date("%Y-%m-%d", strict=False)).cast(kind)


def _as_time(texts: pl.Series, kind: Any) -> Any:
    return _arrow(texts.str.to_time(TIME, strict=False)).cast(kind)


def _as_moment(texts: pl.Series, kind: Any) -> Any:
    """Read moments; one with an offset is the same in a column without a time zone, told in UTC."""
    unit: Literal["ns", "us"] = "ns" if kind.unit == "ns" else "us"
    zoned = texts.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z", strict=False, time_unit=unit, time_zone="UTC")
    naive = texts.str.to_datetime(MOMENT, strict=False, time_unit=unit).dt.replace_time_zone("UTC")
    moments = pl.select(pl.coalesce(zoned, naive)).to_series()
    return _arrow(moments if kind.tz else moments.dt.replace_time_zone(None)).cast(kind)


Reader = Callable[[pl.Series, Any], Any]

_READERS: Mapping[str, Reader] = {
    "is_string": _as_text,
    "is_large_string": _as_text,
    "is_boolean": _as_boolean,
    "is_integer": _as_integer,
    "is_floating": _as_float,
    "is_decimal128": _as_decimal,
    "is_date": _as_date,
    "is_time": _as_time,
    "is_timestamp": _as_moment,
}


def _reader(kind: Any) -> Reader | None:
    return next((reader for name, reader in _READERS.items() if getattr(is_a, name)(kind)), None)
