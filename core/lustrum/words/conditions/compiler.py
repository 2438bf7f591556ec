"""Turning a condition into a Polars expression."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import polars as pl

from lustrum.words.conditions.activities import ActivityFilter, HadActivity
from lustrum.words.conditions.columns import DECLARE, Column, Columns
from lustrum.words.conditions.comparisons import Between, Compare, Comparison, In, IsEmpty, Same
from lustrum.words.conditions.constants import KINDS
from lustrum.words.conditions.errors import ConditionError
from lustrum.words.conditions.patterns import Like, Pattern, Wildcard
from lustrum.words.conditions.tree import And, Condition, HasFailed, Holds, IsTrue, Not, Or, SmartListReference, Truth
from lustrum.words.conditions.values import Constant, Field, Template, Value
from lustrum.words.conditions.whole_words import HasWord, has_fixed_words, has_shown_words
from lustrum.words.fields import FieldType
from lustrum.words.nearest import did_you_mean
from lustrum.words.tokens import Token, TokenText, trigger_column

_REGEX: Final = {Wildcard.ANY: ".*", Wildcard.ONE: "."}
_ORDERED: Final = frozenset({"<", "<=", ">", ">="})


def failed_column(field: str) -> str:
    """Name the Boolean column that says for which leads the field is unsettled.

    >>> failed_column("country")
    'failed(country)'
    """
    return f"failed({field})"


def compile_condition(condition: Condition, types: Mapping[str, FieldType], now: datetime) -> pl.Expr:
    """Make the Boolean expression of a condition, over columns named as the fields and by `failed_column`.

    Beside them it reads a column of counts for each of `condition.activities`, and a text column `trigger.name` for
    each of `condition.triggers`. It gives one value for each lead, null where the condition is neither true nor false.
    `now` is the run's start, in the run's time zone. Raises `ConditionError` for unknown fields, types that do not go
    together, unresolved tokens, and smart lists that nobody put in.
    """
    return compile_over(condition, Columns(types, now))


def compile_over(condition: Condition, columns: Columns) -> pl.Expr:
    """Make the expression of `compile_condition` over columns that may have other names."""
    types = columns.types
    if unknown := sorted(condition.asked - types.keys()):
        raise ConditionError(f"failed({unknown[0]}): there is no field {unknown[0]}", did_you_mean(unknown[0], types))
    expr = _Compiler(columns).condition(condition)
    empty = _empty_rows(condition, columns)
    try:
        tried = empty.select(expr.alias("held"))["held"]
    except pl.exceptions.PolarsError as error:
        raise ConditionError(f"{condition} cannot be computed: {str(error).splitlines()[0]}") from error
    if tried.dtype != pl.Boolean:
        raise ConditionError(f"{condition} gives {tried.dtype}, not true or false")
    return pl.repeat(tried.item(), pl.len(), dtype=pl.Boolean) if not empty.width else expr


def _empty_rows(condition: Condition, columns: Columns) -> pl.DataFrame:
    schema = {columns.named(name): columns.types[name].dtype for name in sorted(condition.fields)}
    schema |= {failed_column(name): pl.Boolean() for name in sorted(condition.asked)}
    schema |= {trigger_column(name): pl.String() for name in sorted(condition.triggers)}
    return pl.DataFrame(schema=schema | {asked.column: pl.UInt32() for asked in condition.activities})


@dataclass(frozen=True, slots=True)
class _Compiler:
    columns: Columns

    def condition(self, node: Condition) -> pl.Expr:
        match node:
            case And(parts):
                return pl.all_horizontal([self.condition(part) for part in parts])
            case Or(parts):
                return pl.any_horizontal([self.condition(part) for part in parts])
            case Not(part):
                return ~self.condition(part)
            case IsTrue(part):
                return self.condition(part).fill_null(value=False)
            case Truth(value):
                return pl.lit(value, dtype=pl.Boolean)
            case HasFailed(field):
                return pl.col(failed_column(field))
            case HadActivity(asked):
                return _counted(asked)
            case SmartListReference(_, path):
                raise ConditionError(f"{node}: the smart list was not put in", path=path)
            case _:
                return self._leaf(node)

    def _leaf(self, node: Condition) -> pl.Expr:
        match node:
            case Compare(operator, left, right, nocase):
                return self._compare(operator, left, right, nocase)
            case Same(left, right):
                one, other = self.columns.aligned([left, right])
                return one.expr.eq_missing(other.expr)
            case IsEmpty(operand):
                return self._is_empty(operand)
            case In(operand, choices, nocase):
                return self._among(operand, choices, nocase)
            case Between(operand, low, high, nocase):
                limits = (self._compare(">=", operand, low, nocase), self._compare("<=", operand, high, nocase))
                return pl.all_horizontal(limits)
            case Like():
                return self._like(node)
            case HasWord(operand, phrase):
                return self._has_word(operand, phrase)
            case Holds(operand):
                return self._holds(operand)
            case _:
                raise AssertionError(node)

    def _compare(self, operator: Comparison, left: Value, right: Value, nocase: bool) -> pl.Expr:
        columns = self.columns.aligned([left, right])
        kind = columns[0].type
        if operator in _ORDERED and (kind is FieldType.BOOLEAN or (nocase and kind is FieldType.TEXT)):
            raise ConditionError(f"{left} is {KINDS[kind]} and has no order", DECLARE, left.where)
        return _compared(operator, *(_folded(column, nocase) for column in columns))

    def _is_empty(self, operand: Value) -> pl.Expr:
        column = self.columns.column(operand)
        null = column.expr.is_null()
        return (null | (column.expr == "")) if column.type is FieldType.TEXT else null

    def _among(self, operand: Value, choices: Sequence[Value], nocase: bool) -> pl.Expr:
        column = self.columns.column(operand)
        constants = self.columns.constants(choices, column.type)
        if constants is None:
            return pl.any_horizontal([self._compare("=", operand, choice, nocase) for choice in choices])
        known = pl.Series(constants, dtype=column.type.dtype)
        if nocase and column.type is FieldType.TEXT:
            known = known.str.to_lowercase()
        return _folded(column, nocase).is_in(known.to_list())

    def _holds(self, operand: Value) -> pl.Expr:
        column = self.columns.column(operand)
        if column.type is not FieldType.BOOLEAN:
            declared = f"{self.columns.declared(operand.name, 'boolean')}, or " if isinstance(operand, Field) else ""
            remedy = f"{declared}ask something of it, such as {operand} IS NOT NULL"
            raise ConditionError(f"{operand} is {KINDS[column.type]}, not true or false", remedy, operand.where)
        return column.expr

    def _text(self, operand: Value, asked: str) -> Column:
        column = self.columns.column(operand, FieldType.TEXT)
        if column.type is not FieldType.TEXT:
            what = f"{operand} is {KINDS[column.type]}; only text has {asked}"
            raise ConditionError(what, DECLARE, operand.where)
        return column

    def _has_word(self, operand: Value, phrase: Value) -> pl.Expr:
        text = self._text(operand, "words").expr
        if isinstance(phrase, Constant):
            return has_fixed_words(text, phrase.text)
        return has_shown_words(text, self._text(phrase, "words").expr)

    def _like(self, node: Like) -> pl.Expr:
        text = _folded(self._text(node.operand, "patterns"), node.nocase)
        before, after = (node.pattern[end] is Wildcard.ANY for end in (0, -1))
        within = node.pattern[before : len(node.pattern) - after]
        pieces = tuple(part for part in within if not isinstance(part, Wildcard))
        if len(pieces) < len(within) or not pieces:
            return text.str.contains(self._regex(node.pattern, node))
        piece = _folded(self._piece(TokenText(pieces), node), node.nocase)
        match before, after:
            case False, False:
                return text == piece
            case True, True:
                return text.str.contains(piece, literal=True)
            case False, _:
                return text.str.starts_with(piece)
            case _:
                return text.str.ends_with(piece)

    def _piece(self, text: TokenText, node: Like) -> Column:
        if text.literal is None:
            return self.columns.column(Template(text, node.operand.where))
        return Column(pl.lit(text.literal, dtype=pl.String), FieldType.TEXT)

    def _regex(self, pattern: Pattern, node: Like) -> str:
        if node.tokens:
            what = f"{node.tokens[0]} stands in a pattern with wildcards among its text"
            raise ConditionError(what, "leave % at its start and end only", node.operand.where)
        return r"(?s)\A" + "".join(self._regex_part(part, node.nocase) for part in pattern) + r"\z"

    def _regex_part(self, part: str | Token | Wildcard, nocase: bool) -> str:
        if isinstance(part, Wildcard):
            return _REGEX[part]
        text = str(part)
        return re.escape(str(pl.Series([text]).str.to_lowercase()[0]) if nocase else text)


def _counted(asked: ActivityFilter) -> pl.Expr:
    count = pl.col(asked.column).fill_null(0)
    return count >= asked.low if asked.high is None else count.is_between(asked.low, asked.high)


def _folded(column: Column, nocase: bool) -> pl.Expr:
    return column.expr.str.to_lowercase() if nocase and column.type is FieldType.TEXT else column.expr


def _compared(operator: Comparison, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    match operator:
        case "=":
            return left == right
        case "<>":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
