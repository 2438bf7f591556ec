"""Lines of JSON: which are records, what their cells say as text, and how texts are written back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

Kind: TypeAlias = Literal["text", "number", "boolean", "nested"]
Record: TypeAlias = Mapping[str, Any]

NOT_JSON = "not_json"
NO_OBJECT = "no_object"
REPEATED_NAME = "repeated_name"
INVALID_BYTES = "invalid_bytes"

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
_BOOLEANS = {"true": True, "false": False}


class Number(str):
    """A number by its digits, as they stand in the file."""

    __slots__ = ()


class NoRecord(ValueError):
    """A line that is no lead; its message is the reason of a reject."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number from 1 and its exact bytes, with the line end."""

    number: int
    raw: bytes

    @property
    def body(self) -> bytes:
        """What stands before the line end."""
        return self.raw.removesuffix(b"\n").removesuffix(b"\r")

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not self.raw.strip(b" \t\r\n")

    def record(self) -> Record:
        """Read the object in it. Raises `NoRecord`."""
        try:
            text = self.raw.decode()
            found = cast("object", _decoder.decode(text.strip(" \t\r\n")))
            if "\\u" in text:
                text_of(found).encode()
        except UnicodeError:
            raise NoRecord(INVALID_BYTES) from None
        except _RepeatedName:
            raise NoRecord(REPEATED_NAME) from None
        except (ValueError, RecursionError):
            raise NoRecord(NOT_JSON) from None
        if not isinstance(found, dict):
            raise NoRecord(NO_OBJECT)
        return cast("Record", found)

    def rewritten(self, record: Record) -> bytes:
        """Write another record in its place, with its line end and its way of spacing."""
        separators = (", ", ": ") if b'": ' in self.raw else (",", ":")
        return text_of(record, separators).encode() + self.raw[len(self.body) :]


class _RepeatedName(ValueError):
    pass


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RepeatedName
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Number, parse_int=Number, parse_constant=_constant, strict=True
)


def text_of(value: object, separators: tuple[str, str] = (",", ":")) -> str:
    """Write a value as JSON; numbers keep their digits.

    >>> text_of({"n": Number("1.50"), "name": "Jörg", "tags": [None, True]})
    '{"n":1.50,"name":"Jörg","tags":[null,true]}'
    """
    comma, colon = separators
    match value:
        case Number():
            return str(value)
        case dict():
            pairs = cast("Mapping[str, object]", value).items()
            return "{" + comma.join(f"{_quoted(name)}{colon}{text_of(each, separators)}" for name, each in pairs) + "}"
        case list():
            return "[" + comma.join(text_of(each, separators) for each in cast("list[object]", value)) + "]"
        case _:
            return _quoted(value)


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def cell_text(value: Any) -> str | None:
    """Give a cell as text: numbers by their digits, lists and objects as JSON; null, and an empty text, are None.

    >>> cell_text(Number("1e3")), cell_text(False), cell_text([Number("1")]), cell_text("")
    ('1e3', 'false', '[1]', None)
    """
    match value:
        case None | "":
            return None
        case str():
            return str(value)
        case bool():
            return "true" if value else "false"
        case _:
            return text_of(value)


def kind_of(value: Any) -> Kind | None:
    """Say what kind a cell is of; null is of none."""
    match value:
        case None:
            return None
        case Number():
            return "number"
        case bool():
            return "boolean"
        case str():
            return "text"
        case _:
            return "nested"


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
    if kind == "nested" and kind_of(found := cast("object", _decoder.decode(text))) == "nested":
        return found
    raise ValueError(text)
