"""The letters a company's name may be told in at once: those whose case can be repaired, and more that only stay."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable


def _is_plain(letter: str) -> bool:
    return (
        letter.islower() != letter.isupper()
        and letter.swapcase().swapcase() == letter
        and letter.casefold() == letter.lower()
        and unicodedata.normalize("NFKC", letter) == letter
    )


def _stays(letter: str) -> bool:
    """Say whether a letter, beside whichever other of these, is as it should be."""
    return (
        unicodedata.category(letter) in {"Lu", "Ll", "Lo"}
        and unicodedata.normalize("NFC", letter) == letter
        and " " not in unicodedata.normalize("NFKC", letter.casefold())
    )


def _of(places: tuple[range, ...], are: Callable[[str], bool]) -> str:
    return "".join(letter for place in places for letter in map(chr, place) if are(letter))


LATIN = "A-Za-z" + _of((range(0xC0, 0x180),), _is_plain)
"""Latin letters that small and capital are each other's, for a class of a regular expression."""

_ALPHABETS = (
    range(0xC0, 0x250),
    range(0x370, 0x400),
    range(0x400, 0x530),
    range(0x5D0, 0x5EB),
    range(0x620, 0x64B),
    range(0x1E00, 0x2000),
    range(0x3041, 0x3097),
    range(0x30A1, 0x30FB),
)
_SYLLABLES = "\u30fc\u4e00-\u9fff\uac00-\ud7a3"
MANY = "A-Za-z" + _of(_ALPHABETS, _stays) + _SYLLABLES
"""Latin, Greek, Cyrillic, Hebrew, Arabic, Chinese, Japanese and Korean letters in one piece, for such a class."""
