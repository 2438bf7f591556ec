"""The text of a place name, made comparable across spelling, script form and punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from lustrum_plugins.standardise import placeholders
from lustrum_plugins.standardise.word_tables import rows

_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ə": "e"})
_SILENT = re.compile(r"['’‘`´ʻʼʽʾʿ‘“”\"]")
_ASCII = str.maketrans(
    {sign: "" if _SILENT.match(sign) else " " for sign in map(chr, range(128)) if not sign.isalnum()} | {"&": " and "}
)
_ACCENTS = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u0652\u0670\u0640]")
_INITIALS = re.compile(r"\b[a-z](?: [a-z]\b)+")
_MOJIBAKE = re.compile("[ÃÂÐÑØÙ][\u0080-\u00bf\u0152-\u0178\u2013-\u2122]|â€")
_REMEMBERED = 50_000
_BREAKS = re.compile(r"[,;/|()\[\]?!]+|\s[-–—]\s|\.{2,}")


@lru_cache(_REMEMBERED)
def tidy(text: str) -> str:
    """Trim, unify Unicode forms and white space, repair UTF-8 read as something else.

    >>> tidy("  New\\u00a0 York "), tidy("CÃ´te d'Ivoire")
    ('New York', "Côte d'Ivoire")
    """
    text = unicodedata.normalize("NFC", text)  # a mark may have been parted from its letter, which is then not known
    if _MOJIBAKE.search(text):
        import ftfy

        text = ftfy.fix_text(text)
    return " ".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(_REMEMBERED)
def fold(text: str) -> str:
    """Reduce a name to what identifies it: case, accents and punctuation go.

    >>> fold("Côte d’Ivoire"), fold("U. S. A."), fold("St. Kitts & Nevis")
    ('cote divoire', 'usa', 'st kitts and nevis')
    """
    words = (text.casefold().translate(_ASCII) if text.isascii() else _lettered(text)).split()
    return _INITIALS.sub(lambda run: run[0].replace(" ", ""), " ".join(words))


def _lettered(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold().translate(_LETTERS)
    text = unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", _SILENT.sub("", text))))
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text)


def segments(text: str) -> list[str]:
    """Cut a cell at commas, slashes, brackets and dashes.

    >>> segments("Savannah, GA (USA)")
    ['Savannah', 'GA', 'USA']
    """
    return [part.strip() for part in _BREAKS.split(text) if part.strip(" .*-–—_")]


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(fold(row["text"]) for row in rows("place_placeholders"))


def is_placeholder(text: str) -> bool:
    """Say whether a cell stands for a place not told.

    >>> is_placeholder("N/A"), is_placeholder("-- Select country --"), is_placeholder("Chad")
    (True, True, False)
    """
    folded = fold(text)
    return not folded or folded in _placeholders() or placeholders.is_placeholder(text)
