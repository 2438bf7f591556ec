"""Putting nodes together so that the tree says what will run.

Every node of every tree is made here: empty text becomes a question for emptiness, nested joins become flat, a
constant stands on the right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from lustrum.words.conditions.comparisons import Between, Compare, Comparison, In, IsEmpty, Same
from lustrum.words.conditions.errors import ConditionError
from lustrum.words.conditions.patterns import Like, Pattern, Wildcard
from lustrum.words.conditions.tree import And, Condition, Holds, IsTrue, Not, Or
from lustrum.words.conditions.values import Call, Constant, Field, Template, Value
from lustrum.words.fields import FieldType

_FLIPPED: Final[dict[Comparison, Comparison]] = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_EMPTY_TEXT: Final = Constant("", FieldType.TEXT)
_FALSE: Final = Constant("false", FieldType.BOOLEAN)
_ZERO: Final = Constant("0", FieldType.INTEGER)


def all_of(parts: Iterable[Condition]) -> Condition:
    """Join conditions by AND; one alone stays as it is."""
    flat = [part for joined in parts for part in (joined.parts if isinstance(joined, And) else (joined,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(parts: Iterable[Condition]) -> Condition:
    """Join conditions by OR; one alone stays as it is."""
    flat = [part for joined in parts for part in (joined.parts if isinstance(joined, Or) else (joined,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def each_leaf(condition: Condition, change: Callable[[Condition], Condition]) -> Condition:
    """Change the leaves of a condition, and join what comes out as they were joined."""
    match condition:
        case And(parts):
            return all_of(each_leaf(part, change) for part in parts)
        case Or(parts):
            return any_of(each_leaf(part, change) for part in parts)
        case Not(part):
            return negate(each_leaf(part, change))
        case IsTrue(part):
            return is_true(each_leaf(part, change))
        case _:
            return change(condition)


def negate(condition: Condition) -> Condition:
    """Negate a condition; null stays null.

    >>> str(negate(negate(IsEmpty(Field("country")))))
    'country IS NULL'
    """
    return condition.part if isinstance(condition, Not) else Not(condition)


def is_true(condition: Condition) -> Condition:
    """Make a condition true or false, never null."""
    return IsTrue(condition) if condition.may_be_null else condition


def is_false(condition: Condition) -> Condition:
    """Hold where a condition is false; never null.

    >>> str(is_false(Holds(Field("active"))))
    '(active = FALSE) IS TRUE'
    """
    if isinstance(condition, Holds):
        return is_true(compare("=", condition.operand, _FALSE))
    return is_true(negate(condition))


def compare(operator: Comparison, left: Value, right: Value, nocase: bool = False) -> Condition:
    """Compare two values: `= ''` asks for emptiness, an order with '' raises `ConditionError`.

    >>> str(compare("<>", Field("country"), Constant("")))
    'country IS NOT NULL'
    """
    if isinstance(left, Constant) and not isinstance(right, Constant):
        operator, left, right = _FLIPPED[operator], right, left
    if asked := _emptiness(left, right):
        if operator not in ("=", "<>"):
            raise ConditionError(f"{left} {operator} '' compares with nothing", f"ask {left} IS NULL", left.where)
        return IsEmpty(asked) if operator == "=" else Not(IsEmpty(asked))
    if operator == "=" and isinstance(left, Call) and left.function == "LENGTH" and right == _ZERO:
        return IsEmpty(left.arguments[0])
    return Compare(operator, left, right, nocase and _has_case(operator, right))


def same(left: Value, right: Value) -> Condition:
    """Ask whether two values are equal or both empty."""
    asked = _emptiness(left, right)
    return IsEmpty(asked) if asked else Same(left, right)


def among(operand: Value, choices: Sequence[Value], nocase: bool = False) -> Condition:
    """Ask whether the operand is one of the choices; an empty choice asks for emptiness."""
    filled = tuple(dict.fromkeys(choice for choice in choices if not _is_empty(choice)))
    parts: list[Condition] = [] if len(filled) == len(set(choices)) else [IsEmpty(operand)]
    if len(filled) == 1:
        parts.append(compare("=", operand, filled[0], nocase))
    elif filled:
        parts.append(In(operand, filled, nocase and any(_has_case("=", choice) for choice in filled)))
    return any_of(parts)


def between(operand: Value, low: Value, high: Value, nocase: bool = False) -> Condition:
    """Ask whether the operand stands between two limits, both included."""
    if _is_empty(low) or _is_empty(high):
        raise ConditionError(f"{operand} BETWEEN {low} AND {high} lacks a limit", "give both", operand.where)
    return Between(operand, low, high, nocase)


def like(operand: Value, pattern: Pattern, nocase: bool = False) -> Condition:
    """Ask whether the operand's text fits a pattern; the empty pattern asks for emptiness."""
    return Like(operand, pattern, nocase) if pattern else IsEmpty(operand)


def containing(operand: Value, pattern: Pattern, start: bool, end: bool) -> Condition:
    """Ask, ignoring case, whether the operand's text has the pattern in it, or at its start or end."""
    any_text = (Wildcard.ANY,)
    return Like(operand, (*(() if start else any_text), *pattern, *(() if end else any_text)), nocase=True)


def coalesce(arguments: Sequence[Value]) -> Value:
    """Give the first value that is not empty; a last '' keeps the result from being null."""
    filled = [argument for argument in arguments[:-1] if not _is_empty(argument)] + [*arguments[-1:]]
    last = [_EMPTY_TEXT if _is_empty(argument) else argument for argument in filled[-1:]]
    kept = (*filled[:-1], *last)
    return kept[0] if len(kept) == 1 else Call("COALESCE", kept)


def _emptiness(left: Value, right: Value) -> Value | None:
    if _is_empty(right):
        return left
    return right if _is_empty(left) else None


def _is_empty(value: Value) -> bool:
    return isinstance(value, Constant) and value.is_empty


def _has_case(operator: Comparison, value: Value) -> bool:
    if operator not in ("=", "<>"):
        return True
    return isinstance(value, Field | Call | Template) or (
        isinstance(value, Constant) and value.text.lower() != value.text.upper()
    )
