"""The events of the YAML parser, typed: the one place that touches what ruamel.yaml hands over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from ruamel.yaml import YAML, events
from ruamel.yaml.error import YAMLError

__all__ = ["Event", "Kind", "YAMLError", "parse", "trouble"]


class Kind(Enum):
    """What begins or ends with an event."""

    DOCUMENT = auto()
    MAPPING = auto()
    SEQUENCE = auto()
    END = auto()
    ALIAS = auto()
    SCALAR = auto()
    OTHER = auto()


_KINDS: dict[type, Kind] = {
    events.DocumentStartEvent: Kind.DOCUMENT,
    events.MappingStartEvent: Kind.MAPPING,
    events.SequenceStartEvent: Kind.SEQUENCE,
    events.MappingEndEvent: Kind.END,
    events.SequenceEndEvent: Kind.END,
    events.AliasEvent: Kind.ALIAS,
    events.ScalarEvent: Kind.SCALAR,
}


@dataclass(frozen=True, slots=True)
class Event:
    """An event with the positions in the text where it starts and ends.

    `plain` scalars stand without quotes; `explicit` documents begin with `---`.
    """

    kind: Kind
    start: int
    end: int
    text: str = ""
    plain: bool = False
    explicit: bool = False
    tag: str | None = None
    anchor: str | None = None


def parse(text: str) -> Iterator[Event]:
    """Give the events of a text. Raises `YAMLError`, and `ValueError` or `OverflowError` for impossible escapes."""
    reader: Any = YAML(typ="safe", pure=True)
    for raw in reader.parse(text):
        yield _event(raw)


def trouble(error: YAMLError) -> tuple[str, int]:
    """Give the parser's own words about an error and the position where the trouble begins.

    An open bracket, quote or key is to blame where it begins, not where the parser gave up.
    """
    raw: Any = error
    if hasattr(raw, "reason"):
        return str(raw.reason), raw.position
    opened = any(word in (raw.context or "") for word in ("flow", "quoted", "simple key"))
    mark = (raw.context_mark if opened else None) or raw.problem_mark
    return str(raw.problem), mark.index


def _event(raw: Any) -> Event:
    tag, anchor = getattr(raw, "tag", None), getattr(raw, "anchor", None)
    return Event(
        _KINDS.get(raw.__class__, Kind.OTHER),
        raw.start_mark.index,
        raw.end_mark.index,
        text=getattr(raw, "value", None) or "",
        plain=getattr(raw, "style", None) is None,
        explicit=bool(getattr(raw, "explicit", None)),
        tag=None if tag is None else str(tag).replace("tag:yaml.org,2002:", "!!"),
        anchor=anchor,
    )
