"""The attributes of activities: canonical names, all values as text, one JSON object an activity."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, cast

from lustrum.words.fields import field_name


def read_attributes(text: str | None) -> dict[str, str] | None:
    """Read a JSON object as attributes by canonical name, what is empty left out; None if it is no object.

    Marketo's other spelling, a list of objects with `name` and `value`, is read too.

    >>> read_attributes('{"New Value": "DE", "Score": 1.50, "Seen": true, "Note": null}')
    {'new_value': 'DE', 'score': '1.50', 'seen': 'true'}
    >>> read_attributes(None), read_attributes("none")
    ({}, None)
    """
    if text is None or not text.strip():
        return {}
    try:
        said: Any = json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    pairs = _pairs(said)
    return None if pairs is None else {name: value for name, value in _canonical(pairs) if name and value}


def _pairs(said: Any) -> Iterable[tuple[object, object]] | None:
    if isinstance(said, dict):
        return cast("dict[object, object]", said).items()
    items = cast("list[object]", said) if isinstance(said, list) else [None]
    named = [cast("dict[object, object]", item) for item in items if isinstance(item, dict) and "name" in item]
    return [(item["name"], item.get("value")) for item in named] if len(named) == len(items) else None


def _canonical(pairs: Iterable[tuple[object, object]]) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        match value:
            case str():
                yield field_name(str(name)), value
            case None:
                pass
            case _:
                yield field_name(str(name)), json.dumps(value, ensure_ascii=False)


def name_attributes(kind: str, name: str | None, attributes: Mapping[str, str]) -> dict[str, str]:
    """Add a type's primary attribute under its own name too, and others under the name lustrum has for them.

    >>> name_attributes("data value changed", "Country", {"new_value": "DE"})
    {'new_value': 'DE', 'attribute': 'Country'}
    """
    found = dict(attributes)
    for called, attribute in _names().get(kind, ()):
        value = attributes.get(called) if called else name
        if value and attribute not in found:
            found[attribute] = value
    return found


def write_attributes(attributes: Mapping[str, str]) -> str:
    """Write attributes as a JSON object, in the order of their names.

    >>> write_attributes({"b": "x", "a": "größer"})
    '{"a": "größer", "b": "x"}'
    """
    return json.dumps(attributes, ensure_ascii=False, sort_keys=True)


@cache
def _names() -> Mapping[str, list[tuple[str, str]]]:
    """Give, by type, what its attributes are called in a feed (nothing: the primary one) and here."""
    file = resources.files("lustrum.running.activities") / "primary_attributes.csv"
    found: dict[str, list[tuple[str, str]]] = {}
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        found.setdefault(row["type"], []).append((row["called"], row["attribute"]))
    return found
