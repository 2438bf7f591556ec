"""The time zones of the IANA database: their keys, countries, links, and what they are called on clocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

Zones = frozenset[str]

UTC_KEY = "Etc/UTC"
_SEASONS = (datetime(2026, 1, 15), datetime(2026, 7, 15))  # noqa: DTZ001 - each zone's own wall clock
_CLOCK_NAMES = frozenset({"EST", "MST", "HST", "CET", "MET", "EET", "WET", "GMT"})
"""Keys that are names on clocks rather than places; the database keeps them for old programs."""


@cache
def current(key: str) -> str | None:
    """Give the key in use for one in any case; keys that a country has in `zone.tab` stay.

    >>> current("Asia/Calcutta"), current("US/Pacific"), current("europe/oslo"), current("Mars/Base"), current("EST")
    ('Asia/Kolkata', 'America/Los_Angeles', 'Europe/Oslo', None, None)
    """
    found = _keys().get(key.lower())
    if found is None or found in _CLOCK_NAMES:
        return None
    return found if found in territories() else _links().get(found, found)


@cache
def territories() -> Mapping[str, str]:
    """Give the country of each zone that is one's.

    >>> territories()["Europe/Berlin"]
    'DE'
    """
    rows = (line.split("\t") for line in _lines("zone.tab"))
    return {row[2]: row[0] for row in rows}


@cache
def zones_of(country: str) -> Zones:
    """Name the zones of a country.

    >>> sorted(zones_of("DE"))
    ['Europe/Berlin', 'Europe/Busingen']
    """
    return frozenset(key for key, home in territories().items() if home == country)


@cache
def by_clock_name() -> Mapping[str, Zones]:
    """Give the zones by what their clocks call the time, in winter or summer: EST, CEST, IST."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key in territories():
        for season in _SEASONS:
            name = season.replace(tzinfo=ZoneInfo(key)).tzname() or ""
            if name.isalpha():
                found[name.lower()].add(key)
    return {name: frozenset(keys) for name, keys in found.items()}


def with_offset(minutes: int, country: str) -> Zones:
    """Name the zones of a country whose winter is so many minutes east of UTC.

    >>> sorted(with_offset(-480, "US"))
    ['America/Los_Angeles']
    """
    return frozenset(key for key in zones_of(country) if _standard(key) == timedelta(minutes=minutes))


@lru_cache(maxsize=1024)
def same_clocks(zones: Zones) -> bool:
    """Say whether the clocks of some zones agree in winter and in summer.

    >>> same_clocks(frozenset({"Europe/Berlin", "Europe/Paris"}))
    True
    >>> same_clocks(frozenset({"America/Denver", "America/Phoenix"}))
    False
    """
    return len({tuple(season.replace(tzinfo=ZoneInfo(key)).utcoffset() for season in _SEASONS) for key in zones}) < 2


@cache
def _standard(key: str) -> timedelta | None:
    return min(season.replace(tzinfo=ZoneInfo(key)).utcoffset() or timedelta() for season in _SEASONS)


@cache
def _keys() -> Mapping[str, str]:
    offsets = (f"Etc/GMT{sign}{hour}" for sign in "+-" for hour in range(15))
    named = (*territories(), *_links(), *_links().values(), *offsets)
    return {key.lower(): key for key in named}


@cache
def _links() -> Mapping[str, str]:
    linked = {name: target for _, target, name in _zi("L")}
    return {name: _end(linked, name) for name in linked}


def _end(linked: Mapping[str, str], name: str) -> str:
    while name in linked:
        name = linked[name]
    return name


def _zi(kind: str) -> Iterator[list[str]]:
    for line in _lines("tzdata.zi"):
        parts = line.split(" ")
        if parts[0] == kind:
            yield parts


def _lines(name: str) -> Iterator[str]:
    text = files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
