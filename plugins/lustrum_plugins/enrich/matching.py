"""Finding the row of a table that a key means: exactly, by another spelling, or as the nearest by far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lustrum import Attempt, Failed
from lustrum_plugins.enrich.reference_table import ReferenceTable, Row

STRATEGIES = ("exact", "alias", "fuzzy")
_SHORTEST = 5
"""A text of fewer letters is near to too many others."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How alike the first part of a key must be, from 0 to 100, and how far ahead of the next one; None: not at all."""

    least: float | None
    margin: float


@dataclass(frozen=True, slots=True)
class Match:
    """The rows a key means, how they were found, the rivals that come too near to tell, and all that came near."""

    rows: Sequence[Row]
    how: str = ""
    rivals: Sequence[Row] = ()
    others: Sequence[Row] = ()


def match(table: ReferenceTable, cells: Sequence[str], nearness: Nearness, attempt: Attempt) -> Match | None:
    """Give what the first of the strategies finds that finds anything."""
    if attempt.tries("exact") and (row := table.find(cells)):
        return Match([row])
    if attempt.tries("alias") and (rows := table.by_alias(cells)):
        return Match(rows, f"alias of “{', '.join(rows[0].shown)}”")
    return _nearest(table, cells, nearness) if attempt.tries("fuzzy") and nearness.least is not None else None


def _nearest(table: ReferenceTable, cells: Sequence[str], nearness: Nearness) -> Match | None:
    from rapidfuzz import fuzz, process

    key = table.layout.key(cells)
    near = table.beside(key)
    cutoff = (nearness.least or 0) - nearness.margin
    if len(key[0]) < _SHORTEST:
        return None
    scored = process.extract(key[0], near.keys(), scorer=fuzz.ratio, score_cutoff=cutoff, limit=8)
    alike = [(near[name], score) for name, score, _ in scored if _digits(name) == _digits(key[0])]
    if not alike or alike[0][1] < (nearness.least or 0):
        return None
    (row, best), *others = alike
    rivals = [other for other, score in others if best - score < nearness.margin]
    return Match([row], f"{best:.0f} % alike “{', '.join(row.shown)}”", rivals, [other for other, _ in others])


def _digits(text: str) -> str:
    """Give the digits: texts that differ in them name different things, however alike they are."""
    return "".join(letter for letter in text if letter.isdecimal())


def readings(found: Match, column: int) -> tuple[str, ...]:
    """Give the different values that the rows found have in a column."""
    return tuple(dict.fromkeys(value for row in found.rows for value in row.readings[column]))


def disagreement(found: Match, name: str, column: int, where: str) -> Failed | None:
    """Say what the rows of a match, or its rivals, hesitate between in one column."""
    values = readings(found, column)
    if len(values) > 1:
        return Failed("ambiguous", f"several rows of {where} differ in {name}", values)
    rivals = [row for row in found.rivals if row.readings[column] != values]
    if rivals:
        named = tuple(dict.fromkeys(", ".join(row.shown) for row in (*found.rows, *rivals)))
        return Failed("ambiguous", f"several keys of {where} are about as near", named)
    return None
