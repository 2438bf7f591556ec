"""Tokens of the trigger in conditions: each is a text column beside the fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from lustrum.words.conditions import bind, compile_condition, parse_condition
from lustrum.words.fields import FieldType

TYPES = {
    "country": FieldType.TEXT,
    "score": FieldType.INTEGER,
    "rate": FieldType.DECIMAL,
    "active": FieldType.BOOLEAN,
    "born": FieldType.DATE,
    "created_at": FieldType.DATETIME,
}
NOON = datetime(2024, 6, 15, 12, tzinfo=UTC)

Ask = Callable[..., list[bool | None]]


@pytest.fixture
def ask() -> Ask:
    """Ask a condition of leads whose field has one value, and whose trigger's `x` has these texts."""

    def answers(written: object, field: str, cell: Any, *texts: str | None, now: datetime = NOON) -> list[bool | None]:
        leads = pl.DataFrame({"trigger.x": pl.Series(texts, dtype=pl.String)})
        leads = leads.with_columns(pl.lit(cell, dtype=TYPES[field].dtype).alias(field))
        expression = compile_condition(parse_condition(written), TYPES, now)
        return leads.select(expression.alias("held"))["held"].to_list()

    return answers


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("is {{trigger.x}}", [True, True, False, False]),
        ("is not {{trigger.x}}", [False, False, True, True]),
        ("is {{trigger.x:default=DE}}", [True, True, False, True]),
        ("contains {{trigger.x}}", [True, True, True, False]),
        ("starts with {{trigger.x}}", [True, True, False, False]),
        ({"is": ["FR", "{{trigger.x}}"]}, [True, True, False, False]),
        ({"is": "D{{trigger.x}}"}, [False, False, True, False]),
        ({"contains": "d{{trigger.x}}"}, [False, False, True, True]),
    ],
)
def test_text_compares_with_the_text_of_the_trigger(ask: Ask, asked: object, held: list[bool]) -> None:
    assert ask({"country": asked}, "country", "DE", "DE", "de", "e", None) == held


def test_sql_text_minds_case_and_knows_null(ask: Ask) -> None:
    assert ask("country = '{{trigger.x}}'", "country", "DE", "DE", "de", "", None) == [True, False, None, None]
    assert ask("'{{trigger.x}}' IS NULL", "country", "DE", "DE", "", None) == [False, True, True]
    assert ask("country LIKE '{{trigger.x}}%'", "country", "DE", "D", "d", None) == [True, False, None]


@pytest.mark.parametrize(
    ("field", "cell", "operator", "texts", "held"),
    [
        ("score", 5, "is", ["5", " 5 ", "5.0", "many", ""], [True, True, True, False, False]),
        ("score", 5, "greater than", ["4.5", "5", "-1"], [True, False, True]),
        ("rate", 0.5, "at most", ["0.5", "1", "0"], [True, True, False]),
        ("active", True, "is", ["true", "Yes", "0", "?"], [True, True, False, False]),
        (
            "born",
            date(2024, 6, 14),
            "before",
            ["2024-06-15", "2024-06-14", "2024-06-14T23:00:00Z"],
            [True, False, False],
        ),
        ("born", date(2024, 6, 14), "is", ["2024-06-14", "2024-06-14T23:00:00Z", "soon"], [True, True, False]),
        (
            "created_at",
            NOON,
            "on or after",
            ["2024-06-15T12:00:00Z", "2024-06-15T13:30:00+02:00", "2024-06-15T12:01:00Z", ""],
            [True, True, False, False],
        ),
    ],
)
def test_a_token_alone_is_read_as_the_type_it_is_compared_with(
    ask: Ask, field: str, cell: Any, operator: str, texts: list[str], held: list[bool]
) -> None:
    assert ask({field: {operator: "{{trigger.x}}"}}, field, cell, *texts) == held


def test_the_day_of_a_trigger_is_one_in_the_zone_of_the_run(ask: Ask) -> None:
    berlin = datetime(2024, 6, 15, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    asked = {"born": "is {{trigger.x}}"}
    assert ask(asked, "born", date(2024, 6, 15), "2024-06-14T22:30:00Z", "2024-06-15", now=berlin) == [True, True]


def test_two_tokens_compare_as_texts(ask: Ask) -> None:
    assert ask("'{{trigger.x}}' = '{{trigger.x:default=a}}'", "country", None, "5", "", None) == [True, None, None]


@pytest.mark.parametrize(
    ("written", "triggers", "fields"),
    [
        ("country = '{{trigger.New Value}}'", {"new_value"}, {"country"}),
        ("country LIKE '%{{trigger.x}}'", {"x"}, {"country"}),
        (
            "COALESCE('{{trigger.x}}', country) = LOWER('{{trigger.y}} {{lead.state}}')",
            {"x", "y"},
            {"country", "state"},
        ),
        ({"none": [{"country": "is {{trigger.x}}"}, "failed(score)"]}, {"x"}, {"country"}),
        ({"country": "is {{my.x}}"}, set[str](), {"country"}),
    ],
)
def test_a_condition_names_the_tokens_of_the_trigger_apart_from_the_fields(
    written: object, triggers: set[str], fields: set[str]
) -> None:
    condition = bind(parse_condition(written), {"my": {"x": "DE"}})
    assert condition.triggers == triggers
    assert condition.fields == fields


def test_a_trigger_may_lack_what_a_token_shows() -> None:
    assert parse_condition("'{{trigger.x}}' = 'a'").may_be_null
    assert not parse_condition(["'{{trigger.x}}' = 'a'"]).may_be_null
