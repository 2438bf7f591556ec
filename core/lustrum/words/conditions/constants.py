"""What a constant means as a value of a type."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, tzinfo
from typing import Final

import polars as pl

from lustrum.words.conditions.errors import ConditionError
from lustrum.words.conditions.values import Constant, quote
from lustrum.words.fields import FieldType

KINDS: Final[dict[FieldType, str]] = {
    FieldType.TEXT: "text",
    FieldType.INTEGER: "a whole number",
    FieldType.DECIMAL: "a number",
    FieldType.BOOLEAN: "true or false",
    FieldType.DATE: "a date",
    FieldType.DATETIME: "a date and time",
}
"""The types in the words of messages."""

DATES: Final = frozenset({FieldType.DATE, FieldType.DATETIME})
NUMBERS: Final = frozenset({FieldType.INTEGER, FieldType.DECIMAL})

_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_BOOLEANS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

Scalar = str | int | float | bool | date | datetime


def reading(text: str, wanted: FieldType, zone: tzinfo) -> tuple[Scalar, FieldType] | None:
    """Read a constant's text where a type is wanted: its value and type, or None if it is no such value.

    A date may stand where a datetime is wanted and the other way round, a decimal where an integer is. Times without
    a zone are of `zone`.

    >>> reading("5.5", FieldType.INTEGER, UTC), reading("many", FieldType.INTEGER, UTC)
    ((5.5, <FieldType.DECIMAL: 'decimal'>), None)
    """
    readings = ((_read(text, kind, zone), kind) for kind in _readings(wanted))
    return next(((value, kind) for value, kind in readings if value is not None), None)


def literal(constant: Constant, wanted: FieldType, zone: tzinfo) -> tuple[pl.Expr, FieldType]:
    """Make the Polars literal of a constant where a type is wanted, and say which type it has; see `reading`."""
    found = reading(constant.text, wanted, zone)
    if found is None:
        raise ConditionError(f"{quote(constant.text)} is not {KINDS[wanted]}", _EXAMPLES.get(wanted, ""))
    value, kind = found
    return pl.lit(value, dtype=kind.dtype), kind


_EXAMPLES: Final[dict[FieldType, str]] = {
    FieldType.BOOLEAN: "write true or false",
    FieldType.DATE: "write it as 2024-01-31",
    FieldType.DATETIME: "write it as 2024-01-31 or 2024-01-31T16:30:00",
}


def _readings(wanted: FieldType) -> tuple[FieldType, ...]:
    if wanted in DATES:
        return FieldType.DATE, FieldType.DATETIME
    return (FieldType.INTEGER, FieldType.DECIMAL) if wanted in NUMBERS else (wanted,)


def _read(text: str, kind: FieldType, zone: tzinfo) -> Scalar | None:
    match kind:
        case FieldType.TEXT:
            return text
        case FieldType.INTEGER:
            return int(text) if _INTEGER.fullmatch(text) else None
        case FieldType.DECIMAL:
            return _finite(text)
        case FieldType.BOOLEAN:
            return _BOOLEANS.get(text.lower())
        case FieldType.DATE:
            return _date(text)
        case FieldType.DATETIME:
            return _datetime(text, zone)


def _finite(text: str) -> float | None:
    number = float(text) if _DECIMAL.fullmatch(text) else math.nan
    return number if math.isfinite(number) else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _datetime(text: str, zone: tzinfo) -> datetime | None:
    if not _DATETIME.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
