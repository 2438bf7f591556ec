"""When two texts are the same spelling."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Make texts that differ only in case, width, composition or spaces equal.

    >>> fold("  Ｎ／Ａ "), fold("MÜLLER  & Co"), fold("I\u0307stanbul") == fold("İSTANBUL")
    ('n/a', 'müller & co', True)
    """
    once = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", once).split())
