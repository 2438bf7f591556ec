"""The country a lead is in, as a hint to steps that read other fields: what its people write and speak."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from lustrum_plugins.standardise.country import find_country

if TYPE_CHECKING:
    from babel import Locale


@lru_cache(maxsize=4096)
def country_hint(country: str | None, default: str | None = None) -> str | None:
    """Give the alpha-2 code of a lead's country, or of the default where the lead tells none.

    A country nobody knows is not replaced by the default.

    >>> country_hint("Italia"), country_hint(None, "DE"), country_hint("Narnia", "DE")
    ('IT', 'DE', None)
    """
    given = country if country and country.strip() else default
    return find_country(given) if given else None


@cache
def languages_of(country: str) -> tuple[str, ...]:
    """Name the languages of a country: the official ones, and the one most people speak.

    >>> languages_of("CH"), languages_of("US")
    (('de', 'fr', 'it'), ('en',))
    """
    from babel import Locale, UnknownLocaleError
    from babel.languages import get_official_languages

    official = get_official_languages(country)
    try:
        return tuple(dict.fromkeys((*official, Locale.parse(f"und_{country}").language)))
    except UnknownLocaleError:
        return tuple(official)


@cache
def decimal_mark(country: str) -> str | None:
    """Give the sign a country writes before decimals, or None where its languages do not agree.

    >>> decimal_mark("DE"), decimal_mark("GB"), decimal_mark("CA")
    (',', '.', None)
    """
    marks = {str(locale.number_symbols["latn"]["decimal"]) for locale in _locales(country)}
    return marks.pop() if len(marks) == 1 else None


def _locales(country: str) -> Iterator[Locale]:
    from babel import Locale, UnknownLocaleError

    for language in languages_of(country):
        try:
            yield Locale(language, country)
        except UnknownLocaleError:
            continue
