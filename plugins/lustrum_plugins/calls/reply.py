"""What a call said about each of its leads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import cast

from lustrum import Failed, Transient
from lustrum_plugins.calls.message import ID
from lustrum_plugins.web.document import NoValue, cell_text, read_document
from lustrum_plugins.web.json_path import JsonPath
from lustrum_plugins.web.wire import NO_ANSWER

WRONG_TYPE = "wrong_type"


@dataclass(frozen=True, slots=True)
class Reply:
    """What was said of one lead: a text for each field taken (None empties it), or why there is nothing.

    With `transient` the failure may pass by itself, after `retry_after` seconds where the other side says so.
    """

    values: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])
    code: str | None = None
    message: str | None = None
    transient: bool = False
    retry_after: float | None = None

    @classmethod
    def of(cls, failure: Failed | Transient) -> Reply:
        """Make the reply of a call that failed."""
        if isinstance(failure, Transient):
            return cls({}, failure.code, failure.message, transient=True, retry_after=failure.retry_after)
        return cls({}, failure.code, failure.message)


def dump(replies: Iterable[Reply]) -> str:
    """Write replies as text, for the journal."""
    return json.dumps([asdict(reply) for reply in replies])


def load(text: str) -> list[Reply]:
    """Read replies from the journal.

    >>> load(dump([Reply({"score": "7"})]))
    [Reply(values={'score': '7'}, code=None, message=None, transient=False, retry_after=None)]
    """
    return [Reply(**reply) for reply in json.loads(text)]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the answers to calls: `take` says where the value of each field stands, for one lead or in its result.

    `results` leads to the list of results in the answer about several leads; None: the answer is that list.
    """

    take: Mapping[str, JsonPath]
    results: JsonPath | None = None

    def replies(self, body: bytes, ids: Sequence[str], *, several: bool) -> list[Reply]:
        """Read what an answer says of each lead."""
        if not self.take and self.results is None:
            return [Reply() for _ in ids]
        try:
            document = read_document(body)
        except ValueError:
            return _nothing(ids, "the answer is no JSON")
        return self._several(document, ids) if several else [self._one(document)]

    def _several(self, document: object, ids: Sequence[str]) -> list[Reply]:
        found = (document,) if self.results is None else tuple(self.results.find(document))
        if not found or not isinstance(found[0], list):
            where = f"has no list at {self.results}" if self.results else "is no list"
            return _nothing(ids, f"the answer {where}")
        known: dict[str, list[object]] = {}
        for item in cast("list[object]", found[0]):
            if isinstance(item, dict):
                known.setdefault(str(cast("dict[str, object]", item).get(ID)), []).append(cast("object", item))
        return [self._result(known.get(name, [])) for name in ids]

    def _result(self, found: Sequence[object]) -> Reply:
        if len(found) != 1:
            what = "several results" if found else "no result"
            return Reply(code=NO_ANSWER, message=f"the answer has {what} for this lead")
        return self._one(found[0])

    def _one(self, document: object) -> Reply:
        values: dict[str, str | None] = {}
        for name, path in self.take.items():
            for value in path.find(document):
                try:
                    values[name] = cell_text(value)
                except NoValue:
                    return Reply(code=WRONG_TYPE, message=f"what the answer has at {path} is no single value")
            if name not in values:
                return Reply(code=NO_ANSWER, message=f"the answer has nothing at {path}")
        return Reply(values)


def _nothing(ids: Sequence[str], message: str) -> list[Reply]:
    return [Reply(code=NO_ANSWER, message=message) for _ in ids]
