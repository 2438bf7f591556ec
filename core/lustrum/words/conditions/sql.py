"""The one-line spelling of a condition: the text of an SQL WHERE, restricted to a white-list."""

from __future__ import annotations

import re
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from lustrum.words.conditions import rewriting as make
from lustrum.words.conditions.comparisons import Comparison
from lustrum.words.conditions.errors import ConditionError, Path
from lustrum.words.conditions.patterns import read_pattern
from lustrum.words.conditions.sql_values import SqlValues, checked
from lustrum.words.conditions.tree import DEEPEST, Condition, HasFailed, Holds, Truth
from lustrum.words.conditions.values import EMPTY, Value, quote, read_tokens

LONGEST: Final = 20_000
"""The most characters a condition may have."""

_PIECES = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\{\{.*?\}\}|[()\[\]]|(?:(?:[-+~!]|\bNOT\b)\s*)+""", re.DOTALL | re.IGNORECASE
)
_PREFIX = re.compile(r"[-+~!]|NOT", re.IGNORECASE)
_COMPARISONS: Final[dict[type[exp.Expr], Comparison]] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_SHAPE: Final = "a condition looks like: country = 'DE' AND score >= 5; a field named like a word of SQL is quoted"


def parse_sql(text: str, path: Path = ()) -> Condition:
    """Read a condition's SQL text. Raises `ConditionError`, and nothing else, for any text that is none."""
    if len(text) > LONGEST:
        raise ConditionError(f"the condition has {len(text)} characters; {LONGEST} are allowed", _LONG, path)
    try:
        return _Reader(path).condition(_parsed(_prepared(text, path), path))
    except RecursionError:
        raise ConditionError("the condition is nested too deeply", _DEEP, path) from None


_QUOTES: Final = ("'", '"', "{{")
_STEP_IN: Final = {"(": 1, "[": 1, ")": -1, "]": -1}
_LONG: Final = "a list of many values belongs in a structured `in:` or in a look-up table"
_DEEP: Final = "split it, or use all / any / none"


def _prepared(text: str, path: Path) -> str:
    depth = 0
    for piece in _PIECES.findall(text):
        depth += _STEP_IN.get(piece, 0)
        if depth > DEEPEST:
            raise ConditionError(f"the condition nests brackets more than {DEEPEST} deep", _DEEP, path)
        if not piece.startswith(_QUOTES) and len(_PREFIX.findall(piece)) > DEEPEST:
            raise ConditionError(f"the condition nests more than {DEEPEST} signs or NOTs", _DEEP, path)
    return _PIECES.sub(lambda piece: quote(piece[0]) if piece[0].startswith("{{") else piece[0], text)


def _parsed(text: str, path: Path) -> exp.Expr:
    try:
        parsed: exp.Expr = sqlglot.parse_one(text, dialect="duckdb", into=exp.Condition)
    except ParseError as error:
        raise ConditionError(f"{_shown(text)} is no condition{_near(error)}", _SHAPE, path) from None
    except (SqlglotError, ValueError) as error:
        raise ConditionError(f"{_shown(text)} is no condition: a quote is not closed", _SHAPE, path) from error
    return parsed


def _shown(text: str) -> str:
    return f'"{text}"' if len(text) <= 80 else f'"{text[:77]}…"'


def _near(error: ParseError) -> str:
    highlight = str(error.errors[0].get("highlight") or "") if error.errors else ""
    return f': something is wrong at "{highlight}"' if highlight else ""


class _Reader:
    """Turns the nodes of sqlglot into ours; a node or an argument it does not know is refused."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.values = SqlValues(path)

    def condition(self, node: exp.Expr) -> Condition:
        """Read a node that stands where a condition is expected."""
        checked(node, self.path)
        match node:
            case exp.Paren():
                return self.condition(node.this)
            case exp.And():
                return make.all_of([self.condition(part) for part in node.flatten()])
            case exp.Or():
                return self._or(node)
            case exp.Not():
                return make.negate(self.condition(node.this))
            case exp.Boolean():
                return Truth(bool(node.this))
            case exp.Anonymous() if str(node.this).lower() == "failed":
                return self._failed(node)
            case _:
                return self._leaf(node)

    def _or(self, node: exp.Or) -> Condition:
        if any(isinstance(part, exp.And) for part in node.flatten(unnest=False)):
            raise ConditionError(
                "AND and OR are mixed without brackets", "write (a AND b) OR c, or a AND (b OR c)", self.path
            )
        return make.any_of([self.condition(part) for part in node.flatten()])

    def _leaf(self, node: exp.Expr) -> Condition:
        match node:
            case exp.Is():
                return self._is(node)
            case exp.NullSafeEQ():
                return make.same(*self._sides(node))
            case exp.NullSafeNEQ():
                return make.negate(make.same(*self._sides(node)))
            case exp.In():
                return self._in(node)
            case exp.Between():
                operand, low, high = (self.values.value(node.args[part]) for part in ("this", "low", "high"))
                return make.between(operand, low, high)
            case exp.Like() | exp.ILike():
                return self._like(node)
            case exp.Escape():
                return self._escaped(node)
            case _ if type(node) in _COMPARISONS:
                left, right = self.values.value(node.this), self.values.value(node.expression)
                return make.compare(_COMPARISONS[type(node)], left, right)
            case _:
                return Holds(self.values.value(node))

    def _is(self, node: exp.Is) -> Condition:
        what = checked(node.expression, self.path)
        if isinstance(what, exp.Null):
            return make.same(self.values.value(node.this), EMPTY)
        if isinstance(what, exp.Boolean):
            asked = self.condition(node.this)
            return make.is_true(asked) if what.this else make.is_false(asked)
        remedy = "after IS stands NULL, TRUE or FALSE; the words `is empty` go with a key, as in `country: is empty`"
        raise ConditionError("IS asks for NULL, TRUE or FALSE only", remedy, self.path)

    def _sides(self, node: exp.Expr) -> tuple[Value, Value]:
        return self.values.nullable(node.this), self.values.nullable(node.expression)

    def _in(self, node: exp.In) -> Condition:
        if not node.expressions:
            raise ConditionError("IN takes values in brackets", "write IN ('DE', 'IT')", self.path)
        return make.among(self.values.value(node.this), [self.values.value(each) for each in node.expressions])

    def _like(self, node: exp.Expr, escape: str = "") -> Condition:
        pattern = node.expression
        if not isinstance(pattern, exp.Literal) or not pattern.is_string:
            raise ConditionError("LIKE takes a pattern in single quotes", "write LIKE 'vp%'", self.path)
        parts = read_pattern(read_tokens(str(pattern.this), self.path), escape, self.path)
        like = make.like(self.values.value(node.this), parts, nocase=isinstance(node, exp.ILike))
        return make.negate(like) if node.args.get("negate") else like

    def _escaped(self, node: exp.Escape) -> Condition:
        like, escape = node.this, node.expression
        single = isinstance(escape, exp.Literal) and escape.is_string and len(str(escape.this)) == 1
        if not isinstance(like, exp.Like | exp.ILike) or not single:
            raise ConditionError("ESCAPE takes one character", "write LIKE '100!%' ESCAPE '!'", self.path)
        return self._like(checked(like, self.path), str(escape.this))

    def _failed(self, node: exp.Anonymous) -> Condition:
        if len(node.expressions) != 1 or not isinstance(node.expressions[0], exp.Column):
            raise ConditionError("failed() takes the name of one field", "write failed(country)", self.path)
        return HasFailed(self.values.field(node.expressions[0]).name)
