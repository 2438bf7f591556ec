"""Reading a state out of a text: whole, described, among other parts, before a trailing code, misspelt."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from lustrum_plugins.standardise.country_codes import read_code
from lustrum_plugins.standardise.country_names import english_names
from lustrum_plugins.standardise.place_text import fold, segments, tidy
from lustrum_plugins.standardise.subdivisions import (
    StateFormat,
    everyday,
    names_anywhere,
    names_in,
    sole_meaning,
    undescribed,
    written_as,
)

States = frozenset[str]

_CITY_STATE = frozenset({"US", "CA", "AU", "BR", "MX", "IT"})
BY_NAME = "name or code of the state"
"""Why a state read by its name is the one meant."""
WORDS = frozenset({"al", "as", "co", "de", "hi", "id", "in", "la", "ma", "me", "mi", "oh", "ok", "on", "or", "pa"})
"""Codes of states that are words in a name or a sentence."""

_TRAILING = re.compile(r"^(?P<city>[A-Z][\w.' -]*?) +(?P<code>[A-Za-z]{2,3})\.?$")
_LONGEST = 200
_REMEMBERED = 50_000
_SHORTEST = 6
_MARGIN = 2


def state_text(text: str) -> str:
    """Give what is read of a cell."""
    return tidy(text)[:_LONGEST]


@lru_cache(_REMEMBERED)
def by_name(text: str, country: str) -> States:
    """Read a whole text as the code or name of a state of the country.

    >>> sorted(by_name("Calif.", "US")), sorted(by_name("Freistaat Bayern", "DE")), sorted(by_name("Nowhere", "US"))
    (['US-CA'], ['DE-BY'], [])
    """
    folded = fold(text)
    if codes := _meaning(folded, country):
        return codes
    bare = (codes for name in undescribed(folded, country) if (codes := _meaning(name, country)))
    return next(bare, None) or everyday(text, country)


def anywhere(text: str) -> tuple[States, str]:
    """Read the name of a state whose country is not told, and say why it is the one meant.

    >>> anywhere("Bavaria"), anywhere("Nowhere")
    ((frozenset({'DE-BY'}), 'the one state of this name'), (frozenset(), ''))
    """
    sole = sole_meaning(text)
    if sole is not None:
        return frozenset({sole}), "the one state of this name"
    several = names_anywhere().get(fold(text), frozenset[str]())
    return several if len(several) > 1 else frozenset[str](), ""


def reads_back(value: str, country: str | None, form: StateFormat) -> bool:
    """Say whether a state as it is written would be read as the same state again."""
    codes = by_name(value, country) if country else anywhere(value)[0]
    return len(codes) == 1 and written_as(next(iter(codes)), form) == value


@lru_cache(_REMEMBERED)
def by_parts(text: str, country: str) -> States:
    """Read the one state that the parts of a text name; several where they disagree.

    >>> sorted(by_parts("Savannah, GA", "US")), sorted(by_parts("Indiana, PA", "US"))
    (['US-GA'], ['US-IN', 'US-PA'])
    """
    parts = segments(text)
    if len(parts) < 2 and parts == [text]:
        return _trailing(text, country)
    return frozenset[str]().union(*(by_name(part, country) for part in parts if not _is_country(part, country)))


def by_typo(text: str, country: str) -> States:
    """Read a name with one slip, where no other state of the country is as near.

    >>> sorted(by_typo("Minnesotta", "US")), sorted(by_typo("Dakota", "US"))
    (['US-MN'], [])
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    folded = fold(text)
    if len(folded) < _SHORTEST:
        return frozenset()
    near: dict[States, int] = {}
    names, meant = _comparable(country)
    for _, distance, place in process.extract(folded, names, scorer=OSA.distance, score_cutoff=_MARGIN, limit=None):
        near[meant[place]] = min(int(distance), near.get(meant[place], _MARGIN))
    winners = [codes for codes, distance in near.items() if distance == 1 and len(codes) == 1]
    return winners[0] if len(winners) == len(near) == 1 else frozenset()


def _meaning(name: str, country: str) -> States | None:
    """Look a folded name up, from the surest kind of name to the least sure."""
    return next((names[name] for names in names_in(country) if name in names), None)


@cache
def _comparable(country: str) -> tuple[tuple[str, ...], tuple[States, ...]]:
    known = [
        (name, codes) for names in names_in(country) for name, codes in names.items() if len(name) >= _SHORTEST - 1
    ]
    return tuple(name for name, _ in known), tuple(codes for _, codes in known)


def _is_country(part: str, country: str) -> bool:
    return (read_code(fold(part)) or english_names().get(fold(part))) == frozenset({country})


def _trailing(text: str, country: str) -> States:
    found = _TRAILING.match(text)
    if not found or country not in _CITY_STATE:
        return frozenset()
    code, city = found["code"], found["city"]
    sure = (code.isupper() and not text.isupper()) or code.lower() not in WORDS
    local = names_in(country)[1].get(fold(code), frozenset[str]()) if sure else frozenset[str]()
    return local | by_name(city, country) if local else local
