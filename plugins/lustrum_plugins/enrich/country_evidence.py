"""What a lead's fields say about its country."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.place_text import tidy
from lustrum_plugins.standardise.postal_formats import told_by
from lustrum_plugins.standardise.subdivisions import sole_meaning

_SHARED = frozenset({1, 7, 262, 590, 599})
_ENDINGS = {"uk": "GB", "xn--p1ai": "RU", "рф": "RU"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A country and the field that says so."""

    country: str
    source: str
    label: str


def from_state(text: str) -> Evidence | None:
    """Read the country of a state that one country alone has.

    >>> from_state("Bavaria"), from_state("Punjab"), from_state("CA")
    (Evidence(country='DE', source='state', label='state Bavaria'), None, None)
    """
    code = sole_meaning(text)
    return Evidence(code.partition("-")[0], "state", f"state {tidy(text)}") if code else None


def from_postal_code(text: str) -> Evidence | None:
    """Read the country of a postal code that one country alone writes so.

    >>> from_postal_code("SW1A 1AA"), from_postal_code("10115")
    (Evidence(country='GB', source='postal_code', label='postal code SW1A 1AA'), None)
    """
    found = told_by(text)
    return Evidence(next(iter(found)), "postal_code", f"postal code {tidy(text)}") if len(found) == 1 else None


def from_email(text: str) -> Evidence | None:
    """Read the country of a domain's ending, unless everybody uses it.

    >>> from_email("a@example.co.uk"), from_email("a@example.io"), from_email("a@protonmail.ch")
    (Evidence(country='GB', source='email', label='e-mail domain .uk'), None, None)
    """
    domain = tidy(text).rpartition("@")[2].lower().strip("<>.")
    ending = domain.rpartition(".")[2]
    code = _ENDINGS.get(ending, ending.upper())
    if "." not in domain or code not in countries() or domain in _worldwide() or ending in _worldwide():
        return None
    return Evidence(code, "email", f"e-mail domain .{ending}")


def from_phone(text: str) -> Evidence | None:
    """Read the country of a valid number in international form, unless its calling code is shared.

    >>> from_phone("0049 30 901820"), from_phone("+1 415 555 2671"), from_phone("030 901820")
    (Evidence(country='DE', source='phone', label='phone +49'), None, None)
    """
    import phonenumbers

    digits = tidy(text)
    try:
        number = phonenumbers.parse(f"+{digits[2:]}" if digits.startswith("00") else digits, None)
    except phonenumbers.NumberParseException:
        return None
    code = phonenumbers.region_code_for_number(number)
    if number.country_code in _SHARED or code not in countries() or not phonenumbers.is_valid_number(number):
        return None
    return Evidence(str(code), "phone", f"phone +{number.country_code}")


@cache
def _worldwide() -> frozenset[str]:
    text = files("lustrum_plugins.enrich").joinpath("data", "worldwide_domains.csv").read_text("utf-8")
    return frozenset(row["domain"] for row in csv.DictReader(text.splitlines()))
