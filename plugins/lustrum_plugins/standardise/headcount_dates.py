"""Bands of employees that a spreadsheet turned into dates: 1-10 into "10-Jan", 11-50 into "Nov-50"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import cast

from lustrum_plugins.standardise.word_tables import fold

Band = tuple[int, int]

_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "cs")
_NAMED = re.compile(
    r"(?P<before>\d{1,2})?(?:\.|st|nd|rd|th)?[\s/.-]*(?P<month>[^\W\d_]{3,12})\.?(?:[\s/.-]*(?P<after>\d{1,2}))?"
)
_FULL = re.compile(
    r"(?:(?P<iso>\d{4})-(?P<a>\d\d)-(?P<b>\d\d)|(?P<c>\d{1,2})[/.-](?P<d>\d{1,2})[/.-](?P<year>\d{4}))"
    r"(?:[t ]00:00(?::00(?:\.0+)?)?)?"
)
_CENTURY = range(1930, 2000)
"""Years a spreadsheet gives to the second number of a band that is no day of the month."""


def dated_band(text: str) -> Band | None:
    """Give the band a date was made of, or None where the text is no such date or two bands are possible.

    >>> dated_band("Nov-50"), dated_band("10-Jan"), dated_band("1950-11-01"), dated_band("2024-10-01 00:00:00")
    ((11, 50), (1, 10), (11, 50), (1, 10))
    >>> dated_band("11-Nov"), dated_band("11-50")
    (None, None)
    """
    word = fold(text)
    named = _NAMED.fullmatch(word)
    if named and (month := _months().get(named["month"])):
        numbers = [int(found) for found in (named["before"], named["after"]) if found]
        return _band(month, numbers[0]) if len(numbers) == 1 else None
    full = _FULL.fullmatch(word)
    return _from_full(full) if full else None


def is_date(text: str) -> bool:
    """Say whether a text is a date such as a spreadsheet writes.

    >>> is_date("11-Nov"), is_date("2024-10-01"), is_date("11-50")
    (True, True, False)
    """
    named = _NAMED.fullmatch(fold(text))
    return bool(_FULL.fullmatch(fold(text)) or (named and named["month"] in _months()))


def _from_full(match: re.Match[str]) -> Band | None:
    first, second = int(match["a"] or match["c"]), int(match["b"] or match["d"])
    year = int(match["iso"] or match["year"])
    if not (1 <= min(first, second) <= 12 and max(first, second) <= 31):
        return None
    if year not in _CENTURY:
        return _band(first, second)
    return _band(max(first, second), year % 100) if 1 in (first, second) else None


def _band(one: int, other: int) -> Band | None:
    return (min(one, other), max(one, other)) if one != other and min(one, other) > 0 else None


@cache
def _months() -> Mapping[str, int]:
    from babel import Locale

    found: dict[str, int] = {}
    for language in _LANGUAGES:
        widths = cast("Mapping[str, Mapping[str, Mapping[int, str]]]", Locale.parse(language).months)
        for width in ("abbreviated", "wide"):
            for form in ("format", "stand-alone"):
                found |= {fold(name).rstrip("."): number for number, name in widths[form][width].items()}
    return found | {"mrz": 3}
