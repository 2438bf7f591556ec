"""Values of JSON: what they are as the text of a cell, and how texts are written back; numbers keep their digits."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import NoneType
from typing import Any, Final, Literal, TypeAlias, cast

import msgspec

Kind: TypeAlias = Literal["text", "number", "boolean", "nested"]
Record: TypeAlias = Mapping[str, Any]


class Number(str):
    """A number by its digits, as they stand in the file."""

    __slots__ = ()


MOST_LEVELS: Final = 100
"""Lists and objects may stand so deep in each other, that of the lead included."""


class RepeatedName(ValueError):
    """An object has a name twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise RepeatedName
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_NUMBER: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_KINDS: Final[Mapping[type, Kind | None]] = {
    NoneType: None,
    str: "text",
    Number: "number",
    bool: "boolean",
    dict: "nested",
    list: "nested",
}
_BOOLEANS: Final = {"true": True, "false": False}
_decoder: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Number, parse_int=Number, parse_constant=_constant, strict=True
)


def value_of(text: str, levels: int = MOST_LEVELS) -> object:
    """Read with care a value that can be written again. Raises `ValueError`, also `RepeatedName` and `UnicodeError`."""
    try:
        found = cast("object", _decoder.decode(text))
    except RecursionError:
        raise ValueError("too deep") from None
    strings_in(found, levels)
    if "\\u" in text:
        written(found)  # which half a pair of UTF-16 cannot be
    return found


def strings_in(value: object, levels: int = MOST_LEVELS) -> int:
    """Count names and texts. Raises `ValueError` where more than so many lists and objects stand in each other.

    >>> strings_in({"a": ["b", {"c": None, "d": Number("1")}]})
    4
    """
    if not levels:
        raise ValueError("too deep")
    if isinstance(value, dict):
        within = cast("Mapping[str, object]", value).values()
        return len(within) + sum(strings_in(each, levels - 1) for each in within)
    if isinstance(value, list):
        return sum(strings_in(each, levels - 1) for each in cast("list[object]", value))
    return int(type(value) is str)


def _digits(value: object) -> msgspec.Raw:
    return msgspec.Raw(str(value))


_encoder: Final = msgspec.json.Encoder(enc_hook=_digits)


def written(value: object, *, spaced: bool = False) -> bytes:
    """Write a value as JSON; numbers keep their digits. Raises `UnicodeError` for half a pair of UTF-16.

    >>> written({"n": Number("1.50"), "tags": [None, True]}), written({"n": Number("1")}, spaced=True)
    (b'{"n":1.50,"tags":[null,true]}', b'{"n": 1}')
    """
    compact = _encoder.encode(value)
    return msgspec.json.format(compact, indent=0) if spaced else compact


def cell_text(value: Any) -> str | None:
    """Give a cell as text: numbers by their digits, lists and objects as JSON; null, and an empty text, are None.

    >>> cell_text(Number("1e3")), cell_text(False), cell_text([Number("1")]), cell_text("")
    ('1e3', 'false', '[1]', None)
    """
    if isinstance(value, str) or value is None:
        return value or None
    return written(value).decode()


def kind_of(value: Any) -> Kind | None:
    """Say what kind a cell is of; null is of none."""
    return _KINDS[type(value)]


def cell_value(text: str | None, kind: Kind) -> Any:
    """Give what a cell of a kind holds for a text. Raises `ValueError`.

    >>> cell_value("7", "number"), cell_value("7", "text"), cell_value(None, "number"), cell_value("true", "boolean")
    ('7', '7', None, True)
    """
    if text is None or kind == "text":
        return text
    if kind == "boolean" and text in _BOOLEANS:
        return _BOOLEANS[text]
    if kind == "number" and _NUMBER.fullmatch(text):
        return Number(text)
    if kind == "nested" and kind_of(found := value_of(text, MOST_LEVELS - 1)) == "nested":
        return found
    raise ValueError(text)
