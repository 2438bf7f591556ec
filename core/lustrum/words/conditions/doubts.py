"""What is written as one value and looks like several."""

from __future__ import annotations

import re
from typing import Final

_BREAK: Final = re.compile(r"\s*(?:,\s|;|\sor\s)\s*", re.IGNORECASE)
_JUDGED: Final = tuple(
    denied + word for word in ("is", "contains", "has word", "starts with", "ends with") for denied in ("", "not ")
)


def one_or_several(operator: str, text: str, *, in_mapping: bool) -> str:
    """Doubt that a text after an operator is one value, and say how to write several, or nothing.

    >>> print(one_or_several("is", "Germany; Italy", in_mapping=False))
    "Germany; Italy" is one value; write is [Germany, Italy] if these are several, is "Germany; Italy" if not
    >>> one_or_several("is", "Germany", in_mapping=False)
    ''
    """
    several = [item for item in _BREAK.split(text.strip()) if item]
    if len(several) < 2 or operator not in (*_JUDGED, "is not") or "{{" in text:
        return ""
    start, one = (f"{operator}:", f'["{text}"]') if in_mapping else (operator, f'"{text}"')
    listed = f"{start} [{', '.join(several)}]"
    return f'"{text}" is one value; write {listed} if these are several, {start} {one} if not'
