"""The words of job titles: what each says about the level and the function, found in a title longest first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from lustrum_plugins.standardise.word_tables import rows

_FORMS = re.compile(
    r"\((?:[mwfdxh]\s*[/|,]\s*)+[mwfdxh]\)|(?<=\w)(?:[/:*_]-?|\(-?)(?:in|innen|a|e|ne|trice|rice|euse|ère)\b(?!-)\)?"
)
_LETTERS = re.compile(r"\b([^\W\d_]{1,2})\s?&\s?([^\W\d_])\b")
_TOKEN = re.compile(r"[぀-ヿ㐀-鿿]|[^\W_]+|[/,;|&+()]|(?<=\s)[-–—](?=\s)|[–—]|:")
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "đ": "d"})
_AND = frozenset({"and", "und", "et", "y", "e", "og", "och", "&", "+", "/"})
_MARKS = frozenset(",;|():-–—")
_LONGEST = 8
_LINKS = ("", "s", "en", "n", "e")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase of a title; `kind` is `title`, `topic`, `and`, `mark`, `unknown`, or as the table says."""

    text: str
    kind: str
    level: str = ""
    function: str = ""
    weak: bool = False
    language: str = ""


def plain_words(text: str) -> str:
    """Fold a text for comparing: case, width, accents and forms of gender aside.

    >>> plain_words("Geschäftsführer/in (m/w/d)"), plain_words("PRÉSIDENT")
    ('geschaftsfuhrer ', 'president')
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = _LETTERS.sub(r"\1 \2", _FORMS.sub("", folded))
    if folded.isascii():
        return folded
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
    return bare.translate(_PLAIN)


def tokens(text: str) -> tuple[str, ...]:
    """Divide a text into its words and the signs between titles; each Chinese or Japanese sign is one.

    >>> tokens("VP, R&D"), tokens("営業部長")
    (('vp', ',', 'r', 'd'), ('営', '業', '部', '長'))
    """
    return tuple(_TOKEN.findall(plain_words(text)))


def title_words(text: tuple[str, ...]) -> tuple[Word, ...]:
    """Read tokens as the longest phrases known.

    >>> [(word.text, word.kind) for word in title_words(tokens("Head of Whales"))]
    [('head', 'title'), ('of', 'of'), ('whales', 'unknown')]
    """
    found: list[Word] = []
    place = 0
    while place < len(text):
        word, length = _longest(text, place)
        found.extend(word)
        place += length
    return tuple(found)


def _longest(text: tuple[str, ...], place: int) -> tuple[tuple[Word, ...], int]:
    for length in range(min(_LONGEST, len(text) - place), 0, -1):
        if word := phrases().get(text[place : place + length]):
            return (word,), length
    token = text[place]
    if token in _AND or token in _MARKS:
        return (Word(token, "and" if token in _AND else "mark"),), 1
    return tuple(_compound(token)), 1


def _compound(token: str) -> Iterator[Word]:
    for start in range(2, len(token) - 3):
        if ending := _endings().get(token[start:]):
            front = token[:start]
            known = (phrases().get((front.removesuffix(link),)) for link in _LINKS if front.endswith(link))
            function = next((word.function for word in known if word and word.function), "")
            yield replace(ending, text=token, function=function or ending.function, weak=ending.weak and not function)
            return
    yield Word(token, "unknown")


@cache
def phrases() -> Mapping[tuple[str, ...], Word]:
    """Give the known phrases by their tokens; where languages disagree, the one listed first."""
    found: dict[tuple[str, ...], Word] = {}
    for row in rows("title_words"):
        found.setdefault(tokens(row["phrase"]), _word(row))
    return found


@cache
def _endings() -> Mapping[str, Word]:
    return {plain_words(row["phrase"]): _word(row) for row in rows("title_words") if row["ending"]}


def _word(row: Mapping[str, str]) -> Word:
    return Word(
        text=row["phrase"],
        kind=row["kind"],
        level=row["level"],
        function=row["function"],
        weak=bool(row["weak"]),
        language=row["language"],
    )
