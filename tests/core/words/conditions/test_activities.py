"""Counting activities: which ones a filter takes, and how many are enough."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from lustrum.words.conditions import (
    ActivityFilter,
    ConditionError,
    activity_matches,
    attribute_column,
    bind,
    compile_condition,
    parse_condition,
    parse_constraints,
)
from lustrum.words.fields import FieldType

NOW = datetime(2024, 6, 15, 12, tzinfo=UTC)
TYPES = {"points": FieldType.INTEGER}
ACTIVITIES = pl.DataFrame(
    {
        "type": ["had interesting moment", "had interesting moment", "data value changed", "score was changed", None],
        "date_of_activity": [
            datetime(2024, 6, 14, 22, 30, tzinfo=UTC),
            datetime(2024, 5, 1, tzinfo=UTC),
            datetime(2024, 6, 15, tzinfo=UTC),
            datetime(2024, 6, 15, tzinfo=UTC),
            datetime(2024, 6, 15, tzinfo=UTC),
        ],
        "attribute:type": ["Milestone", "Web", None, None, "Milestone"],
        "attribute": [None, None, "country", "score", None],
        "new_value": [None, None, "", "5", None],
        "points": [None, None, 3, 5, 7],
    },
    schema_overrides={"date_of_activity": pl.Datetime("us", "UTC")},
)

Matches = Callable[..., list[bool]]


@pytest.fixture
def matches() -> Matches:
    """Ask which activities are of a type and meet some constraints."""

    def asked(kind: str, constraints: dict[str, object] | None = None, start: datetime = NOW) -> list[bool]:
        where = parse_constraints(constraints or {})
        expression = activity_matches(ActivityFilter(kind, where), TYPES, start)
        return ACTIVITIES.select(expression.alias("held"))["held"].to_list()

    return asked


@pytest.mark.parametrize(
    ("kind", "constraints", "held"),
    [
        ("had interesting moment", {}, [True, True, False, False, False]),
        ("had interesting moment", {"type": "is milestone"}, [True, False, False, False, False]),
        ("had interesting moment", {"type": {"is not": "milestone"}}, [False, True, False, False, False]),
        ("had interesting moment", {"date of activity": "in past 1 week"}, [True, False, False, False, False]),
        ("had interesting moment", {"type": "is web", "points": "is empty"}, [False, True, False, False, False]),
        ("data value changed", {"attribute": "is Country"}, [False, False, True, False, False]),
        ("data value changed", {"new value": "is empty"}, [False, False, True, False, False]),
        ("data value changed", {"points": "at least 3"}, [False, False, True, False, False]),
        ("score was changed", {"points": "less than 5"}, [False, False, False, False, False]),
        ("product tried", {}, [False, False, False, False, False]),
    ],
)
def test_a_filter_takes_activities_of_its_type_that_meet_every_constraint(
    matches: Matches, kind: str, constraints: dict[str, object], held: list[bool]
) -> None:
    assert matches(kind, constraints) == held


def test_a_day_of_an_activity_is_one_in_the_zone_of_the_run(matches: Matches) -> None:
    asked = {"date of activity": "is 2024-06-15"}
    assert matches("had interesting moment", asked) == [False] * 5
    berlin = datetime(2024, 6, 15, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert matches("had interesting moment", asked, berlin) == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("constraints", "path", "message"),
    [
        (
            {"new value": "at least 5"},
            ("new value",),
            "new_value is text and has no order; declare the attribute's type under activities: in lustrum.yaml",
        ),
        (
            {"new value": "is true"},
            ("new value",),
            r"declare it in lustrum.yaml under activities: \{attributes: \{new_value: boolean\}\}, or ask",
        ),
        ({"points": {"is": "many"}}, ("points", "is"), "points is a whole number, 'many' is not"),
        ({"date of activity": {"before": "soon"}}, ("date of activity", "before"), "write it as 2024-01-31 or"),
        ({"type": "is {{my.kind}}"}, ("type",), r"\{\{my.kind\}\} has no value in a condition"),
    ],
)
def test_what_does_not_fit_the_attributes_is_refused(
    matches: Matches, constraints: dict[str, object], path: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ConditionError, match=message) as caught:
        matches("data value changed", constraints)
    assert caught.value.path == path


def test_tokens_of_the_project_stand_in_constraints() -> None:
    written = {"had interesting moment": {"type": "is {{my.kind}}", "times": "at least 2"}, "country": "is {{my.home}}"}
    condition = bind(parse_condition(written), {"my": {"kind": "Web", "home": "DE"}})
    (asked,) = condition.activities
    assert str(asked) == "count('had interesting moment' WHERE (type COLLATE NOCASE = 'Web') IS TRUE) >= 2"
    assert bind(parse_condition({"lead was created": "any"}), {"my": {}}) == parse_condition({"lead was created": None})
    with pytest.raises(ConditionError, match=r"\{\{my.kind\}\} has no value"):
        bind(parse_condition(written), {"my": {}})


@pytest.mark.parametrize(
    ("times", "held"),
    [
        ("at least 1", [False, False, True, True, True]),
        ("at least 0", [True, True, True, True, True]),
        ("at most 2", [True, True, True, True, False]),
        ("exactly 2", [False, False, False, True, False]),
        ("exactly 0", [True, True, False, False, False]),
        ("between 1 and 2", [False, False, True, True, False]),
    ],
)
def test_a_condition_counts_and_no_count_is_none(times: str, held: list[bool]) -> None:
    condition = parse_condition({"had interesting moment": {"times": times}})
    (asked,) = condition.activities
    leads = pl.DataFrame({asked.column: pl.Series([None, 0, 1, 2, 3], dtype=pl.UInt32)})
    expression = compile_condition(condition, {}, NOW)
    assert leads.select(expression.alias("held"))["held"].to_list() == held
    negated = compile_condition(parse_condition({"not had interesting moment": {"times": times}}), {}, NOW)
    assert leads.select(negated.alias("held"))["held"].to_list() == [not each for each in held]


def test_membership_is_the_field_as_it_stands() -> None:
    types = {"list_hot": FieldType.BOOLEAN, "status_webinar": FieldType.TEXT}
    leads = pl.DataFrame({"list_hot": [True, False, None], "status_webinar": ["Attended", "", None]})

    def answers(written: object) -> list[Any]:
        return leads.select(compile_condition(parse_condition(written), types, NOW).alias("held"))["held"].to_list()

    assert answers({"member of list": "hot"}) == [True, False, False]
    assert answers({"not member of list": "Hot"}) == [False, True, True]
    assert answers({"member of program": "webinar"}) == [True, False, False]
    assert answers({"not member of program": {"program": "webinar", "status": "is attended"}}) == [False, True, True]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"member of list": "hott"}, 'no field list_hott; did you mean "list_hot".*; name the list under lists:'),
        ({"member of program": "x"}, "no field status_x; name the program under programs: in lustrum.yaml"),
        ({"has interesting moment": "is empty"}, 'is the filter "had interesting moment" meant'),
    ],
)
def test_an_unknown_list_or_program_says_where_they_are_named(written: object, message: str) -> None:
    with pytest.raises(ConditionError, match=message):
        compile_condition(parse_condition(written), {"list_hot": FieldType.BOOLEAN}, NOW)


def test_the_column_of_a_filter_depends_on_its_text_alone() -> None:
    one, same = (
        next(iter(parse_condition(written).activities))
        for written in (
            {"had interesting moment": {"type": "is Web"}},
            [{"any": [{"Interesting-Moment": "is x"}, {"had_interesting_moment": {"Type": {"is": "Web"}}}]}],
        )
    )
    assert one == same
    assert one.column == same.column == "activity:3146e04095c8"
    assert ActivityFilter(one.type, one.where, low=2).column != one.column


@pytest.mark.parametrize(("name", "column"), [("points", "points"), ("type", "attribute:type"), ("at", "attribute:at")])
def test_an_attribute_named_like_a_column_of_its_activity_has_another_column(name: str, column: str) -> None:
    assert attribute_column(name) == column
