"""The rules of a score: a condition, its points, and the reason that sales reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal

import polars as pl
from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema

from lustrum.words.conditions import Condition, ConditionError, bind, compile_condition, parse_condition
from lustrum.words.conditions.values import Now, Value
from lustrum.words.fields import FieldType
from lustrum.words.tokens import TokenError

Group = Literal["fit", "behaviour"]

_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_ELSEWHERE = "ask it in the `when:` or a choice of the entry"
_TYPES = {kind.dtype: kind for kind in FieldType}


def _read_condition(written: Any, info: ValidationInfo) -> Condition:
    context: Mapping[str, Mapping[str, Mapping[str, str]]] = info.context or {}
    tokens = context.get("tokens", {})
    try:
        condition = bind(written if isinstance(written, Condition) else parse_condition(written), tokens)
    except (ConditionError, TokenError) as error:
        raise ValueError(str(error)) from error
    if condition.asked:
        raise ValueError(f"{condition} asks for failures; {_ELSEWHERE}")
    if any(isinstance(value, Now) for value in _values(condition)):
        raise ValueError(f"{condition} asks for the time, and a score is the same at any time; {_ELSEWHERE}")
    return condition


def _values(condition: Condition) -> Iterator[Value]:
    for value in condition.values:
        yield from _within(value)
    for part in condition.parts:
        yield from _values(part)


def _within(value: Value) -> Iterator[Value]:
    yield value
    for operand in value.operands:
        yield from _within(operand)


RuleCondition = Annotated[
    Condition,
    BeforeValidator(_read_condition),
    WithJsonSchema({"description": "a condition, in either spelling", "type": ["string", "object"]}),
]


@dataclass(frozen=True, slots=True)
class Rule:
    """Points that a lead gets where a condition holds."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    when: RuleCondition
    points: Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
    reason: Annotated[str, Field(min_length=1)]
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready for a frame: `holds` is an expression that may be null, which does not hold."""

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


def compile_rules(rules: Sequence[Rule], schema: Mapping[str, pl.DataType]) -> list[CompiledRule]:
    """Compile rules for a frame with these columns. Raises `ConditionError` where a condition does not fit them."""
    types = {name: _TYPES.get(dtype, FieldType.TEXT) for name, dtype in schema.items()}
    return [_compiled(rule, types) for rule in rules]


def _compiled(rule: Rule, types: Mapping[str, FieldType]) -> CompiledRule:
    try:
        return CompiledRule(rule, compile_condition(rule.when, types, _NO_TIME))
    except ConditionError as error:
        raise ConditionError(f'rule "{rule.reason}": {error.message}', error.remedy) from error


def total(rules: Iterable[CompiledRule]) -> pl.Expr:
    """Add up the points of some rules, 0 where there is none."""
    return pl.sum_horizontal(pl.lit(0, pl.Int64), *(rule.points for rule in rules))
