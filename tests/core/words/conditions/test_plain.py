"""What is read without sqlglot means what sqlglot reads in it; all else is left to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot.dialects.duckdb import DuckDB

from lustrum.words.conditions.errors import ConditionError
from lustrum.words.conditions.plain import LONGEST, RESERVED, parse_plain, parse_sql_text
from lustrum.words.conditions.sql import parse_sql
from lustrum.words.conditions.tree import Condition

PLAIN = [
    "country = 'DE'",
    " country\n<>\t'O''Brien' ",
    "score>=-007 AND score<10.50",
    "a = '' OR b != '{{lead.c}} x' OR c = '{{my.d:default=}}'",
    "country IN ('US','CA', 5)",
    "country not in ('')",
    "title ILIKE '%vp%' OR title NOT LIKE 'a_b' or title like''",
    "email IS NULL and phone is not null",
    "a = '-- no comment' AND b = '/* none */' AND c = '\\'",
]
OTHER = [
    "",
    "country",
    "country = 'DE",
    "country = 'DE' AND",
    "a = 1 AND b = 2 OR c = 3",
    "(a = 1)",
    "NOT a = 1",
    '"a" = 1',
    "a = 1 -- so",
    "a = b",
    "'DE' = country",
    "a = 'x' 'y'",
    "a = 1e5",
    "a = 5x",
    "a = NULL",
    "a IN (NULL)",
    "a IN ()",
    "aIN ('x')",
    "a IS TRUE",
    "a LIKE 'x' ESCAPE '!'",
    "a == 1",
    "t.a = 1",
    "ſ = 1",
    "a\u00a0= 1",
    "_ = 1",
    "a = {{lead.b}}",
]


def said(parse: Callable[[str], Condition | None], text: str) -> str:
    """Give what is made of a text, or what is wrong with it."""
    try:
        return repr(parse(text))
    except ConditionError as error:
        return f"{error} {error.path}"


@pytest.mark.parametrize("text", PLAIN)
def test_plain_conditions_are_read_as_by_sqlglot(text: str) -> None:
    assert parse_plain(text) is not None
    assert said(parse_plain, text) == said(parse_sql, text)


@pytest.mark.parametrize("text", OTHER)
def test_other_texts_are_left_to_sqlglot(text: str) -> None:
    assert parse_plain(text) is None
    assert said(parse_sql_text, text) == said(parse_sql, text)


@pytest.mark.parametrize("text", ["a >= ''", "a = '{{lead.}}'", "a = 1 OR b < ''"])
def test_what_is_wrong_is_told_as_by_sqlglot(text: str) -> None:
    with pytest.raises(ConditionError):
        parse_plain(text)
    assert said(parse_plain, text) == said(parse_sql, text)


def test_a_long_condition_is_left_to_sqlglot() -> None:
    assert parse_plain("a = 1 OR " * (LONGEST // 9) + "a = 1") is None


def words_of_sql() -> Iterator[str]:
    """Name every word that means something to the tokenizer or the parser of sqlglot."""
    tables = [DuckDB.Tokenizer.KEYWORDS, *(getattr(DuckDB.Parser, name) for name in dir(DuckDB.Parser))]
    for table in tables:
        if isinstance(table, dict | set | frozenset):
            names = (str(getattr(word, "name", word)) for word in table)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  # of many types
            yield from (name.lower() for name in names if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII))


WORDS = sorted({*words_of_sql(), *"abcdefghijklmnopqrstuvwxyz", *RESERVED})
ASKED = ["{} = 'a'", "{}<5", "{} IN ('a')", "{} NOT IN ('a')", "{} LIKE 'a'", "{} IS NULL", "q = 1 AND {} IS NOT NULL"]


@pytest.mark.parametrize("asked", ASKED)
def test_no_word_of_sql_is_taken_for_a_field_where_sqlglot_does_not(asked: str) -> None:
    plain = [text for text in map(asked.format, WORDS) if parse_plain(text) is not None]
    assert len(plain) > 1_000
    assert [text for text in plain if said(parse_plain, text) != said(parse_sql, text)] == []


LITERALS = st.one_of(
    st.text(max_size=8).map(lambda text: "'" + text.replace("'", "''") + "'"),
    st.integers(-99, 99).map(str),
    st.decimals(-9, 9, places=2, allow_nan=False).map(str),
    st.sampled_from(["''", "'{{lead.c}}'", "'%a_'", "NULL", "b", "'", "1e3"]),
)
GAPS = st.sampled_from(["", " ", "\n", " \t", "/**/"])
OPERATORS = st.sampled_from(["=", "<>", "!=", "<", "<=", ">", ">=", " LIKE ", " not ilike", " IS ", " IN "])
NAMES = st.sampled_from(["a", "Country", "lead_score", "_x1", "date", "left", "value", "status", '"a"', "ſ", "not"])


@st.composite
def leaves(draw: st.DrawFn) -> str:
    """Make something like a comparison, often one."""
    name, gap = draw(NAMES), draw(GAPS)
    if draw(st.booleans()):
        return f"{name}{gap}{draw(OPERATORS)}{draw(GAPS)}{draw(LITERALS)}"
    listed = f",{gap}".join(draw(st.lists(LITERALS, min_size=1, max_size=3)))
    return draw(
        st.sampled_from([f"{name} IN{gap}({gap}{listed})", f"{name} NOT IN ({listed}{gap})", f"{name} IS NULL"])
    )


JOINED = st.tuples(
    leaves(), st.lists(st.tuples(st.sampled_from([" AND ", " or ", "\nOR\n", " "]), leaves()), max_size=2)
)


@given(JOINED)
@settings(max_examples=1_000)
def test_whatever_is_read_is_what_sqlglot_reads(joined: tuple[str, list[tuple[str, str]]]) -> None:
    first, others = joined
    text = first + "".join(join + leaf for join, leaf in others)
    assert said(parse_sql_text, text) == said(parse_sql, text)
