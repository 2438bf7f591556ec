"""Which currencies a code, a sign or a name may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, cast

from lustrum_plugins.standardise.word_tables import fold, rows

Codes = frozenset[str]

_NO_TENDER = frozenset({"XXX", "XTS", "XSU", "XUA"})
_LANGUAGES = tuple(
    "en de fr es it pt nl pl cs da sv nb fi hu ro el ru uk tr ar he hi ja ko zh zh_Hant id vi th".split()  # noqa: SIM905 - a list of 29 strings reads worse
)


_COUNTS = (None, 1, 2, 5)
"""Counts whose plural forms the languages tell apart."""


@cache
def active() -> Codes:
    """Give the codes of ISO 4217 that are in use."""
    import pycountry

    entries = cast("Iterable[Any]", pycountry.currencies)
    return frozenset(str(entry.alpha_3) for entry in entries) - _NO_TENDER


@cache
def withdrawn() -> Codes:
    """Give the codes that are no longer in use, such as DEM."""
    from babel.core import get_global

    return frozenset(get_global("all_currencies")) - active() - _NO_TENDER


@cache
def tender_of(country: str) -> tuple[str, ...]:
    """Name the currencies in use in a country, the main one first.

    >>> tender_of("DE"), tender_of("PA")
    (('EUR',), ('PAB', 'USD'))
    """
    from babel.numbers import get_territory_currencies

    return tuple(code for code in get_territory_currencies(country) if code in active())


def successors(code: str) -> tuple[str, ...]:
    """Name the currencies now in use where a withdrawn one was.

    >>> successors("DEM")
    ('EUR',)
    """
    from babel.core import get_global

    table = cast("Mapping[str, list[tuple[Any, ...]]]", get_global("territory_currencies"))
    places = [place for place, spans in table.items() if any(span[0] == code and span[3] for span in spans)]
    return tuple(sorted({tender[0] for place in places if (tender := tender_of(place))}))


@cache
def signs() -> Mapping[str, Codes]:
    """Give our own signs, short forms and everyday names, each with the currencies it is used for."""
    return {fold(row["symbol"]): frozenset(row["codes"].split()) for row in rows("currency_symbols")}


@cache
def _ranks() -> Mapping[str, int]:
    listed = dict.fromkeys(code for row in rows("currency_symbols") for code in row["codes"].split())
    return {code: rank for rank, code in enumerate(listed)}


def ranked(codes: Iterable[str]) -> tuple[str, ...]:
    """Order currencies as the signs' table lists them, which is by how often a sign means them.

    >>> ranked({"UYU", "CAD", "USD"})
    ('USD', 'CAD', 'UYU')
    """
    return tuple(sorted(codes, key=lambda code: (_ranks().get(code, len(_ranks())), code)))


@cache
def usual() -> Mapping[str, str]:
    """Give the signs that mean one currency unless the country says otherwise."""
    return {fold(row["symbol"]): row["default"] for row in rows("currency_symbols") if row["default"]}


@cache
def names() -> Mapping[str, Codes]:
    """Give the names of the currencies in many languages; a name that a living currency has is not an old one's."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for language in _LANGUAGES:
        for name, code in _cldr(language):
            found[fold(name)].add(code)
    return {name: frozenset(codes & active()) or frozenset(codes) for name, codes in found.items()}


def _cldr(language: str) -> Iterator[tuple[str, str]]:
    from babel.numbers import get_currency_name

    for code in active() | withdrawn():
        for count in _COUNTS:
            yield get_currency_name(code, count, language), code
