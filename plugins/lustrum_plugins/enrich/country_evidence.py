"""What a lead's fields say about its country."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from lustrum_plugins.enrich.country_domains import host_of, told_by_domain
from lustrum_plugins.standardise.city_regions import countries_of
from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.country_phrases import state_names
from lustrum_plugins.standardise.iso_3166 import iso_subdivisions
from lustrum_plugins.standardise.place_text import fold, is_placeholder, tidy
from lustrum_plugins.standardise.postal_formats import clean, format_of, told_by
from lustrum_plugins.standardise.subdivisions import names_anywhere, sole_meaning

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_LOCAL_CODE = re.compile(r"[a-z]{2,3}")
_LANGUAGE_TAG = re.compile(r"(?P<language>[a-z]{2,3})(?:[-_][a-z]{4})?(?:[-_](?P<region>[a-z]{2}))?")
_EVERYBODYS_LANGUAGE = "en"
_FEW = 5
_ONE_PATTERN_FOR_ALL = frozenset({262, 590, 599})


@dataclass(frozen=True, slots=True)
class Evidence:
    """The countries that one field allows."""

    countries: frozenset[str]
    source: str
    label: str

    @property
    def names(self) -> str:
        """The countries in words."""
        return in_words(self.countries) if len(self.countries) <= _FEW else "several countries"


def in_words(codes: Iterable[str]) -> str:
    """Name countries in a sentence.

    >>> in_words({"IN", "PK"})
    'India or Pakistan'
    """
    return " or ".join(countries()[code].name for code in sorted(codes))


def from_state(text: str) -> Evidence | None:
    """Read the countries that have a state of this name or abbreviation.

    >>> from_state("Bavaria").names, from_state("Punjab").names, from_state("Narnia")
    ('Germany', 'India or Pakistan', None)
    """
    sole = sole_meaning(text)
    codes = frozenset({sole}) if sole else names_anywhere().get(fold(text), frozenset[str]())
    found = frozenset(code.partition("-")[0] for code in codes) | state_names().get(fold(text), frozenset())
    if _LOCAL_CODE.fullmatch(fold(text)):
        found |= _local_codes().get(fold(text), frozenset())
    if fold(text) == "georgia":
        found |= {"GE"}
    return Evidence(found, "state", f"state {tidy(text)}") if found else None


def from_city(text: str) -> Evidence | None:
    """Read the countries that have a large city of this name.

    >>> from_city("Pittsburgh").names, from_city("Nowhere")
    ('United States', None)
    """
    found = countries_of(text)
    return Evidence(found, "city", f"city {tidy(text)}") if found else None


def from_postal_code(text: str) -> Evidence | None:
    """Read the countries of a postal code whose letters or hyphen tell.

    >>> from_postal_code("SW1A 1AA").names, from_postal_code("10115")
    ('United Kingdom', None)
    """
    found = told_by(text)
    return Evidence(found, "postal_code", f"postal code {tidy(text)}") if found else None


def from_email(text: str) -> Evidence | None:
    """Read the country of a domain's ending, unless everybody uses it.

    >>> from_email("a@example.co.uk").label, from_email("a@example.io"), from_email("a@protonmail.ch")
    ('e-mail domain .uk', None, None)
    """
    return _from_domain(host_of(text), "email", "e-mail domain") if "@" in text else None


def from_website(text: str) -> Evidence | None:
    """Read the country of a web address's ending, unless everybody uses it.

    >>> from_website("https://www.example.co.jp/about").names, from_website("example.com")
    ('Japan', None)
    """
    return _from_domain(host_of(text), "website", "web domain")


def _from_domain(host: str, source: str, noun: str) -> Evidence | None:
    told = told_by_domain(host)
    return Evidence(frozenset({told[0]}), source, f"{noun} .{told[1]}") if told else None


@lru_cache(maxsize=4096)
def from_phone(text: str) -> Evidence | None:
    """Read the countries in which a number in international form is valid; numbers of no place tell nothing.

    >>> from_phone("0049 30 901820").names, from_phone("+1 416 967 1111").names, from_phone("030 901820")
    ('Germany', 'Canada', None)
    """
    number = read_number(text)
    found = _regions(number) if number else None
    return Evidence(found, "phone", f"phone +{number.country_code}") if number and found else None


def read_number(text: str, country: str | None = None) -> PhoneNumber | None:
    """Read a phone number, in international form unless its country is given."""
    import phonenumbers

    digits = tidy(text)
    try:
        return phonenumbers.parse(f"+{digits[2:]}" if digits.startswith("00") else digits, country)
    except phonenumbers.NumberParseException:
        return None


def _regions(number: PhoneNumber) -> frozenset[str]:
    import phonenumbers
    from phonenumbers import PhoneNumberType

    code = phonenumbers.region_code_for_number(number)
    placed = {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
    if code not in countries() or phonenumbers.number_type(number) not in placed:
        return frozenset()
    if number.country_code not in _ONE_PATTERN_FOR_ALL:
        return frozenset({str(code)})
    regions = phonenumbers.region_codes_for_country_code(number.country_code)
    return frozenset(region for region in regions if phonenumbers.is_valid_number_for_region(number, region))


def fitting_postal_code(text: str, candidates: Iterable[str]) -> frozenset[str]:
    """Keep the countries that write their postal codes so, dropped zeros put back.

    >>> sorted(fitting_postal_code("30301", ["GE", "US"]))
    ['US']
    """
    code = clean(text)
    if not any(character.isdigit() for character in code):
        return frozenset()
    return frozenset(country for country in candidates if _fits(code, country))


def may_have_postal_code(text: str, country: str) -> bool:
    """Say whether nothing speaks against a postal code in a country: it is written so there, or nowhere.

    >>> may_have_postal_code("10115", "DE"), may_have_postal_code("123456", "DE"), may_have_postal_code("?", "DE")
    (True, False, True)
    """
    return bool(fitting_postal_code(text, [country])) or format_of(country) is None or not is_postal_code(clean(text))


@lru_cache(maxsize=16384)
def is_postal_code(code: str) -> bool:
    """Say whether some country writes its postal codes so.

    >>> is_postal_code("10115"), is_postal_code("?")
    (True, False)
    """
    return any(_fits(code, country) for country in countries())


def _fits(code: str, country: str) -> bool:
    known = format_of(country)
    return known is not None and (known.spell(code) is not None or known.repair(code) is not None)


def fitting_language(text: str, candidates: Iterable[str]) -> frozenset[str]:
    """Keep the countries whose official language a tag names; English is everybody's and tells nothing.

    >>> sorted(fitting_language("ka", ["GE", "US"])), sorted(fitting_language("en-US", ["GE", "US"]))
    (['GE'], [])
    """
    tag = _LANGUAGE_TAG.fullmatch(tidy(text).lower())
    if tag is None or tag["language"] == _EVERYBODYS_LANGUAGE:
        return frozenset()
    region = (tag["region"] or "").upper()
    spoken = {region} if region in countries() else _speaking(tag["language"])
    return frozenset(candidates) & spoken


@cache
def _speaking(language: str) -> frozenset[str]:
    from babel.languages import get_official_languages

    return frozenset(
        country for country in countries() if language in get_official_languages(country, regional=False, de_facto=True)
    )


@cache
def _local_codes() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for country, entries in iso_subdivisions().items():
        for entry in entries:
            found[fold(entry.code.partition("-")[2])].add(country)
    return {code: frozenset(known) for code, known in found.items()}


def is_told(text: str | None) -> bool:
    """Say whether a field holds anything but what stands for "not told"."""
    return bool(text) and not is_placeholder(str(text))
