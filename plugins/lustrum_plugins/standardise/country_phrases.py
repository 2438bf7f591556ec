"""Countries named within a longer text: "Wales, GB", "Saipan (US)", "I'm from Peru"."""

from __future__ import annotations

import re
from functools import cache

from lustrum_plugins.standardise.country_codes import read_code
from lustrum_plugins.standardise.country_names import Codes, by_alias, by_name, english_names, parent_of
from lustrum_plugins.standardise.iso_3166 import iso_subdivisions
from lustrum_plugins.standardise.place_text import fold, segments

_SPAN = 3
_LONGEST_CODE = 3
_SPOKEN = frozenset({"us", "uk", "usa", "uae"})
_STATED = ("US", "CA", "AU")
_STATEMENT = re.compile(
    r"(?:^|\b(?:i'?m|i am|we'?re|we are|live|living|based|located|residing)(?: \w+)? )(?:from|in) (?:the )?"
    r"(?P<place>[^,;.]+?)(?=$|[,;.]| (?:but|and|though|while) )"
)


def by_phrase(text: str) -> Codes | None:
    """Read the country out of the parts of a text; parts that disagree leave several.

    A part that is a state's name or abbreviation speaks for the state's country too.
    A sentence counts where it says "from" or "in" of its writer.

    >>> by_phrase("Wales, GB"), by_phrase("Saipan (US)"), sorted(by_phrase("San Diego, CA") or ())
    (frozenset({'GB'}), frozenset({'MP'}), ['CA', 'US'])
    """
    if stated := _stated(text):
        return stated
    parts = list(dict.fromkeys(segments(text)))
    if len(parts) == 1:
        return by_alias(parts[0]) or by_name(parts[0]) if parts[0] != text else None
    evidence = [codes for part in parts if (codes := _part(part))]
    if not evidence:
        return None
    common = frozenset[str].intersection(*evidence)
    if len(common) == 1:
        return common
    return _without_parents(frozenset[str]().union(*evidence))


def _stated(text: str) -> Codes:
    places = [found["place"] for found in _STATEMENT.finditer(text.lower())]
    return frozenset[str]().union(
        *(_named(place) | _state(place) for place in places if len(place) > _LONGEST_CODE or place in _SPOKEN)
    )


def _named(part: str) -> Codes:
    return by_alias(part) or by_name(part) or frozenset()


def _state(part: str) -> Codes:
    return state_names().get(fold(part), frozenset())


def _part(part: str) -> Codes:
    return (read_code(part) or _named(part) or _mentioned(part)) | _state(part)


def _mentioned(part: str) -> Codes:
    words = fold(part).split()
    spans = (words[i : i + size] for size in range(1, min(_SPAN, len(words)) + 1) for i in range(len(words) - size + 1))
    return frozenset[str]().union(*(english_names().get(" ".join(span), frozenset()) for span in spans))


def _without_parents(codes: Codes) -> Codes:
    children = frozenset(code for code in codes if parent_of(code) in codes)
    parents = frozenset(str(parent_of(code)) for code in children)
    return children if len(children) == 1 and children | parents == codes else codes


@cache
def state_names() -> dict[str, Codes]:
    found: dict[str, set[str]] = {}
    for country in _STATED:
        for state in iso_subdivisions()[country]:
            local = state.code.partition("-")[2]
            for name in (state.name, local) if parent_of(local) != country else ():
                found.setdefault(fold(name), set()).add(country)
    return {name: frozenset(codes) for name, codes in found.items()}
