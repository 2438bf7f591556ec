"""The states, provinces and regions of countries: ISO 3166-2, postal names, everyday names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Literal

from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.country_names import english_names
from lustrum_plugins.standardise.iso_3166 import iso_subdivisions
from lustrum_plugins.standardise.place_text import fold
from lustrum_plugins.standardise.postal_data import Entry, postal_data
from lustrum_plugins.standardise.territories import SEPARATOR, find_territory
from lustrum_plugins.standardise.word_tables import rows

StateFormat = Literal["code", "local", "name"]
Names = Mapping[str, frozenset[str]]
Pair = tuple[str, str]

_NUMBERED = re.compile(r"^[ivx]+ (?=region )")


@cache
def names_in(country: str) -> tuple[Names, ...]:
    """Give what folded texts mean in a country, from the surest kind of name to the least sure."""
    exact = (_aliases(country), _codes(country))
    described = (_postal(country), _iso(country, top=True), _iso(country, top=False))
    return (*(_index(pairs) for pairs in exact), *(_index(pairs, country) for pairs in described))


@cache
def names_anywhere() -> Names:
    """Give what names mean the world over; local codes and names of countries are left out."""
    meant = ((frozenset(row["codes"].split()), row["names"]) for row in rows("state_names"))
    return {name: codes for codes, names in meant for name in names.split(SEPARATOR)}


def sole_meaning(text: str) -> str | None:
    """Give the one state in the world that a name means, where addresses there name their state.

    >>> sole_meaning("Bavaria"), sole_meaning("Punjab"), sole_meaning("North"), sole_meaning("Georgia")
    ('DE-BY', None, None, None)
    """
    codes = names_anywhere().get(fold(text), frozenset())
    code = next(iter(codes)) if len(codes) == 1 else None
    return code if code in _usual() or fold(text) == fold(code or "") else None


@cache
def _usual() -> frozenset[str]:
    return frozenset(row["codes"] for row in rows("state_names") if row["usual"])


def meanings_anywhere() -> Names:
    """Collect what names mean the world over: what the table `state_names` is written from."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for country in countries():
        for names in (_aliases(country), _full_codes(country), _postal(country), _iso(country, None)):
            for name, code in names:
                found[fold(name)].add(code)
    taken = english_names()
    return {name: frozenset(codes) for name, codes in found.items() if name not in taken and _telling(name)}


def usual_states() -> frozenset[str]:
    """Give the codes of states that addresses of their country name."""
    own = {row["country"] for row in rows("state_aliases")}
    named = {code for country in countries() for _, code in (*_aliases(country), *_postal(country))}
    return frozenset(named | {code for country in own for _, code in _iso(country, top=True)})


def everyday(text: str, country: str) -> frozenset[str]:
    """Look a name up among the everyday names of a country's regions.

    >>> sorted(everyday("Kalifornien", "US"))
    ['US-CA']
    """
    if len(fold(text)) < 4 and text.isascii():
        return frozenset()
    territory = find_territory(text)
    if territory is None or fold(text) in {fold(place) for place in territory.places}:
        return frozenset()
    code = territory.code.upper()
    return frozenset({code}) if code.startswith(f"{country}-") and code in _entries(country) else frozenset()


def written_as(code: str, form: StateFormat) -> str:
    """Write an ISO 3166-2 code in another form.

    >>> written_as("DE-BY", "local"), written_as("DE-BY", "name")
    ('BY', 'Bayern')
    """
    country, _, local = code.partition("-")
    return {"code": code, "local": local, "name": _entries(country)[code]}[form]


@cache
def _entries(country: str) -> Mapping[str, str]:
    return {**{code: name for name, code in _iso(country, None, parts=False)}, **_extra(country)}


@cache
def _extra(country: str) -> Mapping[str, str]:
    mine = (row for row in rows("state_extras") if row["country"] == country)
    return {row["code"]: row["name"] for row in mine}


def _aliases(country: str) -> Iterator[Pair]:
    for row in rows("state_aliases"):
        if row["country"] == country:
            yield row["alias"], row["code"]


def _full_codes(country: str) -> Iterator[Pair]:
    for code in _entries(country):
        yield code, code


def _codes(country: str) -> Iterator[Pair]:
    for code in _entries(country):
        yield code, code
        yield code.partition("-")[2], code


def _iso(country: str, top: bool | None, *, parts: bool = True) -> Iterator[Pair]:
    for entry in iso_subdivisions().get(country, ()):
        if top is None or top == entry.top:
            for name in _name_parts(entry.name) if parts else [entry.name]:
                yield name, entry.code
    if top is None or top:
        yield from ((name, code) for code, name in _extra(country).items())


def _name_parts(name: str) -> list[str]:
    main, _, other = name.partition("[")
    head, comma, tail = main.partition(",")
    turned = [f"{tail.strip()} {head}", head] if comma else []
    return [part.strip() for part in (name, main, *turned, *other.rstrip("]").split("/")) if part.strip()]


@cache
def postal_areas(country: str) -> Mapping[str, re.Pattern[str]]:
    """Give how the postal codes of each state begin, where Google's address data tell.

    >>> bool(postal_areas("US")["US-CA"].match("94105")), bool(postal_areas("US")["US-CA"].match("10001"))
    (True, False)
    """
    iso = {fold(name): code for name, code in _iso(country, None)}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key, entry in postal_data(country).items():
        if key.count("/") == 1 and "zip" in entry:
            for code in {code for _, code in _named(country, entry, iso)}:
                found[code].append(entry["zip"])
    return {code: re.compile("|".join(f"(?:{area})" for area in areas)) for code, areas in found.items()}


@cache
def _postal(country: str) -> tuple[Pair, ...]:
    iso = {fold(name): code for name, code in _iso(country, None)}
    return tuple(
        pair
        for key, entry in postal_data(country).items()
        if key.count("/") == 1
        for pair in _named(country, entry, iso)
    )


def _named(country: str, entry: Entry, iso: Mapping[str, str]) -> list[Pair]:
    names = [entry[key] for key in ("key", "name", "lname") if key in entry]
    codes = [f"{country}-{entry[key]}" for key in ("isoid", "key") if key in entry]
    by_name = [iso[fold(name)] for name in names if fold(name) in iso]
    code = next((code for code in (*codes, *by_name) if code in _entries(country)), None)
    return [(name, code) for name in names] if code else []


def _index(pairs: Iterable[Pair], country: str | None = None) -> Names:
    merged: defaultdict[str, set[str]] = defaultdict(set)
    bare: defaultdict[str, set[str]] = defaultdict(set)
    for name, code in pairs:
        merged[fold(name)].add(code)
        for shorter in undescribed(fold(name), country) if country else ():
            bare[shorter].add(code)
    return {name: frozenset(codes) for name, codes in {**bare, **merged}.items()}


def undescribed(folded: str, country: str) -> list[str]:
    """Take the words that say what kind of place it is off a name.

    >>> undescribed("freistaat bayern", "DE"), undescribed("viii region del biobio", "CL")[0]
    (['bayern'], 'biobio')
    """
    folded = _NUMBERED.sub("", folded)
    found: list[str] = []
    for before, after in _descriptors(country):
        if before and folded.startswith(f"{before} "):
            found.append(folded.removeprefix(before).strip())
        if after and folded.endswith(f" {after}"):
            found.append(folded.removesuffix(after).strip())
    return found


@cache
def _descriptors(country: str) -> tuple[tuple[str, str], ...]:
    mine = [row for row in rows("state_descriptors") if country in row["countries"].split() or not row["countries"]]
    pairs = {(fold(row["before"]), fold(row["after"])) for row in mine}
    return tuple(sorted(pairs, key=lambda pair: -len("".join(pair))))


def _telling(name: str) -> bool:
    return len(name) >= (4 if name.isascii() else 2) and not name.isdigit()
