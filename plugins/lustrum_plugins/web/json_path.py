"""Paths into a JSON document: `data.score`, `orders[0].date`, or with a dollar sign for the whole: `$.data.score`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, cast

from pydantic import BeforeValidator, WithJsonSchema

_PART = re.compile(r"(?P<dot>\.?)(?P<key>[^.\[\]]+)|\[(?P<number>[0-9]{1,6})\]")


@dataclass(frozen=True, slots=True)
class JsonPath:
    """The keys and numbers that lead to a value."""

    parts: tuple[str | int, ...]

    def __str__(self) -> str:
        written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.parts)
        return written.removeprefix(".")

    def find(self, document: object) -> Iterable[Any]:
        """Give the value as the only item, or nothing where the document has no such place.

        >>> read_path("data.scores[1]").find({"data": {"scores": [7, 9]}})
        (9,)
        """
        for part in self.parts:
            if isinstance(part, int) and isinstance(document, list) and part < len(cast("list[object]", document)):
                document = cast("list[object]", document)[part]
            elif isinstance(part, str) and isinstance(document, dict) and part in document:
                document = cast("dict[str, object]", document)[part]
            else:
                return ()
        return (document,)


def read_path(text: str) -> JsonPath:
    """Read a path. Raises `ValueError`.

    >>> read_path("orders[0].Order Date")
    JsonPath(parts=('orders', 0, 'Order Date'))
    >>> str(read_path("$.data.score")), str(read_path("$[0].name"))
    ('data.score', '[0].name')
    """
    parts: list[str | int] = []
    end = 2 if text.startswith("$.") else 1 if text.startswith("$[") else 0
    while end < len(text) and (found := _PART.match(text, end)):
        if found["key"] is not None and bool(found["dot"]) is not bool(parts):
            break
        parts.append(int(found["number"]) if found["key"] is None else found["key"].strip())
        end = found.end()
    if not parts or end < len(text) or "" in parts or text == "$":
        raise ValueError(f'"{text}" is no path into an answer; write one such as data.score or orders[0].date')
    return JsonPath(tuple(parts))


def _read(value: object) -> object:
    return read_path(value.strip()) if isinstance(value, str) else value


PathOption = Annotated[JsonPath, BeforeValidator(_read), WithJsonSchema({"type": "string"})]
