"""Time frames of the calendar: `today`, `last week`, `this quarter`, `next 3 months`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lustrum.words.conditions.errors import ConditionError, Path
from lustrum.words.conditions.values import Now, quote
from lustrum.words.nearest import did_you_mean

_DAYS: Final = {"yesterday": "last day", "today": "this day", "tomorrow": "next day"}
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
_UNITS: Final = ("day", "week", *_MONTHS)
_NAMED: Final = (*_DAYS, *(f"{which} {unit}" for unit in _UNITS[1:] for which in ("this", "last", "next")))
_FRAME = re.compile(rf"(?:(this|last|next)|(last|next) ([1-9]\d{{0,4}})) ({'|'.join(_UNITS)})s?", re.ASCII)
_REMEDY: Final = f"there are {', '.join(_NAMED)}, and last or next so many days, weeks, months, quarters or years"


@dataclass(frozen=True, slots=True)
class TimeFrame:
    """So many units of the calendar in a row; `first` is the first one, counted from the current unit."""

    name: str
    unit: str
    first: int
    length: int

    def days(self, today: date) -> tuple[date, date]:
        """Give its first and its last day; weeks start on Monday. Raises `ConditionError` beyond the calendar.

        >>> [day.isoformat() for day in parse_frame("last week").days(date(2024, 6, 15))]
        ['2024-06-03', '2024-06-09']
        """
        try:
            end = self._start(today, self.first + self.length)
            return self._start(today, self.first), end - timedelta(days=1)
        except (OverflowError, ValueError) as error:
            raise ConditionError(f"{self.name} is beyond the calendar", "take a shorter time") from error

    def _start(self, today: date, shift: int) -> date:
        if self.unit == "day":
            return today + timedelta(days=shift)
        if self.unit == "week":
            return today + timedelta(days=7 * shift - today.weekday())
        length = _MONTHS[self.unit]
        current = (today.year * 12 + today.month - 1) // length
        year, month = divmod((current + shift) * length, 12)
        return date(year, month + 1, 1)


@dataclass(frozen=True, slots=True)
class FrameDay(Now):
    """The first day of a time frame around the run's start, or its last."""

    frame: TimeFrame = TimeFrame("today", "day", 0, 1)
    is_last: bool = False

    def __str__(self) -> str:
        return f"{'last' if self.is_last else 'first'}_day({quote(self.frame.name)})"


def parse_frame(text: str, path: Path = ()) -> TimeFrame:
    """Read the name of a time frame, in any case. Raises `ConditionError` if it is none.

    `last 3 months` are the three calendar months before this one, `last 7 days` the seven days before today, just as
    `last week` is the week before this one.

    >>> parse_frame("Last  7 Days")
    TimeFrame(name='last 7 days', unit='day', first=-7, length=7)
    """
    name = " ".join(text.lower().split())
    found = _FRAME.fullmatch(_DAYS.get(name, name))
    if not found:
        raise ConditionError(f'"{text}" is no time frame', did_you_mean(name, _NAMED) or _REMEDY, path)
    which, length = found[1] or found[2], int(found[3] or 1)
    return TimeFrame(name, found[4], {"this": 0, "last": -length}.get(which, 1), length)
