"""The rules of a score: a condition, its points, and the reason that sales reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import ConfigDict, Field

from lustrum.words.conditions import ConditionError
from lustrum.words.fields import FieldType
from lustrum_plugins.qualify.conditions import TimelessCondition, compile_when

Group = Literal["fit", "behaviour"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Points that a lead gets where a condition holds."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    when: TimelessCondition
    points: Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
    reason: Annotated[str, Field(min_length=1)]
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready for a frame: `holds` is an expression that is true or false."""

    rule: Rule
    holds: pl.Expr

    @property
    def points(self) -> pl.Expr:
        """The points it gives a lead, or 0."""
        return pl.when(self.holds).then(pl.lit(self.rule.points, pl.Int64)).otherwise(pl.lit(0, pl.Int64))

    @property
    def reason(self) -> pl.Expr:
        """What it says of a lead, or null: `+20 country in EMEA`."""
        return pl.when(self.holds).then(pl.lit(f"{self.rule.points:+d} {self.rule.reason}"))


@dataclass(frozen=True, slots=True)
class AddedField:
    """A field of whole numbers that counts as points."""

    name: str

    @property
    def points(self) -> pl.Expr:
        """Its value, or 0 where it is empty."""
        return pl.col(self.name).fill_null(0)

    @property
    def reason(self) -> pl.Expr:
        """What it says of a lead, or null where it adds nothing: `+45 behaviour_score`."""
        sign = pl.when(self.points > 0).then(pl.lit("+")).otherwise(pl.lit(""))
        return pl.when(self.points != 0).then(pl.format("{}{} {}", sign, self.points, pl.lit(self.name)))


@dataclass(frozen=True, slots=True)
class Share:
    """What the rules of one group give a lead, up to their `maximum`."""

    group: Group | None
    rules: tuple[CompiledRule, ...]
    maximum: int | None = None

    @property
    def points(self) -> pl.Expr:
        """The points of the rules that hold, added up and limited."""
        return self._sum.clip(upper_bound=self.maximum)

    @property
    def reason(self) -> pl.Expr:
        """That the limit was reached, or null: `fit limited to 60`."""
        return pl.when(self._sum != self.points).then(pl.lit(f"{self.group} limited to {self.maximum}"))

    @property
    def _sum(self) -> pl.Expr:
        return pl.sum_horizontal(pl.lit(0, pl.Int64), *(rule.points for rule in self.rules))


def compile_rules(rules: Sequence[Rule], types: Mapping[str, FieldType]) -> list[CompiledRule]:
    """Compile rules for leads with fields of these types. Raises `ConditionError` where a condition does not fit."""
    return [CompiledRule(rule, compile_when(rule.when, f'rule "{rule.reason}"', types)) for rule in rules]


def added_fields(names: Iterable[str], types: Mapping[str, FieldType]) -> list[AddedField]:
    """Take fields as points. Raises `ConditionError` for one that is no integer."""
    added = list(names)
    for name in added:
        if types[name] is not FieldType.INTEGER:
            remedy = f"declare it in lustrum.yaml under fields: {{{name}: integer}}"
            raise ConditionError(f"add: {name} is {types[name].value}, and points are whole numbers", remedy)
    return [AddedField(name) for name in added]


def shares(rules: Iterable[CompiledRule], maximums: Mapping[Group, int | None]) -> dict[Group | None, Share]:
    """Part the rules by their group; those of no group come last, and have no maximum."""
    compiled = list(rules)
    groups: tuple[Group | None, ...] = (*maximums, None)
    return {
        group: Share(
            group,
            tuple(rule for rule in compiled if rule.rule.group == group),
            maximums[group] if group else None,
        )
        for group in groups
    }
