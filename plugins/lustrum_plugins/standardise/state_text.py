"""Reading a state out of a text: whole, described, among other parts, before a trailing code, misspelt."""

from __future__ import annotations

import re

from lustrum_plugins.standardise.country_codes import read_code
from lustrum_plugins.standardise.country_names import english_names
from lustrum_plugins.standardise.place_text import fold, segments
from lustrum_plugins.standardise.subdivisions import everyday, names_in, undescribed

States = frozenset[str]

_CITY_STATE = frozenset({"US", "CA", "AU", "BR", "MX", "IT"})
WORDS = frozenset({"al", "as", "co", "de", "hi", "id", "in", "la", "ma", "me", "mi", "oh", "ok", "on", "or", "pa"})
"""Codes of states that are words in a name or a sentence."""

_TRAILING = re.compile(r"^(?P<city>[A-Z][\w.' -]*?) +(?P<code>[A-Za-z]{2,3})\.?$")
_SHORTEST = 6
_MARGIN = 2


def by_name(text: str, country: str) -> States:
    """Read a whole text as the code or name of a state of the country.

    >>> sorted(by_name("Calif.", "US")), sorted(by_name("Freistaat Bayern", "DE")), sorted(by_name("Nowhere", "US"))
    (['US-CA'], ['DE-BY'], [])
    """
    folded = fold(text)
    for name in dict.fromkeys((folded, *undescribed(folded, country))):
        for names in names_in(country):
            if name in names:
                return names[name]
    return everyday(text, country)


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
    from rapidfuzz.distance import OSA

    folded = fold(text)
    if len(folded) < _SHORTEST:
        return frozenset()
    near: dict[States, int] = {}
    for name, codes in ((name, codes) for names in names_in(country) for name, codes in names.items()):
        distance = OSA.distance(folded, name, score_cutoff=_MARGIN)
        if len(name) >= _SHORTEST - 1 and distance <= _MARGIN:
            near[codes] = min(distance, near.get(codes, distance))
    winners = [codes for codes, distance in near.items() if distance == 1 and len(codes) == 1]
    return winners[0] if len(winners) == len(near) == 1 else frozenset()


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
