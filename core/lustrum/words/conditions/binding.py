"""Filling in the tokens of a condition that are known before any lead is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lustrum.words.conditions import rewriting as make
from lustrum.words.conditions.activities import HadActivity
from lustrum.words.conditions.comparisons import Between, Compare, In, IsEmpty, Same
from lustrum.words.conditions.errors import ConditionError, Path
from lustrum.words.conditions.patterns import Like, Pattern, joined
from lustrum.words.conditions.tree import Condition, Holds
from lustrum.words.conditions.values import Call, Template, Value, value_of
from lustrum.words.conditions.whole_words import HasWord, has_word
from lustrum.words.tokens import Token, TokenError, TokenText

Values = Mapping[str, Mapping[str, str]]


def bind(condition: Condition, values: Values) -> Condition:
    """Resolve the tokens of the namespaces in `values` (`{"my": {"region": "EU"}}`) to literals.

    Raises `ConditionError` for a token that has neither a value nor a default.
    """
    return make.each_leaf(condition, lambda leaf: _bind_leaf(leaf, values))


def _bind_leaf(leaf: Condition, values: Values) -> Condition:
    match leaf:
        case Compare(operator, left, right, nocase):
            return make.compare(operator, _bound(left, values), _bound(right, values), nocase)
        case Same(left, right):
            return make.same(_bound(left, values), _bound(right, values))
        case IsEmpty(operand):
            return IsEmpty(_bound(operand, values))
        case In(operand, choices, nocase):
            return make.among(_bound(operand, values), [_bound(choice, values) for choice in choices], nocase)
        case Between(operand, low, high, nocase):
            return make.between(_bound(operand, values), _bound(low, values), _bound(high, values), nocase)
        case Like(operand, pattern, nocase):
            return make.like(_bound(operand, values), _bound_pattern(pattern, values, operand.where), nocase)
        case HasWord(operand, phrase):
            return has_word(_bound(operand, values), _bound(phrase, values))
        case Holds(operand):
            return Holds(_bound(operand, values))
        case HadActivity(asked) if asked.where:
            return HadActivity(replace(asked, where=bind(asked.where, values)))
        case _:
            return leaf


def _bound(value: Value, values: Values) -> Value:
    match value:
        case Template(text, path):
            return value_of(_resolved(text, values, path), path=path)
        case Call(function, arguments):
            bound = tuple(_bound(argument, values) for argument in arguments)
            return make.coalesce(bound) if function == "COALESCE" else Call(function, bound)
        case _:
            return value


def _bound_pattern(pattern: Pattern, values: Values, path: Path) -> Pattern:
    return joined(
        part
        for piece in pattern
        for part in (_resolved(TokenText((piece,)), values, path).parts if isinstance(piece, Token) else (piece,))
    )


def _resolved(text: TokenText, values: Values, path: Path) -> TokenText:
    try:
        return text.resolve(values)
    except TokenError as error:
        raise ConditionError(str(error), path=path) from error
