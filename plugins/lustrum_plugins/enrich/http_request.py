"""One call to a provider: what it says of a lead, and the key by which its answer is known again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, cast
from urllib.parse import quote

from lustrum_plugins.enrich.http_options import leaves, slots
from lustrum_plugins.web.address import open_address
from lustrum_plugins.web.content import Content
from lustrum_plugins.web.pattern import Cells, Pattern, plain_text
from lustrum_plugins.web.secret import Secret, revealed

Said = Mapping[str, str | Secret]
_LEFT_OUT: Final = object()
_STEPS = frozenset({".", ".."})


class InputUnusable(Exception):
    """A field of the address is a step in it (`..`), which would lead to another place."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request with the lead's fields filled in; secrets are still only named."""

    method: str
    url: str | Secret
    query: Said
    body: Mapping[str, Any] | None

    @property
    def text(self) -> str:
        """All that decides about the answer, as text without any secret."""
        said = [self.method, self.url, dict(self.query), self.body]
        return json.dumps(said, ensure_ascii=False, default=_named)

    @property
    def secrets(self) -> list[Secret]:
        """The secrets that are said."""
        return [leaf for leaf in leaves([self.url, dict(self.query), self.body]) if isinstance(leaf, Secret)]

    def content(self) -> tuple[Content, str]:
        """Give what is called, and how messages may name it. Raises `SecretMissing`."""
        address, shown = open_address(self.url)
        query = {name: revealed(text) for name, text in self.query.items()}
        body = None if self.body is None else json.dumps(self.body, ensure_ascii=False, default=_told).encode()
        return Content(address, query, body), shown


@dataclass(frozen=True)
class RequestForm:
    """What is said to a provider, with slots for the fields of a lead."""

    method: str
    url: Pattern | Secret
    query: Mapping[str, Pattern | Secret]
    body: Mapping[str, Any] | None

    @cached_property
    def reads(self) -> Mapping[str, bool]:
        """Name the fields said, each with whether it is needed."""
        found: dict[str, bool] = {}
        for slot in slots(self.url, self.query, self.body):
            found[slot.field] = found.get(slot.field, False) or slot.needed
        return found

    def fill(self, cells: Cells) -> Request | None:
        """Put a lead's fields in; None where a needed one, or all, are empty. Raises `InputUnusable`."""
        texts = {name: plain_text(cells.get(name)) for name in self.reads}
        if any(needed and not texts[name] for name, needed in self.reads.items()) or (
            texts and not any(texts.values())
        ):
            return None
        query = {name: self._said(text, cells) for name, text in self.query.items()}
        body = None if self.body is None else _filled(self.body, cells)
        return Request(self.method, self._address(cells), {name: said for name, said in query.items() if said}, body)

    def _address(self, cells: Cells) -> str | Secret:
        return (self.url.fill(cells, _in_address) or "") if isinstance(self.url, Pattern) else self.url

    def _said(self, text: Pattern | Secret, cells: Cells) -> str | Secret | None:
        return text if isinstance(text, Secret) else text.fill(cells)


def _in_address(text: str) -> str:
    if text in _STEPS:
        raise InputUnusable(f'"{text}" cannot stand in an address')
    return quote(text, safe="")


def _filled(value: object, cells: Cells) -> Any:
    """Fill what a body holds; what has only empty fields is left out. A slot alone keeps the type of its field."""
    if isinstance(value, Pattern):
        alone = value.slots if len(value.parts) == 1 else ()
        cell = cells.get(alone[0].field) if alone else None
        if isinstance(cell, bool | int | float):
            return cell
        text = value.fill(cells)
        return _LEFT_OUT if text is None else text
    if isinstance(value, Mapping):
        parts = {name: _filled(part, cells) for name, part in cast("Mapping[str, object]", value).items()}
        return {name: part for name, part in parts.items() if part is not _LEFT_OUT}
    if isinstance(value, list):
        items = [_filled(part, cells) for part in cast("list[object]", value)]
        return [part for part in items if part is not _LEFT_OUT]
    return value


def _named(secret: object) -> object:
    return {"env": secret.env} if isinstance(secret, Secret) else str(secret)


def _told(secret: object) -> object:
    return secret.reveal() if isinstance(secret, Secret) else str(secret)
