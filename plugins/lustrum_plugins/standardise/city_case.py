"""Capital letters in a city's name."""

from __future__ import annotations

import re

from lustrum_plugins.standardise.word_tables import words

_WORD = re.compile(r"[^\s/(\-–]+")
_ELIDED = re.compile(r"^(d|l|dell|nell|all|sull|sant|o|qu)(['’])(.+)$")
_LEADING = re.compile(r"^(['’][st])$")
_SCOTTISH = re.compile(r"^mc(?=[a-z]{3})")
_NUMERALS = frozenset({"ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii", "xiii", "xiv", "xv", "xvi"})
_VOWEL = re.compile(r"[aeiou]", re.IGNORECASE)
_SMALL = frozenset({"d", "dell", "nell", "all", "sull", "qu"})


def needs_capitals(text: str) -> bool:
    """Say whether a name is all in capitals or all in small letters, abbreviations aside.

    >>> needs_capitals("BERLIN"), needs_capitals("berlin"), needs_capitals("Berlin"), needs_capitals("NYC")
    (True, True, False, False)
    """
    if text == text.lower():
        return text != text.upper()
    return text == text.upper() and not _is_abbreviation(text)


def _is_abbreviation(text: str) -> bool:
    return len(text) < 3 or (len(text) < 4 and text.isascii() and not _VOWEL.search(text))


def capitalised(text: str, country: str | None = None) -> str:
    """Write a name with capitals, particles small.

    >>> capitalised("STRATFORD-UPON-AVON"), capitalised("rio de janeiro"), capitalised("L'AQUILA")
    ('Stratford-upon-Avon', 'Rio de Janeiro', "L'Aquila")
    """
    small = text.lower().replace("i̇", "i")
    return _WORD.sub(lambda word: _word(word[0], word.start() == 0, word.end() == len(small), country), small)


def _word(word: str, first: bool, last: bool, country: str | None) -> str:
    if _LEADING.match(word) or (not first and not last and _is_particle(word)):
        return word
    if word in _NUMERALS and not first:
        return word.upper()
    if elided := _ELIDED.match(word):
        head, mark, rest = elided.groups()
        return f"{head if head in _SMALL and not first else head.capitalize()}{mark}{rest[0].upper()}{rest[1:]}"
    if country in {"NL", "BE"} and word.startswith("ij"):
        return f"IJ{word[2:]}"
    if _SCOTTISH.match(word):
        return f"Mc{word[2].upper()}{word[3:]}"
    return _initial(word)


def _is_particle(word: str) -> bool:
    return word.rstrip("'’") in words("city_particles", "particle")


def _initial(word: str) -> str:
    at = next((i for i, c in enumerate(word) if c.isalpha()), 0)
    return word[:at] + word[at : at + 1].title() + word[at + 1 :]
