"""The nearest known name, for messages about a name nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the known name nearest to `name` as the end of a message, or say nothing.

    >>> did_you_mean("contry", ["country", "phone"])
    'did you mean "country"?'
    >>> did_you_mean("zzz", ["country", "phone"])
    ''
    """
    matches = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f'did you mean "{matches[0]}"?' if matches else ""
