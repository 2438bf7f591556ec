"""The values in a condition's SQL text, and the white-list of what may stand in it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final, TypeVar

from sqlglot import exp

from lustrum.words.conditions import rewriting as make
from lustrum.words.conditions.errors import ConditionError, Path
from lustrum.words.conditions.values import EMPTY, Call, Constant, Field, Now, Value, number_value, quote, text_value
from lustrum.words.durations import DurationError, parse_duration
from lustrum.words.fields import FieldType, field_name
from lustrum.words.nearest import did_you_mean

N = TypeVar("N", bound=exp.Expr)

_BINARY: Final = frozenset({"this", "expression"})
_ALONE: Final = frozenset({"this"})
_ALLOWED: Final[dict[type[exp.Expr], frozenset[str]]] = {
    **dict.fromkeys((exp.And, exp.Or, exp.Is, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Escape, exp.Add, exp.Sub), _BINARY),
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), _BINARY),
    **dict.fromkeys((exp.Like, exp.ILike), _BINARY | {"negate"}),
    **dict.fromkeys((exp.Paren, exp.Not, exp.Neg, exp.Boolean, exp.Column), _ALONE),
    **dict.fromkeys((exp.Lower, exp.Upper, exp.Trim, exp.Length), _ALONE),
    **dict.fromkeys((exp.Null, exp.CurrentTimestamp), frozenset[str]()),
    **dict.fromkeys((exp.In, exp.Coalesce, exp.Anonymous), frozenset({"this", "expressions"})),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.Identifier: frozenset({"this", "quoted"}),
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Interval: frozenset({"this", "unit"}),
    exp.Var: _ALONE,
    exp.Cast: frozenset({"this", "to"}),
    exp.DataType: _ALONE,
}
_HINTS: Final[dict[type[exp.Expr], str]] = {
    **dict.fromkeys((exp.RegexpLike, exp.RegexpFullMatch, exp.RegexpILike, exp.SimilarTo, exp.Glob), "use LIKE"),
    **dict.fromkeys((exp.Subquery, exp.Select, exp.Exists), "a condition asks about the fields of one lead only"),
    **dict.fromkeys((exp.Case, exp.If), "use AND, OR, NOT"),
    exp.CurrentDate: "write now()",
}
_FUNCTIONS: Final[dict[type[exp.Expr], str]] = {
    exp.Lower: "LOWER",
    exp.Upper: "UPPER",
    exp.Trim: "TRIM",
    exp.Length: "LENGTH",
}
_CALLABLE: Final = ("lower", "upper", "trim", "length", "coalesce", "now", "failed")
_TYPES: Final = {
    exp.DType.DATE: FieldType.DATE,
    exp.DType.TIMESTAMP: FieldType.DATETIME,
    exp.DType.TIMESTAMPNTZ: FieldType.DATETIME,
    exp.DType.TIMESTAMPTZ: FieldType.DATETIME,
}
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def checked(node: N, path: Path) -> N:
    """Give back a node that is on the white-list with all its arguments; refuse any other."""
    allowed = _ALLOWED.get(type(node))
    if allowed is None:
        raise _refusal(node, path)
    if extra := [name for name, value in node.args.items() if value and name not in allowed]:
        raise _extra(node, extra[0], path)
    return node


def _refusal(node: exp.Expr, path: Path) -> ConditionError:
    if isinstance(node, exp.Func):
        name = node.sql_name()
        remedy = did_you_mean(name.lower(), _CALLABLE) or f"there are {', '.join(_CALLABLE)}"
        return ConditionError(f"{name} has no place in a condition", _HINTS.get(type(node), remedy), path)
    what = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(node).__name__).upper()
    remedy = _HINTS.get(type(node), "conditions are made of AND, OR, NOT, comparisons, IN, BETWEEN, LIKE and IS NULL")
    return ConditionError(f"{what} has no place in a condition", remedy, path)


def _extra(node: exp.Expr, extra: str, path: Path) -> ConditionError:
    if isinstance(node, exp.Column):
        return ConditionError(f"a field stands alone: {node.name}", f"leave out what stands before {node.name}", path)
    if isinstance(node, exp.In):
        return ConditionError("IN takes a list of values", "write IN ('DE', 'IT')", path)
    word = type(node).__name__.upper()
    return ConditionError(f"{word} is not allowed with {extra.upper()}", f"write {word} without it", path)


class SqlValues:
    """Reads the nodes of sqlglot that stand where a value is expected."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def value(self, node: exp.Expr) -> Value:
        """Read a value; NULL is refused, for nothing equals it."""
        checked(node, self.path)
        match node:
            case exp.Paren():
                return self.value(node.this)
            case exp.Column():
                return self.field(node)
            case exp.Literal():
                text = str(node.this)
                return text_value(text, self.path) if node.is_string else self._number(text)
            case exp.Neg(this=exp.Literal(is_string=False) as number):
                return self._number(f"-{number.this}")
            case exp.Boolean():
                return Constant(str(node.this).lower(), FieldType.BOOLEAN)
            case exp.Cast():
                return self._cast(node)
            case exp.Null():
                raise ConditionError("NULL equals nothing, not even NULL", "ask IS NULL or IS NOT NULL", self.path)
            case _:
                return self._computed(node)

    def nullable(self, node: exp.Expr) -> Value:
        """Read a value that may be NULL."""
        return EMPTY if isinstance(node, exp.Null) else self.value(node)

    def field(self, node: exp.Expr) -> Field:
        """Read the name of a field, in either spelling."""
        identifier = checked(checked(node, self.path).this, self.path)
        name = field_name(str(identifier.this))
        if not name:
            raise ConditionError(f'"{identifier.this}" names no field', "text takes single quotes", self.path)
        hint = f"text takes single quotes: {quote(str(identifier.this))}" if identifier.args.get("quoted") else ""
        return Field(name, self.path, hint)

    def _number(self, text: str) -> Constant:
        if not _NUMBER.fullmatch(text.removeprefix("-")):
            raise ConditionError(f"{text} is no number", "write it with digits and a point", self.path)
        return number_value(text)

    def _cast(self, node: exp.Cast) -> Constant:
        text, kind = node.this, _TYPES.get(checked(node.args["to"], self.path).this)
        if kind is None or not isinstance(text, exp.Literal) or not text.is_string:
            remedy = "declare the field's type under fields: in lustrum.yaml; a date is written DATE '2024-01-31'"
            raise ConditionError("CAST has no place in a condition", remedy, self.path)
        return Constant(str(text.this), kind)

    def _computed(self, node: exp.Expr) -> Value:
        match node:
            case exp.Coalesce():
                return make.coalesce([self.nullable(each) for each in (node.this, *node.expressions)])
            case exp.Add() | exp.Sub():
                return self._shifted(node)
            case exp.CurrentTimestamp():
                return Now()
            case exp.Anonymous():
                return self._now(node)
            case _ if type(node) in _FUNCTIONS:
                return Call(_FUNCTIONS[type(node)], (self.value(node.this),))
            case _:
                raise ConditionError(f"{type(node).__name__.upper()} gives no value to compare", _SPLIT, self.path)

    def _now(self, node: exp.Anonymous) -> Now:
        name = str(node.this)
        if name.lower() != "now":
            remedy = did_you_mean(name.lower(), _CALLABLE) or f"there are {', '.join(_CALLABLE)}"
            raise ConditionError(f"there is no function {name} in conditions", remedy, self.path)
        if node.expressions:
            raise ConditionError("now() takes nothing", "write now() - INTERVAL 30 DAY", self.path)
        return Now()

    def _shifted(self, node: exp.Expr) -> Now:
        start = self.value(node.this) if not isinstance(node.this, exp.Interval) else None
        if not isinstance(start, Now) or not isinstance(node.expression, exp.Interval):
            raise ConditionError("only now() can be added to", "write now() - INTERVAL 30 DAY", self.path)
        length = self._interval(checked(node.expression, self.path))
        try:
            return Now(start.offset + (length if isinstance(node, exp.Add) else -length))
        except OverflowError as error:
            raise ConditionError("the time is beyond the calendar", "take a shorter one", self.path) from error

    def _interval(self, node: exp.Interval) -> timedelta:
        number, unit = node.this, node.args.get("unit")
        length = f"{number.name if number else ''} {checked(unit, self.path).name if unit else ''}"
        if not any(map(str.isdigit, length)):
            raise ConditionError(f"{node.sql()} has no number", "write INTERVAL 30 DAY", self.path)
        try:
            return parse_duration(length)
        except DurationError as error:
            raise ConditionError(str(error), path=self.path) from error


_SPLIT: Final = "compare fields and values, and join the comparisons by AND and OR"
