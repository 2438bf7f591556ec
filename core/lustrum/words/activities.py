"""The types of activities: what Marketo calls them, in its lists of activities, its filters and its triggers."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources

_SPACES = re.compile(r"[\s_-]+")


def activity_type(text: str) -> str:
    """Name a type of activity by its past-tense filter phrase in lower case, whatever Marketo calls it there.

    The text is an id number, the activity's name, a trigger's or a filter's phrase, in any case, with `_` or `-` for
    spaces. A type that Marketo does not have, a custom one, is named by its own text in lower case with single spaces.

    >>> activity_type("13"), activity_type("Change Data Value"), activity_type("data_value_changes")
    ('data value changed', 'data value changed', 'data value changed')
    >>> activity_type("Product  Tried")
    'product tried'
    """
    name = _plain(text)
    return _table().names.get(name, name)


def is_known(text: str) -> bool:
    """Say whether this is one of Marketo's own types, by any of its names.

    >>> is_known("new lead"), is_known("Product Tried")
    (True, False)
    """
    return _plain(text) in _table().names


def filter_type(phrase: str) -> str | None:
    """Name the type whose filter has this phrase, or None: only filters ask about the past.

    >>> filter_type("Opened Email"), filter_type("opens email")
    ('email was opened', None)
    """
    return _table().filters.get(_plain(phrase))


def nearest_type(text: str) -> str:
    """Name the type that a misspelt or present-tense text was probably meant to be, or nothing.

    >>> nearest_type("had intresting moment"), nearest_type("has interesting moment"), nearest_type("country")
    ('had interesting moment', 'had interesting moment', '')
    """
    names = _table().names
    name = _plain(text)
    near = name if name in names else next(iter(get_close_matches(name, list(names), n=1, cutoff=0.85)), "")
    return names.get(near, "")


@dataclass(frozen=True, slots=True)
class _Table:
    names: Mapping[str, str]
    filters: Mapping[str, str]


@cache
def _table() -> _Table:
    names: dict[str, str] = {}
    filters: dict[str, str] = {}
    for row in _rows():
        phrases = _alternatives(row["filter"])
        filters |= dict.fromkeys(phrases, phrases[0])
        others = [name for column in ("type", "id", "trigger") for name in _alternatives(row[column])]
        names |= dict.fromkeys([*phrases, *others], phrases[0])
    return _Table(names, filters)


def _rows() -> Iterator[Mapping[str, str]]:
    file = resources.files("lustrum.words") / "activity_types.csv"
    yield from csv.DictReader(file.read_text(encoding="utf-8").splitlines())


def _alternatives(cell: str) -> list[str]:
    return [_plain(name) for name in cell.split("|") if name]


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text).strip().lower()
