"""What time zones are called: by Windows, in the languages of CLDR, and after their cities."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from lustrum_plugins.standardise.word_tables import fold, rows
from lustrum_plugins.standardise.zone_keys import Zones, current, territories

_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "ja", "zh")
_MARKS = re.compile(r"[\s_.,()&/-]+")


def bare(text: str) -> str:
    """Fold a name, its marks as blanks.

    >>> bare("Pacific Time (US & Canada)"), bare("New_York")
    ('pacific time us canada', 'new york')
    """
    return _MARKS.sub(" ", fold(text)).strip()


@cache
def by_windows() -> Mapping[str, str]:
    """Give the zone CLDR has for each name of Windows: `W. Europe Standard Time`, and as its lists show it."""
    from babel.core import get_global

    mapped = cast("Mapping[str, str]", get_global("windows_zone_mapping"))
    known = {bare(name): zone for name, key in mapped.items() if (zone := current(key))}
    shown = {bare(row["shown"]): known[bare(row["windows"])] for row in rows("windows_zones")}
    return shown | known


@cache
def leading(country: str) -> Zones:
    """Name the zones that stand for a whole time in a country (`001`: anywhere), as CLDR has them.

    >>> "America/Toronto" in leading("CA"), "America/Iqaluit" in leading("CA")
    (True, False)
    """
    return frozenset(row["zone"] for row in rows("zone_leaders") if row["country"] == country)


@cache
def by_time() -> Mapping[str, Zones]:
    """Give the zones by the name of their time in many languages: `Pacific Time`, `Mitteleuropäische Zeit`."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, meta in _named_times():
        found[bare(name)].update(_of_meta().get(meta, ()))
    return {name: frozenset(zones) for name, zones in found.items() if zones}


@cache
def by_city() -> Mapping[str, Zones]:
    """Give the zones by the city they are named after, in many languages."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key in territories():
        found[bare(key.rpartition("/")[2])].add(key)
    for name, key in _named_cities():
        if zone := current(key):
            found[bare(name)].add(zone)
    return {name: frozenset(zones) for name, zones in found.items()}


def alike(zone: str) -> Zones:
    """Name the zones that have the same time by the same name.

    >>> "Europe/Vienna" in alike("Europe/Berlin"), "Europe/London" in alike("Europe/Berlin")
    (True, False)
    """
    return next((zones for zones in _of_meta().values() if zone in zones), frozenset({zone}))


@cache
def _of_meta() -> Mapping[str, Zones]:
    from babel.core import get_global

    found: defaultdict[str, set[str]] = defaultdict(set)
    for key, meta in cast("Mapping[str, str]", get_global("meta_zones")).items():
        zone = current(key)
        if zone in territories():
            found[meta].add(str(zone))
    return {meta: frozenset(zones) for meta, zones in found.items()}


def _named_times() -> Iterator[tuple[str, str]]:
    from babel import Locale

    for language in _LANGUAGES:
        for meta, forms in cast("Mapping[str, Mapping[str, Any]]", Locale.parse(language).meta_zones).items():
            for width in ("long", "short"):
                for name in cast("Mapping[str, str]", forms.get(width, {})).values():
                    yield str(name), meta


def _named_cities() -> Iterator[tuple[str, str]]:
    from babel import Locale

    for language in _LANGUAGES:
        for key, forms in cast("Mapping[str, Mapping[str, Any]]", Locale.parse(language).time_zones).items():
            if "city" in forms:
                yield str(forms["city"]), key
