"""Which words can be part of a legal form, so that all others need no look at the forms."""

from __future__ import annotations

import re
from functools import cache

from lustrum_plugins.standardise.legal_forms import JOINING, form_letters, known_letters

_AND_COMPANY = re.compile("&(?:co?)?$")


def begins_no_form(word: str) -> bool:
    """Say whether no text that begins with this word is a legal form, or one and `& Co`.

    >>> begins_no_form("Blue"), begins_no_form("Gesellschaft"), begins_no_form("Ltd&Co")
    (True, False, False)
    """
    letters = _AND_COMPANY.sub("", form_letters(word))
    return bool(letters) and letters not in _beginnings()


def ends_no_form(word: str) -> bool:
    """Say whether no legal form ends with this word.

    >>> ends_no_form("Lamp"), ends_no_form("Haftung")
    (True, False)
    """
    letters = form_letters(word)
    return bool(letters) and letters not in _endings()


def is_apart(word: str) -> bool:
    """Say whether a word is part of no legal form, and none of those that join a form to a name.

    >>> is_apart("Lamp"), is_apart("beschränkter"), is_apart("und")
    (True, False, False)
    """
    letters = form_letters(word)
    joins = word.casefold().strip(".,") in JOINING
    return any(sign.isalnum() for sign in word) and not joins and letters not in _pieces()


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(letters[:place] for letters in known_letters() for place in range(1, len(letters) + 1))


@cache
def _endings() -> frozenset[str]:
    return frozenset(letters[place:] for letters in known_letters() for place in range(len(letters)))


@cache
def _pieces() -> frozenset[str]:
    return frozenset(start[place:] for start in _beginnings() for place in range(len(start)))
