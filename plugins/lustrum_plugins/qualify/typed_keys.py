"""Words as fingers type them that do not write: along a row of keys, on one key, a few keys again and again."""

from __future__ import annotations

import re
from functools import cache

from lustrum_plugins.standardise.word_tables import rows

_RUN = 5
_SHORT_RUN = 4
_KNOWN_RUNS = frozenset({"asdf", "qwer", "zxcv", "jkl", "yxcv", "qsdf", "фыва", "йцук"})
_AGAIN = re.compile(r"(\w{2,4})\1+\w{0,2}")
_VOWELS = re.compile(r"[^bcdfghjklmnpqrstvwxz]")
_CONSONANTS = 6


def is_run(word: str) -> bool:
    """Say whether a word goes along a row of keys, five or more of them, or is one of the well-known four.

    >>> is_run("qwerty"), is_run("ytrewq"), is_run("asdf"), is_run("asdfasdf"), is_run("wert"), is_run("property")
    (True, True, True, True, False, False)
    """
    parts = _AGAIN.fullmatch(word)
    once = parts[1] if parts else word
    return once in _KNOWN_RUNS or (len(word) >= _RUN and (_along(word) or (len(once) >= _SHORT_RUN and _along(once))))


def is_run_of_few(word: str) -> bool:
    """Say whether a word is a short run, a few keys again and again, or consonants that nobody can say.

    >>> is_run_of_few("asdasd"), is_run_of_few("dfgh"), is_run_of_few("sdfkjhsdf"), is_run_of_few("Mimi".lower())
    (True, True, True, False)
    >>> is_run_of_few("bertbert"), is_run_of_few("schwarz"), is_run_of_few("wert")
    (False, False, False)
    """
    repeated = _AGAIN.fullmatch(word)
    if repeated and _unsayable(repeated[1]) and len(word) > _RUN:
        return True
    return (len(word) == _SHORT_RUN and _along(word) and _unsayable(word)) or (
        len(word) >= _CONSONANTS and word.isascii() and not _VOWELS.search(word)
    )


def is_one_key(word: str) -> bool:
    """Say whether a word is one letter, once or again and again.

    >>> is_one_key("aaaa"), is_one_key("x"), is_one_key("anna")
    (True, True, False)
    """
    return word.isalpha() and len(set(word)) == 1


def _unsayable(keys: str) -> bool:
    return _along(keys) and keys not in _words()


def _along(word: str) -> bool:
    return any(word in row for row in _rows_both_ways())


@cache
def _words() -> frozenset[str]:
    return frozenset({"wert", "trew", "oper", "power", "were"})


@cache
def _rows_both_ways() -> tuple[str, ...]:
    both = [(row["row"], row["row"][::-1]) for row in rows("keyboard_rows")]
    return tuple(way for pair in both for way in pair)
