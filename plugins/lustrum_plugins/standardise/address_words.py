"""The words of American addresses that the Postal Service abbreviates, and how one is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from lustrum_plugins.standardise.city_case import capitalised
from lustrum_plugins.standardise.word_tables import rows

Style = Literal["as_written", "short", "long"]
Kind = Literal["suffix", "unit", "directional", "letters"]

_KINDS: Mapping[str, Kind] = {
    "StreetNamePreType": "suffix",
    "StreetNamePostType": "suffix",
    "StreetNamePreDirectional": "directional",
    "StreetNamePostDirectional": "directional",
    "OccupancyType": "unit",
}
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{2,3}", re.IGNORECASE)
_STATE = re.compile(r"[A-Za-z]\.?[A-Za-z]\.?")
_NUMBERED = frozenset({"highway", "hwy", "road", "rd", "route", "rte", "state", "county"})
_TITLES = frozenset({"dr", "jr", "sr", "mt", "st", "ft", "pt"})


@cache
def _known(*kinds: Kind) -> Mapping[str, Mapping[str, str]]:
    return {row["word"]: row for row in rows("address_words") if row["kind"] in kinds}


def styled(word: str, label: str, style: Style) -> str:
    """Write one word of an address, read as what its label says, in full or abbreviated.

    >>> styled("St.", "StreetNamePostType", "long"), styled("North", "StreetNamePreDirectional", "short")
    ('Street', 'N')
    >>> styled("St", "StreetName", "long"), styled("Apartment", "OccupancyType", "short")
    ('St', 'Apt')
    """
    kind = _KINDS.get(label)
    row = _known(kind).get(word.lower().replace(".", "")) if kind and style != "as_written" else None
    return row[style] if row else word


def recased(word: str, label: str, before: str) -> str:
    """Write a word of an address that is all in capitals or all in small letters in its usual case.

    `before` is the word before it: what follows a numbered road's type is its letter (County Road LL).

    >>> recased("MCKINLEY", "StreetName", "123"), recased("nw", "StreetNamePostDirectional", "ave")
    ('McKinley', 'NW')
    >>> recased("LL", "StreetName", "ROAD"), recased("42ND", "StreetName", "W")
    ('LL', '42nd')
    >>> recased("2F", "OccupancyIdentifier", "")
    '2F'
    """
    bare = word.lower().replace(".", "")
    if _ORDINAL.fullmatch(bare):
        return word.lower()
    if any(sign.isdigit() for sign in word):
        return word.upper() if label == "OccupancyIdentifier" else word
    if _stays_large(word, bare, label, before):
        return word.upper()
    row = _known("suffix", "unit").get(bare)
    if row and bare == row["short"].lower():
        return row["short"] + word[len(bare) :]
    return capitalised(f"x {word} x")[2:-2] if before else capitalised(word)


def _stays_large(word: str, bare: str, label: str, before: str) -> bool:
    if label == "StateName":
        return bool(_STATE.fullmatch(word))
    if bare in _known("letters") or len(bare) == 1:
        return True
    if bare in _known("directional"):
        return len(bare) == 2
    known = bare in _known("suffix", "unit") or bare in _TITLES
    numbered = label == "StreetName" and len(bare) <= 3 and before.lower() in _NUMBERED
    return (numbered and not known) or (bool(_CONSONANTS.fullmatch(bare)) and not known)
