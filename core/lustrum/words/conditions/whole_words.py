"""Whole words of a text: what `has word` asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from lustrum.words.conditions.errors import ConditionError
from lustrum.words.conditions.tree import Condition
from lustrum.words.conditions.values import Constant, Value

_WORD: Final = r"[\p{L}\p{M}\p{N}]+"
_GAP: Final = r"[^\p{L}\p{M}\p{N}]+"


@dataclass(frozen=True, slots=True)
class HasWord(Condition):
    """Holds when a text has a word, or several in a row, ignoring case; words are runs of letters and digits."""

    operand: Value
    phrase: Value

    def __str__(self) -> str:
        return f"has_word({self.operand}, {self.phrase})"

    @property
    def values(self) -> tuple[Value, ...]:
        """Give the text and the words."""
        return (self.operand, self.phrase)


def has_word(operand: Value, phrase: Value) -> Condition:
    """Ask whether a text has the words of a phrase in a row. Raises `ConditionError` for a phrase without a word."""
    if isinstance(phrase, Constant) and not _words(phrase.text):
        what = f'"{phrase.text}" has no word in it, neither a letter nor a digit'
        raise ConditionError(what, "write a word, or ask contains for other signs", operand.where)
    return HasWord(operand, phrase)


def has_fixed_words(text: pl.Expr, phrase: str) -> pl.Expr:
    """Say whether a text has the words of this phrase in a row; the time is linear in the length of the text.

    >>> titles = pl.DataFrame({"title": ["CTO/Co-founder", "Director", None]})
    >>> titles.select(has_fixed_words(pl.col("title"), "cto"))["title"].to_list()
    [True, False, None]
    """
    row = _GAP.join(_words(phrase))
    return text.str.to_lowercase().str.contains(rf"(?:\A|{_GAP}){row}(?:{_GAP}|\z)")


def has_shown_words(text: pl.Expr, phrase: pl.Expr) -> pl.Expr:
    """Say whether a text has in a row the words that another column shows; null where that has none."""
    shown = _spaced(phrase)
    return _spaced(text).str.contains(pl.when(shown != "  ").then(shown), literal=True)


def _words(phrase: str) -> list[str]:
    words: list[str] = pl.Series([phrase]).str.to_lowercase().str.extract_all(_WORD).to_list()[0]
    return words


def _spaced(text: pl.Expr) -> pl.Expr:
    words = text.str.to_lowercase().str.replace_all(_GAP, " ").str.strip_chars(" ")
    return pl.concat_str(pl.lit(" "), words, pl.lit(" "))
