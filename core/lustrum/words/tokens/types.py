"""The types a `my` token may have, and what is a value of each."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

from lustrum.words.tokens.token import TokenError


class TokenType(Enum):
    """The types of `my` tokens; text unless the project says otherwise."""

    TEXT = "text"
    NUMBER = "number"
    SCORE = "score"
    DATE = "date"


_WRITTEN: Final = {
    TokenType.NUMBER: re.compile(r"-?[0-9]+(?:\.[0-9]+)?"),
    TokenType.SCORE: re.compile(r"(?:[+-]|=-?)[0-9]{1,9}"),
    TokenType.DATE: re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}
_EXPECTED: Final = {
    TokenType.NUMBER: ("no number", "write it as 5, -5 or 2.5; +5 is a score"),
    TokenType.SCORE: (
        "no change of a score",
        "write +10 to add, -5 to take away, =0 or =-5 to set; at most nine digits",
    ),
    TokenType.DATE: ("no date", "write it as yyyy-mm-dd, such as 2024-01-31"),
}


def check_token_value(kind: TokenType, value: str) -> str:
    """Write a value in its type's normal form; text stays as it is. Raises `TokenError` saying what is expected.

    >>> check_token_value(TokenType.NUMBER, " 007.50 "), check_token_value(TokenType.SCORE, "+5")
    ('7.50', '+5')
    """
    if kind is TokenType.TEXT:
        return value
    tidy = value.strip()
    if not _WRITTEN[kind].fullmatch(tidy) or (kind is TokenType.DATE and not _in_calendar(tidy)):
        what, remedy = _EXPECTED[kind]
        raise TokenError(f'"{value}" is {what}', remedy)
    return f"{Decimal(tidy):f}" if kind is TokenType.NUMBER else tidy


def _in_calendar(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True
