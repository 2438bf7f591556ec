"""What is sent: the leads of one call as JSON or as a query, and the key that makes the call one that happens once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from lustrum.words.fields import render_cells
from lustrum_plugins.web.content import Content, digest

EFFECT = "_effect"
"""The column with the key of each lead's effect."""

ID = "id"
"""By this name a lead is known in a call for several leads, and in its answer."""

IDEMPOTENCY_KEY = "Idempotency-Key"
IN_QUERY = frozenset({"GET", "DELETE"})
"""Methods that carry the lead in the address, for they have no body."""

Cell = str | int | float | bool | None
_JSON_TYPES = (pl.String(), pl.Int64(), pl.Float64(), pl.Boolean())


@dataclass(frozen=True, slots=True)
class Message:
    """One call: the ids of its leads (their effects' keys) and what is said of each."""

    ids: tuple[str, ...]
    leads: tuple[Mapping[str, Cell], ...]
    several: bool

    @property
    def key(self) -> str:
        """The idempotency key: the lead's own, or a digest of all."""
        return self.ids[0] if not self.several else digest(*self.ids)

    @property
    def body(self) -> bytes:
        """The leads as JSON: one object, or a list of objects each with its id."""
        said = [{ID: name, **lead} for name, lead in zip(self.ids, self.leads, strict=True)]
        document: Any = said if self.several else self.leads[0]
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()

    def content(self, url: str, method: str) -> Content:
        """Give what is called."""
        headers = {IDEMPOTENCY_KEY: self.key}
        if method in IN_QUERY:
            return Content(url, query=self.query, headers=headers)
        return Content(url, body=self.body, headers=headers)

    @property
    def query(self) -> dict[str, str]:
        """The lead as the query of an address; empty fields are left out."""
        return {name: _plain(cell) for name, cell in self.leads[0].items() if cell is not None}


def messages(leads: pl.DataFrame, send: Mapping[str, str], size: int) -> Iterator[Message]:
    """Part the leads into calls of `size`; `send` names the field that goes under each name."""
    columns = {name: _cells(leads[field]) for name, field in send.items()}
    rows: list[dict[str, Cell]] = pl.DataFrame(columns).to_dicts()
    ids: list[str] = leads[EFFECT].to_list()
    for start in range(0, len(ids), size):
        yield Message(tuple(ids[start : start + size]), tuple(rows[start : start + size]), several=size > 1)


def _cells(values: pl.Series) -> pl.Series:
    return values if values.dtype in _JSON_TYPES else render_cells(values)


def _plain(cell: str | float | bool) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
