"""The country a lead is in, as a hint to steps that read other fields: such as which dollar is meant."""

from __future__ import annotations

from functools import lru_cache

from lustrum_plugins.standardise.country import find_country


@lru_cache(maxsize=4096)
def country_hint(country: str | None, default: str | None = None) -> str | None:
    """Give the alpha-2 code of a lead's country, or of the default where the lead tells none.

    A country nobody knows is not replaced by the default.

    >>> country_hint("Italia"), country_hint(None, "DE"), country_hint("Narnia", "DE")
    ('IT', 'DE', None)
    """
    given = country if country and country.strip() else default
    return find_country(given) if given else None
