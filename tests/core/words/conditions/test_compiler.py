from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from lustrum.words.conditions import ConditionError, compile_condition, failed_column, parse_condition
from lustrum.words.fields import FieldType

Ask = Callable[..., list[bool | None]]
Types = Mapping[str, FieldType]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("contry = 'DE'", 'there is no field contry; did you mean "country"'),
        ({"zzz": "is empty"}, "there is no field zzz$"),
        ("failed(contry)", r'failed\(contry\): there is no field contry; did you mean "country"'),
        ('country = "DE"', "there is no field de; text takes single quotes: 'DE'"),
        ("score > 'x'", "score is a whole number, 'x' is text"),
        ("'x' < score", "score is a whole number, 'x' is text"),
        ("score = '5'", "score is a whole number, '5' is text"),
        ("country > 5", "country is text, 5 is a whole number; declare the field's type under fields:"),
        ("country = score", "country is text, score is a whole number"),
        ("country IN ('DE', 5)", "country is text, 5 is a whole number"),
        ("score IN (1, 'x')", "score is a whole number, 'x' is text"),
        ("country = TRUE", "country is text, TRUE is true or false"),
        ("active > TRUE", "active is true or false and has no order"),
        ("created_at > 'soon'", "created_at is a date and time, 'soon' is not; write it as 2024-01-31 or"),
        ("born > '2024-02-30'", "born is a date, '2024-02-30' is not; write it as 2024-01-31"),
        ("created_at > '2024-01-31T25:00'", "created_at is a date and time, '2024-01-31T25:00' is not"),
        ("born = DATE 'x'", "born is a date, DATE 'x' is not"),
        ("born > 5", "born is a date, 5 is a whole number"),
        ("born > now() - INTERVAL 9000 YEAR", "is beyond the calendar"),
        (
            "country",
            r"country is text, not true or false; declare it in lustrum.yaml under fields: \{country: boolean\}, "
            "or ask something of it, such as country IS NOT NULL",
        ),
        ("now()", "is a date and time, not true or false"),
        ("LENGTH(score) > 1", "LENGTH takes text, score is a whole number"),
        ("LOWER(born) = 'x'", "LOWER takes text, born is a date"),
        ("COALESCE(country, score) = 'x'", "country is text, score is a whole number"),
        ("score LIKE '5%'", "score is a whole number; only text has patterns"),
        (
            "country LIKE 'a%{{lead.billing_country}}'",
            "stands in a pattern with wildcards among its text; leave % at its start and end only",
        ),
        ("country LIKE '{{lead.nope}}%'", "there is no field nope"),
        ("country = 'x {{lead.nope}}'", "there is no field nope"),
        ("'x {{lead.country}}' < 5", "'x {{lead.country}}' is text, 5 is a whole number"),
        ("LENGTH('x {{lead.nope}}') > 5", "there is no field nope"),
        ("COALESCE('x {{lead.country}}', 'y') > 5", "is text, 5 is a whole number"),
        ("country = '{{my.name}}'", r"\{\{my.name\}\} has no value in a condition"),
        ("country LIKE '{{my.name}}'", r"\{\{my.name\}\} has no value in a condition"),
        ("score > '{{my.name}}'", r"\{\{my.name\}\} has no value in a condition"),
        ("country LIKE '" + "_" * 19_000 + "'", "cannot be computed"),
        ({"country": "at least 5"}, "country is text and has no order; declare the field's type"),
        ({"country": "between 1 and 5"}, "country is text and has no order"),
        ({"country": "in past 3 days"}, "country is text, now.* is a date and time; declare"),
        ({"score": "is many"}, "score is a whole number, 'many' is not"),
        ({"rate": {"is": "1e999"}}, "rate is a number, '1e999' is not"),
        ({"active": {"is": "maybe"}}, "active is true or false, 'maybe' is not; write true or false"),
        ({"country": "is true"}, "country is text, not true or false"),
        ({"score": "contains 5"}, "only text has patterns"),
    ],
)
def test_what_does_not_fit_the_fields_is_refused(types: Types, now: datetime, written: object, message: str) -> None:
    with pytest.raises(ConditionError, match=message):
        compile_condition(parse_condition(written), types, now)


def test_the_path_of_a_leaf_comes_with_the_error(types: Types, now: datetime) -> None:
    written = {"any": [{"country": "is DE"}, {"score": {"is": "many"}}]}
    with pytest.raises(ConditionError) as caught:
        compile_condition(parse_condition(written), types, now)
    assert caught.value.path == ("any", 1, "score", "is")
    assert caught.value.remedy.startswith("declare the field's type")


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("score > 1.5", [False, True, None]),
        ("score = 2", [False, True, None]),
        ("score IN (1, 2)", [True, True, None]),
        ("score IN (1.5, 2)", [False, True, None]),
        ("rate IN (1.5, 2.5)", [True, False, None]),
        ("rate IN (1.5, 2)", [True, True, None]),
        ("rate > score", [True, False, None]),
        ("score < 99999999999999999999", [True, True, None]),
        ("rate = 15e-1", [True, False, None]),
        ("COALESCE(score, rate, 0) < 2", [True, False, True]),
        ("COALESCE(active, FALSE)", [True, False, False]),
        ("active", [True, False, None]),
        ("NOT active", [False, True, None]),
        ("active = (TRUE)", [True, False, None]),
        ("score BETWEEN 2 AND 3", [False, True, None]),
        ("score >= {{my.least}}", [False, False, None]),
        ("country = '{{lead.country:default=US}}'", [True, True, None]),
        ("'{{lead.country:default=US}}' = 'US'", [False, False, True]),
        ("country = 'D{{lead.billing_country}}'", [True, False, None]),
        ("country LIKE '{{lead.billing_country}}%'", [False, True, None]),
        ("country LIKE '%{{lead.billing_country}}'", [True, True, None]),
        ("country LIKE '%{{lead.billing_country}}%'", [True, True, None]),
        ("country LIKE '{{lead.billing_country}}'", [False, True, None]),
        ("country LIKE '%D{{lead.billing_country}}'", [True, False, None]),
        ("country ILIKE 'd{{lead.billing_country}}%'", [True, False, None]),
    ],
)
def test_values_of_all_types_compare(ask: Ask, text: str, held: list[bool | None]) -> None:
    cells: dict[str, list[Any]] = {
        "score": [1, 2, None],
        "rate": [1.5, 2.0, None],
        "active": [True, False, None],
        "country": ["DE", "IT", None],
        "billing_country": ["E", "IT", ""],
    }
    assert ask(text, **cells) == held


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("D_", "DE", True),
        ("D_", "DEX", False),
        ("%E%R%", "GERMANY", True),
        ("a.c", "abc", False),
        ("a.%c", "a.\nc", True),
        ("_", "\n", True),
        ("a", "a\n", False),
        ("(%[x", "(y[x", True),
        ("100!%", "100%", True),
        ("100!%", "1000", False),
        ("!_%_", "_a", True),
        ("%", "x", True),
        ("x_Z", "xyz", False),
    ],
)
def test_a_pattern_fits_the_whole_text_and_nothing_in_it_is_a_regex(
    ask: Ask, pattern: str, text: str, fits: bool
) -> None:
    assert ask(f"country LIKE '{pattern}' ESCAPE '!'", country=[text, None]) == [fits, None]


def test_ilike_ignores_case_in_patterns_of_any_shape(ask: Ask) -> None:
    assert ask("country ILIKE 'Ö_T%H'", country=["österreicH", "ÖST", None]) == [True, False, None]


def test_a_date_is_a_day_in_the_zone_of_the_run(ask: Ask, times: Any, days: Any) -> None:
    created = times("2024-06-14T22:30", "2024-06-14T21:30")
    berlin = datetime(2024, 6, 15, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert ask("created_at = '2024-06-15'", created_at=created) == [False, False]
    assert ask("created_at = '2024-06-15'", berlin, created_at=created) == [True, False]
    fixed = datetime.fromisoformat("2024-06-15T12:00:00+02:00")
    assert ask("created_at = '2024-06-15'", fixed, created_at=created) == [True, False]
    assert ask("created_at = '2024-06-15T00:30'", berlin, created_at=created) == [True, False]
    assert ask("created_at = '2024-06-15T00:30'", datetime(2024, 6, 15), created_at=created) == [False, False]  # noqa: DTZ001  # no zone counts as UTC
    assert ask("born = created_at", berlin, born=days("2024-06-15", "2024-06-15"), created_at=created) == [True, False]


@pytest.mark.parametrize(
    ("text", "holds"), [("TRUE", True), ("FALSE", False), ("'a' = 'b'", False), ("now() > DATE '2024-01-01'", True)]
)
def test_a_condition_about_nothing_answers_for_each_lead(types: Types, now: datetime, text: str, holds: bool) -> None:
    leads = pl.DataFrame({"country": ["DE", None]})
    expr = compile_condition(parse_condition(text), types, now)
    assert leads.select(expr.alias("held"))["held"].to_list() == [holds, holds]
    assert leads.filter(expr).height == 2 * holds


def test_only_the_columns_read_and_asked_are_needed(types: Types, now: datetime) -> None:
    expr = compile_condition(parse_condition("country = 'DE' OR failed(score)"), types, now)
    leads = pl.DataFrame({"country": ["DE", None], failed_column("score"): [False, True]})
    assert leads.filter(expr).height == 2
