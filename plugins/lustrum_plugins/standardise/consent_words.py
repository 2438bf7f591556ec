"""The words for consent, and what they answer to a question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal, cast

from lustrum_plugins.standardise.placeholders import is_placeholder
from lustrum_plugins.standardise.word_tables import fold, rows

Asks = Literal["opt_in", "opt_out"]
Said = Literal["yes", "no", "unknown", "either"]

_LABELLED = re.compile(r"(.+?)\s*[:=]\s*(.+)")
_ANSWERS = ("yes", "no")


def read_consent(text: str, asks: Asks = "opt_in") -> Said | None:
    """Give what a text answers to a field's question; None where it is no answer.

    >>> read_consent("Oui"), read_consent("unsubscribed"), read_consent("unsubscribed", "opt_out"), read_consent("blue")
    ('yes', 'no', 'yes', None)
    >>> read_consent("Do not email: false"), read_consent("n/a")
    ('yes', 'unknown')
    """
    said = _word(text)
    if said is None and (labelled := _LABELLED.fullmatch(text)):
        said = _answered(_word(labelled[1]), _word(labelled[2]))
    if said in ("in", "out"):
        return "yes" if (said == "in") == (asks == "opt_in") else "no"
    return cast("Said | None", said) or ("unknown" if is_placeholder(text) else None)


def _answered(label: str | None, answer: str | None) -> str | None:
    """Read an answer to a label: `opt-out: no` is as much as `in`."""
    if label not in ("in", "out") or answer not in _ANSWERS:
        return None
    return label if answer == "yes" else {"in": "out", "out": "in"}[label]


def _word(text: str) -> str | None:
    word = fold(text)
    return _says().get(word) or _says().get(word.strip(" .!\"'()[]“”"))


@cache
def _says() -> Mapping[str, str]:
    return {fold(row["text"]): row["says"] for row in rows("consent_words")}
