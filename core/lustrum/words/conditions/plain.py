"""Conditions in SQL of the plainest shapes, read without sqlglot, whose import takes longer than a small run.

A plain condition compares fields with texts and numbers, and joins that by AND alone or by OR alone. What it says is
what `sql` says of it; whatever is not surely plain is left to `sql`, which also says what is wrong with a text.
"""

from __future__ import annotations

import re
from typing import Final

from lustrum.words.conditions import rewriting as make
from lustrum.words.conditions.comparisons import Comparison
from lustrum.words.conditions.errors import Path
from lustrum.words.conditions.patterns import read_pattern
from lustrum.words.conditions.tree import Condition
from lustrum.words.conditions.values import EMPTY, Field, Value, number_value, read_tokens, text_value
from lustrum.words.fields import field_name

LONGEST: Final = 4_000
"""The most characters of a condition that is read here."""

_WORDS = (  # noqa: SIM905 - a list of 83 strings reads worse
    "alter and any array as between call case connect_by_root create cross current_catalog current_date"
    " current_time current_timestamp current_user distinct drop else except execute explain false fetch for force"
    " from glob grant having if ilike inner insert install intersect interval into join lateral like list"
    " localtime localtimestamp map not notnull null nullable object on only optimize or outer partitioned_by"
    " positional prepare qualify range regexp rename reset returning revoke rlike rollback row select session_user"
    " struct summarize tablesample then true uncache union using vacuum when where with xor"
).split()
RESERVED: Final = frozenset(_WORDS)
"""Words that begin something else in SQL where a field could stand."""

_SPACE = r"[ \t\r\n]"
_TEXT = r"'(?:[^']|'')*'"
_LITERAL = rf"{_TEXT}|-?[0-9]+(?:\.[0-9]+)?"
_LEAF: Final = re.compile(
    rf"""(?P<name>_*[a-z][a-z0-9_]*){_SPACE}*
    (?:
        (?P<operator><=|>=|<>|!=|=|<|>){_SPACE}*(?P<value>{_LITERAL})
        | (?<![a-z0-9_])(?P<not>NOT{_SPACE}+)?
        (?:
            IN{_SPACE}*\({_SPACE}*(?P<values>(?:{_LITERAL})(?:{_SPACE}*,{_SPACE}*(?:{_LITERAL}))*){_SPACE}*\)
            | (?P<like>I?LIKE){_SPACE}*(?P<pattern>{_TEXT})
        )
        | (?<![a-z0-9_])IS{_SPACE}+(?P<is_not>NOT{_SPACE}+)?(?P<null>NULL)
    )(?![^ \t\r\n])""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_JOIN: Final = re.compile(rf"{_SPACE}+(AND|OR){_SPACE}+", re.IGNORECASE | re.ASCII)
_COMPARISONS: Final[dict[str, Comparison]] = {
    "=": "=",
    "<>": "<>",
    "!=": "<>",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}


def parse_sql_text(text: str, path: Path = ()) -> Condition:
    """Read a condition's SQL text. Raises `ConditionError`, and nothing else, for any text that is none.

    >>> str(parse_sql_text("country = '' OR NOT country IN ('DE', 'IT')"))
    "country IS NULL OR NOT (country IN ('DE', 'IT'))"
    """
    plain = parse_plain(text, path)
    if plain is not None:
        return plain
    from lustrum.words.conditions.sql import parse_sql

    return parse_sql(text, path)


def parse_plain(text: str, path: Path = ()) -> Condition | None:
    """Read a plain condition, or give None for another text. Raises `ConditionError`.

    >>> str(parse_plain("country in ('DE', 'IT') AND score >= 5")), parse_plain("NOT score >= 5")
    ("country IN ('DE', 'IT') AND score >= 5", None)
    """
    found, joins, at = list[re.Match[str]](), set[str](), len(text) - len(text.lstrip(" \t\r\n"))
    while len(text) <= LONGEST and (leaf := _LEAF.match(text, at)) and leaf["name"].lower() not in RESERVED:
        found.append(leaf)
        join = _JOIN.match(text, leaf.end())
        if join is None:
            break
        joins.add(join[1].upper())
        at = join.end()
    else:
        return None
    if len(joins) > 1 or text[found[-1].end() :].strip(" \t\r\n"):
        return None
    leaves = [_condition(leaf, path) for leaf in found]
    return make.any_of(leaves) if "OR" in joins else make.all_of(leaves)


def _condition(leaf: re.Match[str], path: Path) -> Condition:
    field = Field(field_name(leaf["name"]), path)
    if leaf["operator"]:
        return make.compare(_COMPARISONS[leaf["operator"]], field, _value(leaf["value"], path))
    if leaf["null"]:
        asked = make.same(field, EMPTY)
    elif leaf["like"]:
        pattern = read_pattern(read_tokens(_unquoted(leaf["pattern"]), path), path=path)
        asked = make.like(field, pattern, nocase=leaf["like"].upper() == "ILIKE")
    else:
        asked = make.among(field, [_value(each, path) for each in re.findall(_LITERAL, leaf["values"])])
    return make.negate(asked) if leaf["not"] or leaf["is_not"] else asked


def _value(literal: str, path: Path) -> Value:
    return text_value(_unquoted(literal), path) if literal[0] == "'" else number_value(literal)


def _unquoted(literal: str) -> str:
    return literal[1:-1].replace("''", "'")
