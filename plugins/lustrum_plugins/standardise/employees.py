"""The step that standardises a number of employees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from lustrum import Answer, Failed, step
from lustrum.words.fields import FieldType
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.country_hint import country_hint, decimal_mark, languages_of
from lustrum_plugins.standardise.headcount_dates import dated_band, is_date
from lustrum_plugins.standardise.number_text import MARKS
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.quantities import Quantity, quantities
from lustrum_plugins.standardise.word_tables import fold, rows

Part = Literal["employees", "employees_min", "employees_max", "employees_band"]
Parts = tuple[Part, ...]
Written = Mapping[str, str | int | None]

_BANDS = ("1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+")
_STANDARD = re.compile(r"(\d{1,8})(?:-(\d{1,8})|(\+))?")
_POINTED = re.compile(r"\d\.\d{3}(?!\d)")
_MOST = 10_000_000
_GROUP = 3
_TYPES = {"employees_min": FieldType.INTEGER, "employees_max": FieldType.INTEGER}


@dataclass(frozen=True, slots=True)
class _Count:
    low: int
    high: int | None

    def __str__(self) -> str:
        if self.high is None:
            return f"{self.low}+"
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"

    def within(self, other: _Count) -> bool:
        """Say whether every number of this band is one of the other."""
        return other.low <= self.low and (other.high is None or (self.high is not None and self.high <= other.high))

    def meets(self, other: _Count) -> bool:
        """Say whether the bands have a number in common."""
        return (other.high is None or self.low <= other.high) and (self.high is None or other.low <= self.high)


@step(
    "standardise.employees",
    writes=lambda options: {part: _TYPES.get(part, FieldType.TEXT) for part in options["parts"]},
)
def employees(
    employees: str,
    country: str | None = None,
    *,
    parts: Parts = ("employees",),
    bands: tuple[str, ...] = _BANDS,
    default_country: str | None = None,
) -> Written | Answer[Written] | Failed:
    """Write a number of employees as a number (250), a band (11-50) or an open band (10001+).

    Reads digits with separators, `k`, words of nine languages ("mehr als 1000"), and bands that a spreadsheet turned
    into dates ("Nov-50" is 11-50, "10-Jan" is 1-10). `country` (else `default_country`) says whether 1.234 is a
    thousand and more; without one that is ambiguous.

    Options: `parts` names the fields to write: employees, employees_min and employees_max (whole numbers; the
    maximum of an open band is emptied), employees_band (the one of `bands` that holds it; LinkedIn's are the default).

    Fails with `placeholder`, `ambiguous` (with the readings; or with the bands, where it lies in several),
    `excel_date` (a date from which no band can be told), `not_a_headcount`.

    >>> employees("1,001 - 5,000 employees").value, employees("> 1k").value, employees("250")
    ({'employees': '1001-5000'}, {'employees': '1001+'}, {'employees': '250'})
    >>> employees("Nov-50").value, employees("1.234").candidates, employees("1.234", "DE").value
    ({'employees': '11-50'}, ('1234', '1.234'), {'employees': '1234'})
    """
    text = one_line(employees)
    found, reason = _counts(text, country_hint(country, default_country))
    if isinstance(found, Failed):
        return found
    written = _written(found, parts, bands)
    if isinstance(written, Failed):
        return written
    return Answer(written, reason) if reason and written.get("employees") != employees else written


def _counts(text: str, country: str | None) -> tuple[_Count | Failed, str]:
    if (match := _STANDARD.fullmatch(text)) and (count := _standard(match)):
        return count, ""
    if band := dated_band(text):
        return _Count(*band), "a spreadsheet had turned the band into a date"
    if is_date(text):
        return Failed("excel_date", f"“{text}” is a date; a spreadsheet may have made it of a band"), ""
    if known := _words().get(fold(text)):
        return known, "known words"
    return _read(text, country)


def _standard(match: re.Match[str]) -> _Count | None:
    low, high = int(match[1]), int(match[2] or match[1])
    count = _Count(low, None if match[3] else high)
    return count if low <= high <= _MOST and (low < high or not match[2]) else None


def _read(text: str, country: str | None) -> tuple[_Count | Failed, str]:
    languages = languages_of(country) if country else ()
    for marks in (_own_marks(country), MARKS):
        found = quantities(text, "people", marks, languages)
        whole = {count for one in found if (count := _whole(one)) and (_POINTED.search(text) or not _decimals(one))}
        if whole:
            break
    broken = [one for one in found if _whole(one) is None]
    if len(whole) == 1 and (not broken or len(_POINTED.findall(text)) != 1):
        about = any(one.about for one in found)
        return whole.pop(), "about so many" if about else "number read"
    if whole:
        return _ambiguous(text, whole, broken), ""
    code = "placeholder" if is_placeholder(text) else "not_a_headcount"
    return Failed(code, f"“{text}” is no number of employees; write a number or a band such as 11-50"), ""


def _own_marks(country: str | None) -> tuple[str, ...]:
    mark = decimal_mark(country) if country else None
    return (mark,) if mark else MARKS


def _ambiguous(text: str, whole: set[_Count], broken: list[Quantity]) -> Failed:
    also = [str(one.low if one.low is not None else one.high) for one in broken]
    readings = tuple(dict.fromkeys([*(str(count) for count in sorted(whole, key=str)), *sorted(also)]))
    return Failed("ambiguous", f"“{text}” may be {' or '.join(readings)}; a country would settle it", readings)


def _whole(one: Quantity) -> _Count | None:
    if any(bound is not None and (bound % 1 or bound > _MOST) for bound in (one.low, one.high)):
        return None
    low = 1 if one.low is None else int(one.low) + one.open_low
    high = None if one.high is None else int(one.high) - one.open_high
    return _Count(low, high) if high is None or low <= high else None


def _decimals(one: Quantity) -> bool:
    """Say whether a bound was read with three decimals, as `1,000` may be: people have none."""
    return any(bound is not None and bound.as_tuple().exponent == -_GROUP for bound in (one.low, one.high))


@cache
def _words() -> Mapping[str, _Count]:
    return {fold(row["text"]): _Count(int(row["low"]), int(row["high"])) for row in rows("headcount_words")}


def _written(count: _Count, parts: Parts, bands: tuple[str, ...]) -> Written | Failed:
    all_parts: dict[str, str | int | None] = {
        "employees": str(count),
        "employees_min": count.low,
        "employees_max": count.high,
    }
    if "employees_band" in parts:
        band = _band_of(count, bands)
        if isinstance(band, Failed):
            return band
        all_parts["employees_band"] = band
    return {part: all_parts[part] for part in parts}


def _band_of(count: _Count, bands: tuple[str, ...]) -> str | Failed:
    known = {text: band for text in bands if (match := _STANDARD.fullmatch(text)) and (band := _standard(match))}
    for text, band in known.items():
        if count.within(band):
            return text
    near = tuple(text for text, band in known.items() if count.meets(band))
    return Failed("ambiguous", f"{count} lies in more than one band, or in none", candidates=near)
