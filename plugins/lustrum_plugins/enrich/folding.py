"""Which differences between two keys do not count."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Literal

Fold = Literal["case", "width", "accents", "punctuation", "spaces"]


def fold(text: str, ignored: Collection[Fold]) -> str:
    """Make texts equal that differ in nothing that counts; spaces around and how letters are composed never count.

    >>> fold(" Straße ", ("case",)), fold("Café-Bar", ("accents", "punctuation")), fold("Ａ  9", ("width", "spaces"))
    ('strasse', 'CafeBar', 'A9')
    """
    form: Literal["NFKD", "NFD"] = "NFKD" if "width" in ignored else "NFD"
    text = unicodedata.normalize(form, text)
    if "case" in ignored:
        text = unicodedata.normalize(form, text.casefold())
    dropped = "".join({"accents": "M", "punctuation": "P"}.get(each, "") for each in ignored)
    if dropped:
        text = "".join(letter for letter in text if unicodedata.category(letter)[0] not in dropped)
    return "".join(text.split()) if "spaces" in ignored else text.strip()
