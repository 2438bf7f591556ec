"""Cells of a table as text, and text as what a column holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

_WORDS = {"true": True, "false": False, "1": True, "0": False}


def _boolean(text: str) -> bool:
    return _WORDS[text.lower()]


_READERS: Mapping[type, Callable[[str], object]] = {
    bool: _boolean,
    int: int,
    float: float,
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    time: time.fromisoformat,
    UUID: UUID,
    str: str,
}


def is_readable(kind: type) -> bool:
    """Say whether columns of this type hold something that has a text."""
    return kind in _READERS


def cell_text(value: Any) -> str | None:
    """Give a cell as text: dates and times as ISO 8601 has them; nothing, and an empty text, are None.

    >>> cell_text(date(2026, 1, 31)), cell_text(True), cell_text(Decimal("1.50")), cell_text("")
    ('2026-01-31', 'true', '1.50', None)
    """
    match value:
        case None | "":
            return None
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case date() | time():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", "backslashreplace")
        case _:
            return str(value)


def cell_value(text: str | None, kind: type) -> object:
    """Give what a column of this type holds for a text. Raises `ValueError`, of which the text is the message.

    >>> cell_value("12", int), cell_value(None, str), cell_value("false", bool)
    (12, None, False)
    """
    if text is None:
        return None
    try:
        return _READERS[kind](text)
    except (KeyError, ValueError, InvalidOperation):
        raise ValueError(text) from None
