"""Lengths of time as people write them: `30s`, `5m`, `2 hours`, `14 months`; and waits, `1s..30s`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lustrum.words.errors import LustrumError
from lustrum.words.nearest import did_you_mean

_WRITTEN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*", re.IGNORECASE | re.ASCII)
_UNITS: Final[dict[str, timedelta]] = {
    **dict.fromkeys(("ms", "millisecond"), timedelta(milliseconds=1)),
    **dict.fromkeys(("s", "sec", "second"), timedelta(seconds=1)),
    **dict.fromkeys(("m", "min", "minute"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hour"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day"), timedelta(days=1)),
    **dict.fromkeys(("w", "week"), timedelta(weeks=1)),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
_REMEDY = "write a number and a unit, such as 30s, 5m, 2 hours, 3 weeks or 14 months"


class DurationError(LustrumError, ValueError):
    """A text is no length of time."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How long to wait: at least `low`, growing to at most `high`; both alike when the wait is fixed."""

    low: timedelta
    high: timedelta


def parse_duration(text: str) -> timedelta:
    """Read a length of time: a number and a unit; a month has 30 days, a year 365. Raises `DurationError`.

    >>> parse_duration("30s"), parse_duration("2 hours"), parse_duration("14 months")
    (datetime.timedelta(seconds=30), datetime.timedelta(seconds=7200), datetime.timedelta(days=420))
    """
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise DurationError(f'"{text}" is no duration; {_REMEDY}')
    number, unit = found.groups()
    try:
        return float(number) * _unit(text, unit.lower())
    except OverflowError as error:
        raise DurationError(f'"{text}" is longer than any calendar; {_REMEDY}') from error


def parse_wait(text: str) -> Wait:
    """Read a wait: one duration, or the shortest and the longest joined by `..`. Raises `DurationError`.

    >>> parse_wait("1s..30s")
    Wait(low=datetime.timedelta(seconds=1), high=datetime.timedelta(seconds=30))
    >>> parse_wait("5m") == parse_wait("5m..5m")
    True
    """
    low, dots, high = text.partition("..")
    wait = Wait(parse_duration(low), parse_duration(high if dots else low))
    if wait.low > wait.high:
        raise DurationError(f'"{text}" waits longer first than last; write {high.strip()}..{low.strip()}')
    return wait


def _unit(text: str, unit: str) -> timedelta:
    known = unit if unit in _UNITS else unit.removesuffix("s")
    if known not in _UNITS:
        remedy = did_you_mean(known, _UNITS) or _REMEDY
        raise DurationError(f'"{text}" is no duration: there is no unit "{unit}"; {remedy}')
    return _UNITS[known]
