"""Texts that stand where somebody had no answer: `n/a`, `-`, `unknown`, `test`, in several languages."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal

import polars as pl

from lustrum_plugins.standardise.word_tables import fold, words

Field = Literal["person", "company", "email", "phone"]

_BRACKETS = "[](){}<>\"'“”„«»*"
_CLOSING = f"{_BRACKETS}.,!?:"


def is_placeholder(text: str, field: Field | None = None) -> bool:
    """Say whether a text only fills a field; some words do so in one kind of field only.

    >>> is_placeholder(" N/A "), is_placeholder("---"), is_placeholder("[not provided]"), is_placeholder("Nora")
    (True, True, True, False)
    >>> is_placeholder("Self"), is_placeholder("Self", "company")
    (False, True)
    """
    word = fold(text).strip(_BRACKETS).strip()
    if not any(character.isalnum() for character in word):
        return True
    bare = word.rstrip(".!?:")
    known = words("placeholders", "text", field="any")
    return any(form in known or (field and form in words("placeholders", "text", field=field)) for form in (word, bare))


@lru_cache(maxsize=1 << 15)
def may_begin_placeholder(word: str, field: Field) -> bool:
    """Say whether a text that begins with this word, and with a letter or digit, may only fill a field.

    >>> may_begin_placeholder("Not", "company"), may_begin_placeholder("Blue", "company")
    (True, False)
    """
    return fold(word).rstrip(_CLOSING) in _openings(field)


@cache
def _openings(field: Field) -> frozenset[str]:
    known = words("placeholders", "text", field="any") | words("placeholders", "text", field=field)
    return frozenset(text.partition(" ")[0].rstrip(_CLOSING) for text in known)


def unbracketed(texts: pl.Expr) -> pl.Expr:
    """Take off the brackets and quotes round many texts."""
    return texts.str.strip_chars(_BRACKETS).str.strip_chars(" ")


def are_placeholders(texts: pl.Expr, field: Field | None = None) -> pl.Expr:
    """Say the same of many folded texts, which neither begin nor end with a bracket, a blank, or `.!?:`."""
    kinds: tuple[str, ...] = ("any", field) if field else ("any",)
    known = {word for kind in kinds for word in words("placeholders", "text", field=kind)}
    return ~texts.str.contains(r"[\p{L}\p{N}]") | texts.is_in(known)
