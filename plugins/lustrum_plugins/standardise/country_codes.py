"""The codes of countries: ISO 3166-1, and Kosovo's user-assigned XK."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

from lustrum_plugins.standardise.iso_3166 import iso_countries
from lustrum_plugins.standardise.place_text import tidy
from lustrum_plugins.standardise.word_tables import rows

CountryFormat = Literal["alpha_2", "alpha_3", "name"]

_FLAG_A = ord("🇦")
_SUBDIVISION_FLAG = "\U0001f3f4"
_WORDS = {"na", "no"}


@dataclass(frozen=True, slots=True)
class Country:
    """One country: its codes and its everyday English name."""

    alpha_2: str
    alpha_3: str
    name: str


@cache
def countries() -> dict[str, Country]:
    """Give all countries by alpha-2 code."""
    everyday = {row["code"]: row["name"] for row in rows("country_names")}
    found = {
        entry.alpha_2: Country(entry.alpha_2, entry.alpha_3, everyday.get(entry.alpha_2, entry.name))
        for entry in iso_countries()
    }
    return {**found, "XK": Country("XK", "XKX", everyday["XK"])}


@cache
def _by_alpha_3() -> dict[str, str]:
    return {country.alpha_3: country.alpha_2 for country in countries().values()}


def written_as(code: str, form: CountryFormat) -> str:
    """Write an alpha-2 code in another form.

    >>> written_as("KR", "alpha_3"), written_as("KR", "name")
    ('KOR', 'South Korea')
    """
    country = countries()[code]
    return {"alpha_2": country.alpha_2, "alpha_3": country.alpha_3, "name": country.name}[form]


def read_code(text: str) -> frozenset[str]:
    """Read an alpha-2 or alpha-3 code or a flag; `no` and `na` are words unless in capitals.

    >>> sorted(read_code("deu")), sorted(read_code("🇮🇹")), sorted(read_code("na"))
    (['DE'], ['IT'], [])
    """
    word = tidy(_from_flag(text)).strip(".*")
    if word in _WORDS or (word.title() == word and word.lower() in _WORDS):
        return frozenset()
    upper = word.upper() if word.isascii() else ""
    code = upper if upper in countries() else _by_alpha_3().get(upper)
    return frozenset({code}) if code else frozenset()


def _from_flag(text: str) -> str:
    if text.isascii():
        return text
    if text.startswith(_SUBDIVISION_FLAG):
        tag = "".join(chr(ord(c) - 0xE0000) for c in text[1:] if 0xE0061 <= ord(c) <= 0xE007A)
        return tag[:2]
    letters = [ord(c) - _FLAG_A for c in unicodedata.normalize("NFC", text) if not c.isspace()]
    if len(letters) == 2 and all(0 <= letter < 26 for letter in letters):
        return "".join(chr(ord("A") + letter) for letter in letters)
    return text
