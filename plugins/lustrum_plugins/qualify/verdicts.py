"""Whether a lead is qualified: by its score, at once, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import polars as pl
from pydantic import ConfigDict, Field

from lustrum.words.fields import FieldType
from lustrum_plugins.qualify.conditions import TimelessCondition, compile_when


@dataclass(frozen=True, slots=True)
class Verdict:
    """What decides about a lead, whatever its score, where a condition holds."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    when: TimelessCondition
    reason: Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class CompiledVerdict:
    """A verdict ready for a frame: `holds` is an expression that is true or false."""

    reason: str
    holds: pl.Expr


def compile_verdicts(verdicts: Iterable[Verdict], types: Mapping[str, FieldType]) -> list[CompiledVerdict]:
    """Compile verdicts for leads with fields of these types. Raises `ConditionError` where one does not fit."""
    return [
        CompiledVerdict(verdict.reason, compile_when(verdict.when, f'rule "{verdict.reason}"', types))
        for verdict in verdicts
    ]


@dataclass(frozen=True, slots=True)
class Qualification:
    """Qualified are leads with a score of `threshold` or more and those of `auto`, but never those of `exclude`."""

    threshold: int | None
    auto: Sequence[CompiledVerdict]
    exclude: Sequence[CompiledVerdict]

    def qualified(self, score: pl.Expr) -> pl.Expr:
        """Say for each lead whether it is qualified with this score."""
        return ~_any(self.exclude) & (_any(self.auto) | self._reached(score))

    def reasons(self, score: pl.Expr) -> Iterator[pl.Expr]:
        """Say why, each reason null where it does not count: what excludes, else what qualifies."""
        excluded, at_once = _any(self.exclude), _any(self.auto)
        for verdict in self.exclude:
            yield pl.when(verdict.holds).then(pl.lit(f"excluded: {verdict.reason}"))
        for verdict in self.auto:
            yield pl.when(verdict.holds & ~excluded).then(pl.lit(f"qualified at once: {verdict.reason}"))
        reached = self._reached(score) & ~excluded & ~at_once
        yield pl.when(reached).then(pl.lit(f"qualified: {self.threshold} reached"))

    def _reached(self, score: pl.Expr) -> pl.Expr:
        return pl.lit(value=False) if self.threshold is None else score >= self.threshold


def _any(verdicts: Iterable[CompiledVerdict]) -> pl.Expr:
    return pl.any_horizontal(pl.lit(value=False), *(verdict.holds for verdict in verdicts))
