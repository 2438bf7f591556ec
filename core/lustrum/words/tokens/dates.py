"""Dates and times shifted by a length of time, one by one or a column at once, with the same answers.

A date is shifted by whole days to a date, by less to a time of that day; a time keeps its zone as it is written.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

import polars as pl

from lustrum.words.fields import FieldType

EXAMPLES: Final = "2024-01-31 or 2024-01-31T16:00:00+01:00"
LONGEST: Final = date.max - date.min
"""No date of the calendar can be shifted further."""

SHIFTABLE: Final = frozenset({FieldType.TEXT, FieldType.DATE, FieldType.DATETIME})
"""The types of fields that hold dates."""

_DAY = timedelta(days=1)
_HOUR = "(?:[01][0-9]|2[0-3])"
_DATE, _MINUTE = "([0-9]{4}-[0-9]{2}-[0-9]{2})", f"({_HOUR}:[0-5][0-9])"
_SECOND, _ZONE = r"(:[0-5][0-9](?:\.[0-9]{1,6})?)", f"(Z|[+-]{_HOUR}:?[0-5][0-9])"
_ISO = f"{_DATE}(?:[T ]{_MINUTE}{_SECOND}?{_ZONE}?)?"


def shifted_text(text: str, shift: timedelta) -> str | None:
    """Shift an ISO date or time; None for any other text, and beyond the years 1 to 9999.

    >>> shifted_text("2024-01-31", timedelta(days=1)), shifted_text("2024-01-31", timedelta(hours=36))
    ('2024-02-01', '2024-02-01T12:00:00')
    >>> shifted_text("2024-01-31 16:00+01:00", timedelta(days=-1)), shifted_text("soon", timedelta())
    ('2024-01-30T16:00:00+01:00', None)
    """
    found = re.fullmatch(_ISO, text)
    if not found:
        return None
    day, minute, second, zone = found.groups("")
    try:
        moved = datetime.fromisoformat(f"{day}T{minute or '00:00'}{second or ':00'}") + shift
    except (ValueError, OverflowError):
        return None
    return moved.isoformat() + zone if minute or shift % _DAY else moved.date().isoformat()


def read_moment(text: str, zone: tzinfo) -> datetime | None:
    """Read an ISO date (the start of the day) or time, in `zone` where it names none; None for any other text.

    >>> from datetime import UTC
    >>> read_moment("2024-01-31", UTC), read_moment("20240131", UTC)
    (datetime.datetime(2024, 1, 31, 0, 0, tzinfo=datetime.timezone.utc), None)
    """
    written = shifted_text(text, timedelta())
    if written is None:
        return None
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def shifted_column(column: pl.Expr, kind: FieldType, shift: timedelta) -> pl.Expr:
    """Shift a column of one of the `SHIFTABLE` types and write it as text, null where `shifted_text` gives None."""
    if kind is FieldType.TEXT:
        return _shifted_texts(column, shift)
    if kind is FieldType.DATE:
        in_calendar = pl.when(column.is_between(date.min, date.max)).then(column)
        return _written(in_calendar.cast(pl.Datetime("us")), pl.lit(value=False), pl.lit(""), shift)
    return _written(column.dt.replace_time_zone(None), pl.lit(value=True), pl.lit("Z"), shift)


def moment_text(moment: pl.Expr, zone: str = "") -> pl.Expr:
    """Write a column of moments in ISO 8601, with fractions of a second only where there are some."""
    seconds, micros = (moment.dt.strftime(f"%Y-%m-%dT%H:%M:%S{fraction}{zone}") for fraction in ("", "%.6f"))
    return pl.when(moment.dt.microsecond() == 0).then(seconds).otherwise(micros)


def _shifted_texts(column: pl.Expr, shift: timedelta) -> pl.Expr:
    day, minute, second, zone = (column.str.extract(f"^{_ISO}$", group) for group in range(1, 5))
    written = pl.concat_str(day, pl.lit("T"), minute.fill_null("00:00"), second.fill_null(":00"))
    moment = written.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False, time_unit="us")
    return _written(moment, minute.is_not_null(), zone.fill_null(""), shift)


def _written(moment: pl.Expr, has_time: pl.Expr, zone: pl.Expr, shift: timedelta) -> pl.Expr:
    moved = _in_calendar(_in_calendar(moment) + pl.lit(shift))
    timed = pl.concat_str(moment_text(moved), zone)
    return timed if shift % _DAY else pl.when(has_time).then(timed).otherwise(moved.dt.strftime("%Y-%m-%d"))


def _in_calendar(moment: pl.Expr) -> pl.Expr:
    return pl.when(moment.dt.year().is_between(date.min.year, date.max.year)).then(moment)
