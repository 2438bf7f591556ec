"""The JSON of an answer, and its single values as the text of a cell."""

from __future__ import annotations

import json
from typing import NoReturn


class NoValue(Exception):
    """What stands in an answer is no single value: a list, an object, or a text with half a letter of UTF-16."""


def read_document(body: bytes | str) -> object:
    """Read JSON; numbers stay as they are written. Raises `ValueError`.

    >>> read_document('{"id": 7.10}')
    {'id': '7.10'}
    """
    try:
        return json.loads(body, parse_int=str, parse_float=str, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def cell_text(value: object) -> str | None:
    """Write a single value as a cell; null and empty text are None. Raises `NoValue`.

    >>> cell_text("Acme"), cell_text(True), cell_text("")
    ('Acme', 'true', None)
    """
    if isinstance(value, bool):
        return str(value).lower()
    if value is not None and not isinstance(value, str):
        raise NoValue
    if value and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise NoValue
    return value or None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
