"""Which words can be part of a legal form, so that all others need no look at the forms."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from lustrum_plugins.standardise.legal_forms import JOINING, form_letters, front_beginnings, known_letters

_AND_COMPANY = re.compile("&(?:co?)?$")


@lru_cache(maxsize=1 << 15)
def begins_no_form(word: str) -> bool:
    """Say whether no text that begins with this word is a legal form, or one and `& Co`.

    >>> begins_no_form("Blue"), begins_no_form("Gesellschaft"), begins_no_form("Ltd&Co")
    (True, False, False)
    """
    letters = _letters(word)
    return bool(letters) and letters not in _beginnings()


def begins_front_form(word: str) -> bool:
    """Say whether a legal form that stands before the name may begin with this word.

    >>> begins_front_form("PT"), begins_front_form("AB")
    (True, False)
    """
    return form_letters(word) in front_beginnings()


@lru_cache(maxsize=1 << 15)
def ends_no_form(word: str) -> bool:
    """Say whether no legal form ends with this word.

    >>> ends_no_form("Lamp"), ends_no_form("Haftung")
    (True, False)
    """
    letters = form_letters(word)
    return bool(letters) and letters not in _endings()


@lru_cache(maxsize=1 << 15)
def is_apart(word: str) -> bool:
    """Say whether a word is part of no legal form, and none of those that join a form to a name.

    >>> is_apart("Lamp"), is_apart("beschränkter"), is_apart("und")
    (True, False, False)
    """
    letters = _letters(word)
    joins = word.casefold().strip(".,") in JOINING
    return any(sign.isalnum() for sign in letters) and not joins and letters not in _pieces()


def _letters(word: str) -> str:
    return _AND_COMPANY.sub("", form_letters(word))


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(letters[:place] for letters in known_letters() for place in range(1, len(letters) + 1))


@cache
def _endings() -> frozenset[str]:
    return frozenset(letters[place:] for letters in known_letters() for place in range(len(letters)))


@cache
def _pieces() -> frozenset[str]:
    return frozenset(start[place:] for start in _beginnings() for place in range(len(start)))
