"""Every operator of Marketo's glossary, for every type of field, and every trap its documents name.

Marketo's glossary: Smart List Filter Operators Glossary (product documents of Marketo Engage).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import polars as pl
import pytest

from lustrum.words.conditions import ConditionError, compile_condition, parse_condition
from lustrum.words.conditions.operators import OPERATORS
from lustrum.words.fields import FieldType

NOW = datetime(2024, 6, 15, 12, 0, tzinfo=UTC)

TEXT = ("is", "is not", "starts with", "not starts with", "contains", "not contains", "is empty", "is not empty")
NUMBER = ("is", "is not", "between", "greater than", "less than", "at least", "at most", "is empty", "is not empty")
DAY = (
    *("is", "is not", "between", "in past", "in past before", "in future", "in future after", "in time frame"),
    *("after", "before", "on or after", "on or before", "is empty", "is not empty"),
)
OURS = ("has word", "not has word")
"""What the glossary lacks: `contains` asks for letters, not for words."""

GLOSSARY = {
    FieldType.TEXT: (*TEXT, *OURS),
    FieldType.INTEGER: NUMBER,
    FieldType.DECIMAL: NUMBER,
    FieldType.DATE: DAY,
    FieldType.DATETIME: DAY,
    FieldType.BOOLEAN: ("is true", "is false", "is empty"),
}


class Case(NamedTuple):
    type: FieldType
    operator: str
    value: str
    holds: Sequence[Any]
    fails: Sequence[Any]


def moments(*texts: str) -> list[datetime]:
    return [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in texts]


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


NOTHING = ["", None]
CASES = [
    Case(FieldType.TEXT, "is", "Germany", ["Germany", "GERMANY"], ["German", "Germany ", *NOTHING]),
    Case(FieldType.TEXT, "is not", "Germany", ["Italy", *NOTHING], ["Germany", "germany"]),
    Case(FieldType.TEXT, "starts with", "ger", ["Germany", "ger"], ["Niger", *NOTHING]),
    Case(FieldType.TEXT, "not starts with", "ger", ["Niger", *NOTHING], ["Germany"]),
    Case(FieldType.TEXT, "contains", "for", ["california", "FORTUNE", "therefor"], ["far", *NOTHING]),
    Case(FieldType.TEXT, "not contains", "for", ["far", *NOTHING], ["California"]),
    Case(
        FieldType.TEXT,
        "has word",
        "CTO",
        ["cto", "CTO/Co-founder", "CEO & CTO", "(Cto)", "ad interim_CTO"],
        ["Director", "CTOs", "CTO2", *NOTHING],
    ),
    Case(FieldType.TEXT, "not has word", "CTO", ["Director", *NOTHING], ["Founder, CTO"]),
    Case(FieldType.TEXT, "is empty", "", NOTHING, ["x", " ", "NULL"]),
    Case(FieldType.TEXT, "is not empty", "", ["x", " "], NOTHING),
    Case(FieldType.INTEGER, "is", "0", [0], [1, None]),
    Case(FieldType.INTEGER, "is not", "0", [1, -1, None], [0]),
    Case(FieldType.INTEGER, "between", "1 and 3", [1, 2, 3], [0, 4, None]),
    Case(FieldType.INTEGER, "greater than", "3", [4], [3, None]),
    Case(FieldType.INTEGER, "less than", "3", [2, -9], [3, None]),
    Case(FieldType.INTEGER, "at least", "3", [3, 4], [2, None]),
    Case(FieldType.INTEGER, "at most", "3", [3, 2], [4, None]),
    Case(FieldType.INTEGER, "is empty", "", [None], [0, 1]),
    Case(FieldType.INTEGER, "is not empty", "", [0, 1], [None]),
    Case(FieldType.DECIMAL, "is", "0", [0.0, -0.0], [0.5, None]),
    Case(FieldType.DECIMAL, "is not", "0.5", [0.0, None], [0.5]),
    Case(FieldType.DECIMAL, "between", "0.5 and 2", [0.5, 1.0, 2.0], [0.4, 2.1, None]),
    Case(FieldType.DECIMAL, "greater than", "0.5", [0.6], [0.5, None]),
    Case(FieldType.DECIMAL, "less than", "3", [2.9], [3.0, None]),
    Case(FieldType.DECIMAL, "at least", "3", [3.0], [2.9, None]),
    Case(FieldType.DECIMAL, "at most", "3", [3.0], [3.1, None]),
    Case(FieldType.DECIMAL, "is empty", "", [None], [0.0]),
    Case(FieldType.DECIMAL, "is not empty", "", [0.0], [None]),
    Case(FieldType.DATE, "is", "2024-06-14", days("2024-06-14"), [*days("2024-06-15"), None]),
    Case(FieldType.DATE, "is not", "2024-06-14", [*days("2024-06-15"), None], days("2024-06-14")),
    Case(
        FieldType.DATE,
        "between",
        "2024-06-01 and 2024-06-14",
        days("2024-06-01", "2024-06-14"),
        [*days("2024-05-31", "2024-06-15"), None],
    ),
    Case(
        FieldType.DATE,
        "in past",
        "3 weeks",
        days("2024-05-25", "2024-06-15"),
        [*days("2024-05-24", "2024-06-16"), None],
    ),
    Case(FieldType.DATE, "in past before", "1 year", days("2023-06-15", "1990-01-01"), [*days("2023-06-16"), None]),
    Case(
        FieldType.DATE,
        "in future",
        "2 days",
        days("2024-06-16", "2024-06-17"),
        [*days("2024-06-15", "2024-06-18"), None],
    ),
    Case(FieldType.DATE, "in future after", "2 days", days("2024-06-18"), [*days("2024-06-17"), None]),
    Case(
        FieldType.DATE,
        "in time frame",
        "last week",
        days("2024-06-03", "2024-06-09"),
        [*days("2024-06-02", "2024-06-10"), None],
    ),
    Case(FieldType.DATE, "after", "2024-06-14", days("2024-06-15"), [*days("2024-06-14"), None]),
    Case(FieldType.DATE, "before", "2024-06-14", days("2024-06-13"), [*days("2024-06-14"), None]),
    Case(FieldType.DATE, "on or after", "2024-06-14", days("2024-06-14"), [*days("2024-06-13"), None]),
    Case(FieldType.DATE, "on or before", "2024-06-14", days("2024-06-14"), [*days("2024-06-15"), None]),
    Case(FieldType.DATE, "is empty", "", [None], days("2024-06-15")),
    Case(FieldType.DATE, "is not empty", "", days("2024-06-15"), [None]),
    Case(
        FieldType.DATETIME,
        "is",
        "2024-06-14",
        moments("2024-06-14", "2024-06-14T23:59"),
        [*moments("2024-06-15"), None],
    ),
    Case(FieldType.DATETIME, "is not", "2024-06-14", [*moments("2024-06-15"), None], moments("2024-06-14T09:00")),
    Case(
        FieldType.DATETIME,
        "between",
        "2024-06-01 and 2024-06-14",
        moments("2024-06-01", "2024-06-14T23:59"),
        [*moments("2024-05-31T23:59", "2024-06-15"), None],
    ),
    Case(
        FieldType.DATETIME,
        "in past",
        "1 hour",
        moments("2024-06-15T11:00", "2024-06-15T12:00"),
        [*moments("2024-06-15T10:59", "2024-06-15T12:01"), None],
    ),
    Case(FieldType.DATETIME, "in past before", "14 months", moments("2023-04-01"), [*moments("2023-05-01"), None]),
    Case(
        FieldType.DATETIME,
        "in future",
        "82 days",
        moments("2024-06-15T12:01", "2024-09-05T12:00"),
        [*moments("2024-06-15T12:00", "2024-09-05T12:01"), None],
    ),
    Case(FieldType.DATETIME, "in future after", "90 days", moments("2024-09-14"), [*moments("2024-09-13"), None]),
    Case(
        FieldType.DATETIME,
        "in time frame",
        "yesterday",
        moments("2024-06-14", "2024-06-14T23:59"),
        [*moments("2024-06-13T23:59", "2024-06-15"), None],
    ),
    Case(FieldType.DATETIME, "after", "2024-06-14", moments("2024-06-15"), [*moments("2024-06-14T23:59"), None]),
    Case(
        FieldType.DATETIME,
        "before",
        "2024-06-14T09:00",
        moments("2024-06-14T08:59"),
        [*moments("2024-06-14T09:00"), None],
    ),
    Case(FieldType.DATETIME, "on or after", "2024-06-14", moments("2024-06-14"), [*moments("2024-06-13T23:59"), None]),
    Case(FieldType.DATETIME, "on or before", "2024-06-14", moments("2024-06-14T23:59"), [*moments("2024-06-15"), None]),
    Case(FieldType.DATETIME, "is empty", "", [None], moments("2024-06-15")),
    Case(FieldType.DATETIME, "is not empty", "", moments("2024-06-15"), [None]),
    Case(FieldType.BOOLEAN, "is true", "", [True], [False, None]),
    Case(FieldType.BOOLEAN, "is false", "", [False], [True, None]),
    Case(FieldType.BOOLEAN, "is empty", "", [None], [True, False]),
]


def answers(written: object, kind: FieldType, cells: Sequence[Any]) -> list[bool]:
    leads = pl.DataFrame({"asked": pl.Series(cells, dtype=kind.dtype)})
    expression = compile_condition(parse_condition(written), {"asked": kind}, NOW)
    return leads.select(expression.alias("held"))["held"].to_list()


def test_the_table_has_every_operator_of_the_glossary_once() -> None:
    listed = [(case.type, case.operator) for case in CASES]
    assert sorted(listed, key=str) == sorted(((kind, name) for kind in GLOSSARY for name in GLOSSARY[kind]), key=str)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.type.value}: {case.operator} {case.value}".strip())
def test_an_operator_of_the_glossary_means_what_it_says(case: Case) -> None:
    expected = [True] * len(case.holds) + [False] * len(case.fails)
    assert answers({"asked": f"{case.operator} {case.value}"}, case.type, [*case.holds, *case.fails]) == expected
    if case.value and case.operator != "between":
        assert answers({"asked": {case.operator: case.value}}, case.type, [*case.holds, *case.fails]) == expected


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        pytest.param(FieldType.INTEGER, "is 0", id="is 0 takes no lead without a number"),
        pytest.param(FieldType.DECIMAL, "is 0", id="is 0.0 neither"),
        pytest.param(FieldType.INTEGER, "at most 5", id="at most neither"),
        pytest.param(FieldType.DATE, "before 2024-06-15", id="before takes no lead without a date"),
        pytest.param(FieldType.DATE, "on or before 2024-06-15", id="on or before neither"),
        pytest.param(FieldType.DATE, "in past before 1 day", id="in past before neither"),
        pytest.param(FieldType.DATETIME, "before 2024-06-15", id="before takes no lead without a time"),
        pytest.param(FieldType.DATETIME, "on or before 2024-06-15", id="on or before a time neither"),
        pytest.param(FieldType.DATETIME, "in past before 1 day", id="in past before a time neither"),
        pytest.param(FieldType.BOOLEAN, "is false", id="a flag that was never set is not false"),
        pytest.param(FieldType.BOOLEAN, "is true", id="nor true"),
    ],
)
def test_a_positive_operator_takes_no_empty_field(kind: FieldType, asked: str) -> None:
    assert answers({"asked": asked}, kind, [None]) == [False]
    assert answers({"none": [{"asked": asked}]}, kind, [None]) == [True]


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        *[(kind, "is not 2024-06-14") for kind in (FieldType.DATE, FieldType.DATETIME, FieldType.TEXT)],
        *[(kind, "is not 0") for kind in (FieldType.INTEGER, FieldType.DECIMAL)],
        (FieldType.BOOLEAN, {"is not": "true"}),
        (FieldType.TEXT, "not in a, b"),
        (FieldType.TEXT, "not contains a"),
        (FieldType.TEXT, "not has word a"),
        (FieldType.TEXT, "not starts with a"),
        (FieldType.TEXT, "not ends with a"),
        (FieldType.INTEGER, "not between 1 and 2"),
        (FieldType.DATE, "not in past 3 days"),
        (FieldType.DATE, "not in future"),
        (FieldType.DATE, "not in time frame this year"),
    ],
)
def test_a_negative_operator_keeps_the_leads_whose_field_is_empty(kind: FieldType, asked: object) -> None:
    assert answers({"asked": asked}, kind, [None]) == [True]


def test_every_negative_operator_is_the_opposite_of_a_positive_one() -> None:
    opposites = {name: " ".join(re.split(r" ?\bnot\b ?", name)).strip() for name in OPERATORS if "not" in name}
    assert set(opposites) == {name for name, operator in OPERATORS.items() if operator.negative}
    assert all(OPERATORS[name].takes is OPERATORS[positive].takes for name, positive in opposites.items())


@pytest.mark.parametrize(
    "text", ["a = 1 AND b = 2 OR c = 3", "a = 1 OR b = 2 AND c = 3", "NOT (a = 1 OR b = 2 AND c = 3)"]
)
def test_and_and_or_are_never_mixed_without_brackets(text: str) -> None:
    with pytest.raises(ConditionError, match=r"mixed without brackets; write \(a AND b\) OR c"):
        parse_condition(text)


@pytest.mark.parametrize(
    "text", ["(a = 1 AND b = 2) OR c = 3", "a = 1 AND (b = 2 OR c = 3)", "a = 1 AND b BETWEEN 1 AND 2"]
)
def test_with_brackets_the_text_says_which_is_meant(text: str) -> None:
    assert str(parse_condition(text)) == text


def test_a_unit_that_is_not_spelled_out_is_refused_not_ignored() -> None:
    with pytest.raises(ConditionError, match='there is no unit "hrs"'):
        parse_condition({"asked": "in past 4 hrs"})
