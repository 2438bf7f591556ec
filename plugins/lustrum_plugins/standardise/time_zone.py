"""The time zone a lead lives in."""

from __future__ import annotations

import re

from lustrum import Answer, Failed, step
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.country_hint import country_hint
from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.zone_keys import (
    UTC_KEY,
    Zones,
    by_clock_name,
    current,
    same_clocks,
    with_offset,
    zones_of,
)
from lustrum_plugins.standardise.zone_names import alike, bare, by_city, by_time, by_windows, leading

_LONGEST = 120
_LISTED = 8
_UTC = frozenset({"utc", "z", "zulu", "coordinated universal time", "universal time", "etc utc"})
_GREENWICH = frozenset({UTC_KEY, "Europe/London"})
_KEY = re.compile(r"[A-Za-z]+(?:[/][A-Za-z0-9_+-]+(?: [A-Z][a-z]+)?)+")
_OFFSET = re.compile(r"[([]?\s*(?:UTC|GMT)?\s*([+−-])\s*(\d{1,2})(?::?([0-5]\d))?\s*[)\]]?\s*(.*)", re.IGNORECASE)
_FARTHEST = 14 * 60


@step("standardise.time_zone")
def time_zone(
    time_zone: str, country: str | None = None, *, default_country: str | None = None
) -> Answer[str] | Failed:
    """Write a time zone as its key in the IANA database.

    Reads keys (also old ones: Asia/Calcutta), names of Windows and of its lists (`(UTC-08:00) Pacific Time (US &
    Canada)`), names of times and of their cities in 11 languages, and what clocks say (EST, CEST). `country` settles
    what several zones are called. UTC is `Etc/UTC`; an offset alone names no zone, for it does not tell the summer:
    only a country with one such zone does. The sign of Etc/GMT+5 is the database's own: five hours *behind*.

    Options: `default_country` stands in where the lead tells no country.

    Fails with `placeholder`, `ambiguous` (several zones are called so; they are the candidates), `offset_only`, or
    `not_a_time_zone`.

    >>> time_zone("US/Pacific").value, time_zone("W. Europe Standard Time", "Austria").value
    ('America/Los_Angeles', 'Europe/Vienna')
    >>> time_zone("EST", "US").value, time_zone("EST").code, time_zone("GMT+1").code
    ('America/New_York', 'ambiguous', 'offset_only')
    """
    text = one_line(time_zone)[:_LONGEST]
    if is_placeholder(text):
        return Failed("placeholder", "the text only fills the field")
    home = country_hint(country, default_country)
    if key := _key(text):
        return Answer(key, "" if key == time_zone else "its key in the IANA database")
    if zone := by_windows().get(bare(_named(text))):
        return Answer(_at_home(zone, home), f"“{text}” is what Windows calls it")
    if zones := _by_clock(bare(text)):
        return _settled(text, zones, home, same_clocks(_at(zones, home)) and home is not None)
    if zones := _called(bare(_named(text))):
        return _settled(text, zones, home, led=True)
    if bare(text) in _UTC:
        return Answer(UTC_KEY, "coordinated universal time")
    return _by_offset(text, home)


def _key(text: str) -> str | None:
    """Find a key: the whole text, or one that stands in it."""
    whole = current(text.replace(" ", "_"))
    inside = (current(found[0].replace(" ", "_")) for found in _KEY.finditer(text))
    return whole or next((key for key in inside if key), None)


def _named(text: str) -> str:
    """Leave out the offset before a name: `(UTC-08:00) Pacific Time`."""
    offset = _OFFSET.fullmatch(text)
    return offset[4] or text if offset else text


def _by_clock(name: str) -> Zones:
    return _GREENWICH if name == "gmt" else by_clock_name().get(name, frozenset())


def _called(name: str) -> Zones:
    return by_time().get(name) or by_time().get(f"{name} time") or by_city().get(name) or frozenset()


def _at_home(zone: str, home: str | None) -> str:
    """Give the country's own zone where it has one with the same time, else the one named."""
    own = alike(zone) & zones_of(home) if home else frozenset[str]()
    return next(iter(own)) if len(own) == 1 else zone


def _at(zones: Zones, home: str | None) -> Zones:
    return (zones & zones_of(home) if home else zones) or zones


def _settled(text: str, zones: Zones, home: str | None, led: bool) -> Answer[str] | Failed:
    """Choose by the country, and among its zones, where one of them may lead, that one."""
    own = _at(zones, home)
    leaders = own & leading(home if home and own < zones else "001")
    chosen = leaders if led and len(own) > 1 else own
    if len(chosen) == 1:
        return Answer(min(chosen), reason=f"“{text}”" + (f" in {home}" if home and own < zones else ""))
    listed = tuple(sorted(own, key=lambda zone: (zone not in leaders, zone)))[:_LISTED]
    return Failed("ambiguous", f"“{text}” is said in {len(own)} zones; a country may settle it", listed)


def _by_offset(text: str, home: str | None) -> Answer[str] | Failed:
    read = _OFFSET.fullmatch(text)
    if read is None or read[4]:
        return Failed("not_a_time_zone", f"“{text}” names no time zone we know; write its IANA key")
    minutes = (60 * int(read[2]) + int(read[3] or 0)) * (1 if read[1] == "+" else -1)
    if abs(minutes) > _FARTHEST:
        return Failed("not_a_time_zone", f"“{text}” is farther from UTC than any place")
    zones = with_offset(minutes, home) if home else frozenset[str]()
    leaders = zones & leading(home or "") if same_clocks(zones) and len(zones) > 1 else zones
    if len(leaders) == 1:
        return Answer(min(leaders), reason=f"the zone of {home} with this offset")
    return Failed(
        "offset_only", f"“{text}” is an offset, not a zone: it does not tell the summer", tuple(sorted(zones))
    )
