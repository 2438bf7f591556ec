"""The stewards' decisions, looked up for the cells a step is about to write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from lustrum.files.decisions import Decision

_SCOPES = ("lead", "source", "value")


@dataclass(frozen=True, slots=True)
class _Word:
    """A decision's word on one cell: the text it shall hold, and who says so."""

    after: str | None
    reason: str


class DecisionBook:
    """All decisions in force, by field; a lead's own wins over its source's, that over a value's, late over early."""

    def __init__(self, decisions: Iterable[Decision], today: date, source: str) -> None:
        by_field: dict[str, list[Decision]] = {}
        for decision in decisions:
            if not decision.expired(today) and (decision.scope != "source" or decision.key == source):
                by_field.setdefault(decision.field, []).append(decision)
        self._indexes = {field: _Index(known) for field, known in by_field.items()}

    def concerns(self, field: str) -> bool:
        """Say whether there is any decision on the field."""
        return field in self._indexes

    def words(self, field: str, keys: pl.Series, before: pl.Series, proposed: pl.Series) -> pl.DataFrame:
        """Give, for each cell, `decided` (Boolean), `after` (text) and `by` (why), from its lead's key and texts."""
        index = self._indexes[field]
        cells = zip(keys.to_list(), before.to_list(), proposed.to_list(), strict=True)
        words = [index.word(key, old, new) for key, old, new in cells]
        return pl.DataFrame(
            {
                "decided": pl.Series([word is not None for word in words], dtype=pl.Boolean),
                "after": pl.Series([word.after if word else None for word in words], dtype=pl.String),
                "by": pl.Series([word.reason if word else None for word in words], dtype=pl.String),
            }
        )


class _Index:
    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._leads: dict[str, list[Decision]] = {}
        self._values: dict[str, list[Decision]] = {}
        for decision in sorted(decisions, key=lambda decision: -_SCOPES.index(decision.scope)):
            self._shelf(decision).append(decision)

    def _shelf(self, decision: Decision) -> list[Decision]:
        if decision.scope == "lead":
            return self._leads.setdefault(decision.key or "", [])
        return self._values.setdefault(decision.before or "", [])

    def word(self, key: str | None, before: str | None, proposed: str | None) -> _Word | None:
        candidates = [*self._values.get(before or "", []), *self._leads.get(key or "", [])]
        for decision in reversed(candidates):
            if _applies(decision, before, proposed):
                return _Word(_after(decision, before), _reason(decision))
        return None


def _applies(decision: Decision, before: str | None, proposed: str | None) -> bool:
    if decision.verdict == "always":
        return True
    if (decision.before or "") != (before or ""):
        return False
    return decision.verdict == "set" or not decision.after or decision.after == (proposed or "")


def _after(decision: Decision, before: str | None) -> str | None:
    return before if decision.verdict == "keep" else decision.after or None


def _reason(decision: Decision) -> str:
    facts: Mapping[str, object] = {"decided by": decision.who or "a steward", "on": decision.when}
    said = " ".join(f"{word} {fact}" for word, fact in facts.items() if fact)
    return f"{said}: {decision.verdict}"
