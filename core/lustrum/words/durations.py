"""Lengths of time as people write them: `30s`, `5m`, `2 hours`, `14 months`; and waits: `5s`, `1s..30s`, `5m, 1h`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
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
_SHORT: Final = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
_MICROSECOND: Final = timedelta(microseconds=1)
_ALONE: Final = frozenset({"second", "minute", "hour", "day", "week", "month", "year"})
_REMEDY = "write a number and a unit, such as 30s, 5m, 2 hours, 3 weeks or 14 months"


class DurationError(LustrumError, ValueError):
    """A text is no length of time."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How long to wait: at least `low`, growing to at most `high`; both alike when the wait is fixed."""

    low: timedelta
    high: timedelta


@dataclass(frozen=True, slots=True)
class Waits:
    """How long to wait before each further try; the last length repeats.

    >>> waits = parse_waits("1s..5s")
    >>> str(waits), waits.of(1), waits.of(3), waits.of(9)
    ('1s..5s', datetime.timedelta(seconds=1), datetime.timedelta(seconds=4), datetime.timedelta(seconds=5))
    """

    lengths: tuple[timedelta, ...]
    jittered: bool = False
    """Whether the lengths grow exponentially and are to be spread a little, so that not all try again at once."""

    def __str__(self) -> str:
        if self.jittered:
            return f"{duration_text(self.shortest)}..{duration_text(self.longest)}"
        return ", ".join(map(duration_text, self.lengths))

    def of(self, number: int) -> timedelta:
        """Give the wait before the n-th further try, n from 1, without jitter."""
        return self.lengths[:number][-1]

    @property
    def shortest(self) -> timedelta:
        """Give the shortest wait."""
        return min(self.lengths)

    @property
    def longest(self) -> timedelta:
        """Give the longest wait."""
        return max(self.lengths)


def duration_text(length: timedelta) -> str:
    """Write a length of time as campaign files have it, in the largest unit that divides it.

    >>> duration_text(timedelta(hours=36)), duration_text(timedelta(days=30)), duration_text(timedelta(seconds=0.5))
    ('36h', '30d', '0.5s')
    """
    for unit, size in _SHORT.items():
        if length and not length % size:
            return f"{length // size}{unit}"
    seconds, rest = divmod(length, _SHORT["s"])
    return f"{seconds}.{rest.microseconds:06}".rstrip("0").rstrip(".") + "s"


def parse_duration(text: str) -> timedelta:
    """Read a length of time: a number and a unit; a month has 30 days, a year 365. Raises `DurationError`.

    A unit alone, spelled out, is one: `once per day`.

    >>> parse_duration("30s"), parse_duration("2 hours"), parse_duration("14 months")
    (datetime.timedelta(seconds=30), datetime.timedelta(seconds=7200), datetime.timedelta(days=420))
    """
    if (alone := text.strip().lower()) in _ALONE:
        return _UNITS[alone]
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise DurationError(f'"{text}" is no duration; {_REMEDY}')
    number, unit = found.groups()
    micros = _unit(text, unit.lower()) // _MICROSECOND
    try:
        return timedelta(microseconds=round(Decimal(number) * micros))
    except ArithmeticError as error:
        raise DurationError(f'"{text}" is longer than any calendar; {_REMEDY}') from error


def parse_wait(text: str) -> Wait:
    """Read a wait: one duration, or the shortest and the longest joined by `..`. Raises `DurationError`.

    >>> parse_wait("1s..30s")
    Wait(low=datetime.timedelta(seconds=1), high=datetime.timedelta(seconds=30))
    >>> parse_wait("5m") == parse_wait("5m..5m")
    True
    """
    return Wait(*_range(text))


def parse_waits(written: str | Sequence[str]) -> Waits:
    """Read waits: fixed `5s`; `1s..30s`, which double from the first to the longest; or a list of lengths.

    Raises `DurationError`.

    >>> str(parse_waits(["5m", "15m", "20m"])), str(parse_waits("5m, 15m, 20m")), str(parse_waits("60s"))
    ('5m, 15m, 20m', '5m, 15m, 20m', '1m')
    """
    texts = written.split(",") if isinstance(written, str) else written
    if len(texts) == 1:
        return _growing(texts[0])
    if not texts:
        raise DurationError("a list of waits has no wait in it; write 5s, 1s..30s or [5m, 15m, 20m]")
    for text in texts:
        if ".." in text:
            raise DurationError(f'"{text.strip()}" cannot stand in a list of waits; write it alone, or single lengths')
    return Waits(tuple(map(parse_duration, texts)))


def _growing(text: str) -> Waits:
    first, longest = _range(text)
    if not first < longest:
        return Waits((first,))
    if not first:
        raise DurationError(f'"{text}" never grows, as twice nothing is nothing; start with a longer wait')
    lengths = [first]
    while lengths[-1] < longest - lengths[-1]:
        lengths.append(lengths[-1] * 2)
    return Waits((*lengths, longest), jittered=True)


def _range(text: str) -> tuple[timedelta, timedelta]:
    low, dots, high = text.partition("..")
    shortest, longest = parse_duration(low), parse_duration(high if dots else low)
    if shortest > longest:
        raise DurationError(f'"{text}" waits longer first than last; write {high.strip()}..{low.strip()}')
    return shortest, longest


def _unit(text: str, unit: str) -> timedelta:
    known = unit if unit in _UNITS else unit.removesuffix("s")
    if known not in _UNITS:
        remedy = did_you_mean(known, _UNITS) or _REMEDY
        raise DurationError(f'"{text}" is no duration: there is no unit "{unit}"; {remedy}')
    return _UNITS[known]
