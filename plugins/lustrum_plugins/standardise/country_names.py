"""Which countries a name may mean: own aliases, English names, everyday and native names of many languages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.iso_3166 import iso_countries
from lustrum_plugins.standardise.place_text import fold
from lustrum_plugins.standardise.territories import SEPARATOR, find_territory, territories
from lustrum_plugins.standardise.word_tables import rows

Codes = frozenset[str]
"""What a name may mean: one country, several, or none (a name known to be no country)."""

_SPELT_OUT = {
    "rep": "republic",
    "dem": "democratic",
    "fed": "federated",
    "sts": "state",
    "st": "saint",
    "isd": "island",
    "is": "island",
    "isl": "island",
    "br": "british",
    "n": "north",
    "s": "south",
    "ter": "territory",
    "terr": "territory",
    "excluding": "except",
    "excl": "except",
}
_IDLE = frozenset({"the", "of", "and"})
_ARTICLE = re.compile(
    r"^(?:the|la|le|les|l|el|los|las|il|lo|gli|o|os|as|die|der|das|de|het|al) | (?:the|la|le|les|l|el|los|las)$"
)
_ELISION = re.compile(r"(?<=\b[dl])['’]", re.IGNORECASE)
_UNNAMED = frozenset({"CN", "TW", "KP", "KR", "CD", "CG"})


@cache
def aliases() -> dict[str, Codes]:
    """Give our own spellings; no code means "known not to be a country", several "cannot be told"."""
    return {fold(row["alias"]): frozenset(row["countries"].split()) for row in rows("country_aliases")}


@cache
def english_names() -> dict[str, Codes]:
    """Give the names of ISO 3166-1 and the English ones of CLDR."""
    return _index(_english())


@cache
def native_names() -> dict[str, Codes]:
    """Give the CLDR names in the languages CLDR covers best."""
    meant = ((frozenset(row["countries"].split()), row["names"]) for row in rows("country_native_names"))
    return {name: codes for codes, names in meant for name in names.split(SEPARATOR)}


@cache
def _bags() -> dict[frozenset[str], Codes]:
    merged: defaultdict[frozenset[str], set[str]] = defaultdict(set)
    for names in (english_names(), aliases()):
        for name, codes in names.items():
            merged[_bag(name)] |= codes
    return {bag: frozenset(codes) for bag, codes in merged.items() if codes}


@cache
def _descriptors() -> tuple[tuple[str, bool], ...]:
    found = {(fold(row["descriptor"]), row["place"] == "before") for row in rows("country_descriptors")}
    return tuple(sorted(found, key=lambda item: -len(item[0])))


@cache
def _descriptor_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    before = tuple(descriptor for descriptor, is_before in _descriptors() if is_before)
    return before, tuple(descriptor for descriptor, is_before in _descriptors() if not is_before)


def by_alias(text: str) -> Codes | None:
    """Look a name up among our own spellings.

    >>> by_alias("Holland"), by_alias("Narnia")
    (frozenset({'NL'}), None)
    """
    return aliases().get(fold(text))


def by_name(text: str) -> Codes | None:
    """Look a name up among English, everyday and native names, formal descriptions aside.

    >>> by_name("Korea, Republic of"), by_name("Repubblica di Malta"), by_name("Atlantis")
    (frozenset({'KR'}), frozenset({'MT'}), None)
    """
    folded = fold(text)
    bare = _ARTICLE.sub("", fold(_ELISION.sub(" ", text)))
    for name in dict.fromkeys((folded, bare)):
        if (found := _known(name)) is not None:
            return found
    if (found := _everyday(text)) is not None:
        return found
    return _without_descriptor(bare)


def _known(name: str) -> Codes | None:
    for names in (aliases(), english_names()):
        if name in names:
            return names[name]
    if (found := _bags().get(_bag(name))) is not None:
        return found
    return native_names().get(name)


def _without_descriptor(folded: str) -> Codes | None:
    before, after = _descriptor_words()
    if not folded.startswith(before) and not folded.endswith(after):
        return None
    for descriptor, is_before in _descriptors():
        rest = _rest(folded, descriptor, is_before)
        if rest is None:
            continue
        for name in dict.fromkeys((rest, _ARTICLE.sub("", rest))):
            found = _known(name)
            found = _everyday(name) if found is None else found
            if found and not found & _UNNAMED:
                return found
    return None


def _rest(folded: str, descriptor: str, before: bool) -> str | None:
    rest = folded.removeprefix(descriptor) if before else folded.removesuffix(descriptor)
    unspaced = not descriptor.isascii()
    if rest == folded or not rest.strip() or not (unspaced or (rest[0] if before else rest[-1]) == " "):
        return None
    return rest.strip()


def _everyday(text: str) -> Codes | None:
    folded = fold(text)
    if len(folded) < 4 and folded.isascii():
        return None
    territory = find_territory(text)
    if territory is None or folded in {fold(place) for place in territory.places}:
        return None
    while territory.code.upper() not in countries():
        if territory.parent is None:
            return frozenset()
        territory = territories()[territory.parent]
    return frozenset({territory.code.upper()})


def parent_of(code: str) -> str | None:
    """Name the country a territory belongs to.

    >>> parent_of("AW"), parent_of("JE"), parent_of("NL")
    ('NL', 'GB', None)
    """
    if code in _parents():
        return _parents()[code]
    territory = territories().get(code.lower())
    return territory.parent.upper() if territory and territory.parent else None


@cache
def _parents() -> dict[str, str]:
    return {row["country"]: row["parent"] for row in rows("country_parents")}


def _bag(name: str) -> frozenset[str]:
    singular = (_singular(word) for word in name.split() if word not in _IDLE)
    return frozenset([_SPELT_OUT.get(word, word) for word in singular])


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, Codes]:
    merged: defaultdict[str, set[str]] = defaultdict(set)
    for name, code in pairs:
        merged[fold(name)].add(code)
    return {name: frozenset(codes) for name, codes in merged.items()}


def _english() -> Iterator[tuple[str, str]]:
    for code, country in countries().items():
        yield country.name, code
    for entry in iso_countries():
        yield from ((name, entry.alpha_2) for name in entry.names)
    yield from ((row["name"], row["country"]) for row in rows("country_english_names"))
