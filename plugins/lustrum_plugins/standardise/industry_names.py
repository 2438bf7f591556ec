"""Which segments a name of an industry may stand for, in the main languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from lustrum_plugins.standardise.industry_codes import Segments, nace_labels
from lustrum_plugins.standardise.word_tables import rows, words

_PARTS = re.compile(r"[/,;|&+・、]|\s[-–—]\s|\b(?:and|und|et|y|og|och)\b")
_SLIPS = ((10, 2), (6, 1))
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "đ": "d"})


@cache
def segments() -> Mapping[str, str]:
    """Give the names of the segments by their codes.

    >>> len(segments()), segments()["TEC"]
    (28, 'Software & IT Services')
    """
    return {row["code"]: row["name"] for row in rows("industry_segments")}


def key(name: str) -> str:
    """Fold a name for comparing: case, width, accents, signs and words for and aside.

    >>> key("Pêche & Forêt"), key("Food  and/or Drink"), key("E-Commerce")
    ('peche foret', 'food or drink', 'e commerce')
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign)).translate(_PLAIN)
    pieces = re.sub(r"[\W_]+", " ", bare).split()
    joining = words("industry_words", "word", kind="joining")
    return " ".join(word for place, word in enumerate(pieces) if not place or word not in joining)


def by_name(text: str) -> Segments | None:
    """Read a name, with words such as sector aside, or several names joined; empty: a name for no industry.

    >>> by_name("Software / SaaS"), by_name("Banking industry"), by_name("Whales"), by_name("Other")
    (frozenset({'TEC'}), frozenset({'FIN'}), None, frozenset())
    """
    if (found := _whole(text)) is not None:
        return found
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    known = [_whole(part) for part in parts]
    told = [segments for segments in known if segments]
    return frozenset[str]().union(*told) if len(parts) > 1 and len(told) == len(known) else None


def _whole(text: str) -> Segments | None:
    told = key(text)
    generic = words("industry_words", "word", kind="generic")
    bare = " ".join(word for word in told.split() if word not in generic)
    for form in (told, bare):
        if form and (found := _names().get(form, _labels().get(form))) is not None:
            return found
    return None


@lru_cache(maxsize=4096)
def by_typo(text: str) -> Segments | None:
    """Read a name that is a slip away (two, in a long one), if all names that near mean the same.

    >>> by_typo("Helthcare"), by_typo("Retial"), by_typo("Magic")
    (frozenset({'HEA'}), frozenset({'RET'}), None)
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    told = key(text)
    slips = next((slips for length, slips in _SLIPS if len(told) >= length), 0)
    if not slips or not told.isascii():
        return None
    near = process.extract(told, _choices(), scorer=OSA.distance, score_cutoff=slips + 1, limit=None)
    near.sort(key=lambda match: match[1])
    if not near or near[0][1] > slips or near[0][0][0] != told[0]:
        return None
    best = near[0][1]
    found = {_names()[name] for name, distance, _ in near if distance <= best + (best > 1)}
    return found.pop() if len(found) == 1 else None


@cache
def _choices() -> tuple[str, ...]:
    return tuple(name for name, codes in _names().items() if codes and len(name) >= 5 and name.isascii())


@cache
def _names() -> Mapping[str, Segments]:
    own = {key(row["name"]): frozenset({row["code"]}) for row in rows("industry_segments")}
    return {**{key(row["name"]): frozenset(row["segments"].split()) for row in rows("industry_names")}, **own}


@cache
def _labels() -> Mapping[str, Segments]:
    return {key(label): codes for label, codes in nace_labels().items()}
