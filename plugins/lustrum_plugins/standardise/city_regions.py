"""Large cities: the countries in which one of that name lies."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from lustrum_plugins.standardise.place_text import fold
from lustrum_plugins.standardise.word_tables import rows


@cache
def _countries() -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows("city_regions"):
        found[fold(row["city"])].add(row["country"])
    return {city: frozenset(countries) for city, countries in found.items()}


def countries_of(city: str) -> frozenset[str]:
    """Give the countries that have a large city of this name.

    >>> sorted(countries_of("Pittsburgh")), sorted(countries_of("Birmingham")), sorted(countries_of("Nowhere"))
    (['US'], ['GB', 'US'], [])
    """
    return _countries().get(fold(city), frozenset())
