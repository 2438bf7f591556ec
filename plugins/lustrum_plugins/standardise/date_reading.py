"""Reading a date as it is written: ISO, numbers in the order of a country, words of many languages, days since 1900."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import product

from lustrum_plugins.standardise.date_order import DateOrder
from lustrum_plugins.standardise.date_words import idle_words, months
from lustrum_plugins.standardise.word_tables import fold

_YEAR_FIRST = re.compile(r"(\d{4})\s?([/.\-\s])\s?(\d{1,2})(?:\s?\2\s?(\d{1,2})\.?)?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s?([/.\-\s])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\.?")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s?[/.\-]\s?(\d{4})")
_BASIC = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_YEAR = re.compile(r"\d{4}")
_EAST = re.compile(r"(\d{4})\s?[年년]\s?(?:(\d{1,2})\s?[月월]\s?(?:(\d{1,2})\s?[日일]?)?)?")
_SERIAL = re.compile(r"([1-7]\d{4})(?:\.\d+)?")
_WORD = r"\d+|[^\d\s,/\-]+(?:-[^\d\s,/\-]+)*|\S"
_EPOCH = date(1899, 12, 30)
_TWO_DIGITS = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text: a year, and with it a month and a day as far as they were written."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        return "-".join([f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part is not None)])

    @property
    def exists(self) -> bool:
        """Say whether there is such a day."""
        try:
            date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)
        except ValueError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Readings:
    """The ways to read a text, likeliest first, and what tells them apart; none of them need exist."""

    found: tuple[Reading, ...]
    why: str = ""
    doubt: str = ""


def read_date(text: str, order: DateOrder, pivot: int | None) -> Readings | None:
    """Give the ways to read a text without a time, or None where it is no date at all.

    Two-digit years up to `pivot` are of this century, others of the last; without a pivot they are both.
    """
    for read in (_east, _written_out, _year_first, _month_and_year, _serial):
        if readings := read(text, order):
            return readings
    return _year_last(text, order, pivot) or _in_words(text, pivot)


def _east(text: str, _: DateOrder) -> Readings | None:
    match = _EAST.fullmatch(text)
    return Readings((_of(match[1], match[2], match[3]),), "year, month and day are named") if match else None


def _written_out(text: str, _: DateOrder) -> Readings | None:
    if match := _BASIC.fullmatch(text):
        return Readings((_of(*match.groups()),), "year, month, day")
    return Readings((Reading(int(text)),), "a year") if _YEAR.fullmatch(text) else None


def _year_first(text: str, _: DateOrder) -> Readings | None:
    match = _YEAR_FIRST.fullmatch(text)
    return Readings((_of(match[1], match[3], match[4]),), "year, month, day") if match else None


def _month_and_year(text: str, _: DateOrder) -> Readings | None:
    match = _MONTH_YEAR.fullmatch(text)
    return Readings((_of(match[2], match[1], None),), "month and year") if match else None


def _serial(text: str, order: DateOrder) -> Readings | None:
    match = _SERIAL.fullmatch(text)
    if match is None:
        return None
    day = _EPOCH + timedelta(days=int(match[1]))
    reading = Reading(day.year, day.month, day.day)
    if order.serials:
        return Readings((reading,), "days since 1900, as in the whole column")
    return Readings((reading,), doubt="the number may be one of days since 1900, or no date")


def _year_last(text: str, order: DateOrder, pivot: int | None) -> Readings | None:
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    ways, why, doubt = _ordered(first, second, match[2], order)
    years = _years(match[4], pivot)
    found = tuple(Reading(year, month, day) for (day, month), year in product(ways, years))
    return Readings(found, why, doubt if len(ways) > 1 else _century(years))


def _ordered(first: int, second: int, mark: str, order: DateOrder) -> tuple[list[tuple[int, int]], str, str]:
    """Give the ways to read two numbers as day and month, what told, and what is in doubt."""
    day_first, month_first = (first, second), (second, first)
    if first == second or second > 12:
        return [month_first], "only the day can be greater than 12" if second > 12 else "", ""
    if first > 12:
        return [day_first], "only the day can be greater than 12", ""
    if order.order == "month_first":
        return [month_first], "the month first, as in the whole column", ""
    if order.order == "day_first":
        return [day_first], "the day first, as in the whole column", ""
    if mark == "." and order.order is None:
        return [day_first], "dates with dots begin with the day", ""
    both = "; the column has both orders" if order.order == "mixed" else ""
    return [day_first, month_first], "", f"day and month may be either way round{both}"


def _in_words(text: str, pivot: int | None) -> Readings | None:
    """Read a date with the month as a word, in any language of the CLDR we know."""
    parts = list(_parts(text))
    named = [months()[part] for part in parts if part in months()]
    numbers = [part for part in parts if part.isdecimal()]
    rest = [part for part in parts if part not in months() and not part.isdecimal()]
    if len(named) != 1 or len(numbers) not in (1, 2) or any(word not in idle_words() for word in rest):
        return None
    ways = list(_day_and_year(numbers, pivot))
    found = tuple(Reading(year, month, day) for month in sorted(named[0]) for day, year in ways)
    doubt = "the word names two months" if len(named[0]) > 1 else "the year has two digits" if len(ways) > 1 else ""
    return Readings(found, "the month is a word", doubt) if found else None


@cache
def _words() -> re.Pattern[str]:
    """Give the pattern of a part of a text: the name of a month or day is one, though it be two words."""
    names = sorted((name for name in {*months(), *idle_words()} if " " in name), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)|{_WORD}")


def _parts(text: str) -> Iterator[str]:
    for part in _words().findall(fold(text)):
        word = part if part in months() else part.rstrip(".")
        if word not in (",", "/", "-", "", "’", "'"):
            yield word


def _day_and_year(numbers: list[str], pivot: int | None) -> Iterator[tuple[int | None, int]]:
    if len(numbers) == 1:
        yield from ((None, int(numbers[0])),) if len(numbers[0]) == 4 else ()
        return
    first, second = numbers
    day, year = (second, first) if len(first) == 4 else (first, second)
    if len(year) in (2, 4) and len(day) <= 2:
        yield from ((int(day), each) for each in _years(year, pivot))


def _years(text: str, pivot: int | None) -> list[int]:
    year = int(text)
    if len(text) == 4:
        return [year]
    if pivot is None:
        return [2000 + year, 1900 + year]
    return [2000 + year if year <= pivot else 1900 + year]


def _century(years: list[int]) -> str:
    return "the year has two digits; the option `pivot` says which century is meant" if len(years) > 1 else ""


def _of(year: str, month: str | None, day: str | None) -> Reading:
    return Reading(int(year), int(month) if month else None, int(day) if day else None)
