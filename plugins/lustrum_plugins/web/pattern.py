"""Texts with fields of the lead in braces: `https://api.acme.example/companies/{domain}`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from lustrum.words.fields import field_name, render_cells

Cells = Mapping[str, object]
"""The fields a step has read, by name."""

_PART = re.compile(r"\{(?P<name>[^{}]*?)(?P<spared>\?)?\}|(?P<text>[^{}]+)")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a field goes; one that is not needed may be empty."""

    field: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text with slots."""

    parts: tuple[str | Slot, ...]

    def __str__(self) -> str:
        shown = (
            part if isinstance(part, str) else f"{{{part.field}{'' if part.needed else '?'}}}" for part in self.parts
        )
        return "".join(shown)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots in order."""
        return tuple(part for part in self.parts if isinstance(part, Slot))

    def fill(self, cells: Cells, write: Callable[[str], str] = str) -> str | None:
        """Put the lead's fields in, each as `write` writes it; None where one is empty.

        >>> read_pattern("/{country}/{city}").fill({"country": "DE", "city": "Köln "})
        '/DE/Köln'
        """
        texts: list[str] = []
        for part in self.parts:
            text = part if isinstance(part, str) else plain_text(cells.get(part.field))
            if not text:
                return None
            texts.append(part if isinstance(part, str) else write(text))
        return "".join(texts)


def read_pattern(text: str) -> Pattern:
    """Read a pattern; fields may be written in either spelling. Raises `ValueError`.

    >>> str(read_pattern("{Company Name} in {state?}"))
    '{company_name} in {state?}'
    """
    parts: list[str | Slot] = []
    end = 0
    while end < len(text) and (found := _PART.match(text, end)):
        name = field_name(found["name"] or "")
        if found["text"] is None and not name:
            break
        parts.append(Slot(name, needed=not found["spared"]) if name else found["text"])
        end = found.end()
    if end < len(text):
        raise ValueError(
            f'in "{text}" a brace stands alone; write a field as {{domain}}, or {{state?}} if it may be empty'
        )
    return Pattern(tuple(parts))


def plain_text(value: object) -> str:
    """Write a field's value as text, without spaces around, in one way of composing letters; empty is `""`.

    >>> plain_text(" Acme "), plain_text(7), plain_text(True), plain_text(None)
    ('Acme', '7', 'true', '')
    """
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(render_cells(pl.Series([value]))[0])
    return unicodedata.normalize("NFC", text.strip())
