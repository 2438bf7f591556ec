"""The conditions that stand in the options of a step, under keys named `when`: read, bound, compiled for a frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import polars as pl
from pydantic import AfterValidator, BeforeValidator, ValidationInfo, WithJsonSchema

from lustrum.words.conditions import Condition, ConditionError, bind, compile_condition, expand, parse_condition
from lustrum.words.conditions.values import Now, Value
from lustrum.words.fields import FieldType
from lustrum.words.tokens import TokenError

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""The time that conditions are given which do not ask for it."""

_ELSEWHERE = "ask it in the `when:` or a choice of the entry"
_TYPES = {kind.dtype: kind for kind in FieldType}
_SCHEMA = WithJsonSchema({"description": "a condition, in either spelling", "type": ["string", "object"]})


def _read(written: Any, info: ValidationInfo) -> Condition:
    context: Mapping[str, Any] = info.context or {}
    try:
        parsed = written if isinstance(written, Condition) else parse_condition(written)
        condition = bind(expand(parsed, context.get("smart_lists", {})), context.get("tokens", {}))
    except (ConditionError, TokenError) as error:
        raise ValueError(str(error)) from error
    if condition.asked:
        raise ValueError(f"{condition} asks for failures; {_ELSEWHERE}")
    if condition.activities or condition.triggers:
        raise ValueError(f"{condition} asks for more than the fields of a lead; {_ELSEWHERE}")
    return condition


def _timeless(condition: Condition) -> Condition:
    if asks_time(condition):
        raise ValueError(f"{condition} asks for the time, and a score is the same at any time; {_ELSEWHERE}")
    return condition


TimedCondition = Annotated[Condition, BeforeValidator(_read), _SCHEMA]
"""A condition on the fields of a lead, which may ask for the time."""

TimelessCondition = Annotated[Condition, BeforeValidator(_read), AfterValidator(_timeless), _SCHEMA]
"""A condition on the fields of a lead alone."""


def asks_time(condition: Condition) -> bool:
    """Say whether what a condition says depends on the time."""
    return any(isinstance(value, Now) for value in _values(condition))


def _values(condition: Condition) -> Iterator[Value]:
    for value in condition.values:
        yield from _within(value)
    for part in condition.parts:
        yield from _values(part)


def _within(value: Value) -> Iterator[Value]:
    yield value
    for operand in value.operands:
        yield from _within(operand)


def field_types(schema: Mapping[str, pl.DataType]) -> dict[str, FieldType]:
    """Give the type of each field from the columns of a frame."""
    return {name: _TYPES.get(dtype, FieldType.TEXT) for name, dtype in schema.items()}


def compile_when(when: Condition, what: str, types: Mapping[str, FieldType], now: datetime = NO_TIME) -> pl.Expr:
    """Make the expression that says for which leads a condition holds, never null.

    Raises `ConditionError`, beginning with `what` the condition stands for, where it does not fit the types.
    """
    try:
        return compile_condition(when, types, now).fill_null(value=False)
    except ConditionError as error:
        raise ConditionError(f"{what}: {error.message}", error.remedy) from error
