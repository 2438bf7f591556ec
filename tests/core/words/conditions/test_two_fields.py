"""One field compared with another: what a value of `{{lead.…}}` means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from lustrum.words.conditions import ConditionError, compile_condition, parse_condition
from lustrum.words.fields import FieldType

PAIRS: dict[FieldType, tuple[Any, Any]] = {
    FieldType.TEXT: ("ada@x.org", "bob@x.org"),
    FieldType.INTEGER: (1, 2),
    FieldType.DECIMAL: (0.5, 1.5),
    FieldType.DATE: (date(2024, 1, 1), date(2024, 1, 2)),
    FieldType.DATETIME: (datetime(2024, 1, 1, 8, tzinfo=UTC), datetime(2024, 1, 1, 9, tzinfo=UTC)),
    FieldType.BOOLEAN: (False, True),
}
ORDERED = [kind for kind in PAIRS if kind not in (FieldType.TEXT, FieldType.BOOLEAN)]
NOW = datetime(2024, 6, 15, tzinfo=UTC)

Answers = Callable[..., list[bool]]


@pytest.fixture
def answers() -> Answers:
    """Ask a question about field `a` of leads with a low, a high or no value in `a` and `b`."""

    def asked(question: object, one: FieldType, other: FieldType | None = None) -> list[bool]:
        kinds = {"a": one, "b": other or one}
        (low, high), (_, other_high) = PAIRS[one], PAIRS[kinds["b"]]
        columns = {"a": [low, high, high, None, None], "b": [other_high, other_high, None, other_high, None]}
        leads = pl.DataFrame(columns, schema={name: kind.dtype for name, kind in kinds.items()})
        expression = compile_condition(parse_condition({"a": question}), kinds, NOW)
        return leads.select(expression.alias("held"))["held"].to_list()

    return asked


@pytest.mark.parametrize("kind", FieldType)
def test_fields_of_every_type_are_equal_or_not_and_nothing_equals_an_empty_one(
    answers: Answers, kind: FieldType
) -> None:
    assert answers({"is": "{{lead.b}}"}, kind) == [False, True, False, False, False]
    assert answers({"is not": "{{lead.b}}"}, kind) == [True, False, True, True, True]
    assert answers({"in": ["{{lead.b}}", "{{lead.a}}"]}, kind) == [True, True, True, False, False]


@pytest.mark.parametrize("kind", ORDERED)
@pytest.mark.parametrize(
    ("operator", "held"),
    [
        ("less than", [True, False]),
        ("greater than", [False, False]),
        ("at least", [False, True]),
        ("at most", [True, True]),
        ("before", [True, False]),
        ("on or before", [True, True]),
        ("after", [False, False]),
        ("on or after", [False, True]),
    ],
)
def test_fields_with_an_order_compare(answers: Answers, kind: FieldType, operator: str, held: list[bool]) -> None:
    assert answers(f"{operator} {{{{lead.b}}}}", kind) == [*held, False, False, False]


@pytest.mark.parametrize("kind", ORDERED)
def test_limits_may_be_fields(answers: Answers, kind: FieldType) -> None:
    assert answers({"between": ["{{lead.a}}", "{{lead.b}}"]}, kind) == [True, True, False, False, False]


def test_patterns_may_hold_fields(answers: Answers) -> None:
    for operator in ("contains", "starts with", "ends with"):
        assert answers({operator: "{{lead.b}}"}, FieldType.TEXT) == [False, True, False, False, False]
    assert answers({"not contains": "{{lead.b}}"}, FieldType.TEXT) == [True, False, True, True, True]


def test_a_default_stands_in_for_an_empty_field(answers: Answers) -> None:
    assert answers({"is": "{{lead.b:default=2}}"}, FieldType.INTEGER) == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("one", "other", "held"),
    [
        (FieldType.INTEGER, FieldType.DECIMAL, [True, False]),
        (FieldType.DATE, FieldType.DATETIME, [True, False]),
        (FieldType.DATETIME, FieldType.DATE, [True, True]),
    ],
)
def test_whole_numbers_meet_numbers_and_dates_meet_times(
    answers: Answers, one: FieldType, other: FieldType, held: list[bool]
) -> None:
    assert answers({"at most": "{{lead.b}}"}, one, other) == [*held, False, False, False]


@pytest.mark.parametrize(("one", "other"), [(FieldType.TEXT, FieldType.INTEGER), (FieldType.BOOLEAN, FieldType.DATE)])
def test_types_that_do_not_go_together_are_refused(answers: Answers, one: FieldType, other: FieldType) -> None:
    with pytest.raises(ConditionError, match=r"declare the field's type under fields: in lustrum.yaml"):
        answers({"is": "{{lead.b}}"}, one, other)


def test_text_ignores_case_in_words_and_minds_it_in_sql() -> None:
    leads = pl.DataFrame({"a": ["ADA"], "b": ["ada"]})
    types = {"a": FieldType.TEXT, "b": FieldType.TEXT}
    for written, held in (({"a": "is {{lead.b}}"}, True), ("a = b", False), ("a = '{{lead.b}}'", False)):
        expression = compile_condition(parse_condition(written), types, NOW)
        assert leads.select(expression.alias("held"))["held"].to_list() == [held]


@pytest.mark.parametrize("kind", [FieldType.DATE, FieldType.DATETIME, FieldType.TEXT])
def test_a_shifted_date_of_the_lead_is_a_date_again(kind: FieldType) -> None:
    starts = {
        FieldType.DATE: date(2024, 6, 14),
        FieldType.DATETIME: datetime(2024, 6, 14, 12, tzinfo=UTC),
        FieldType.TEXT: "2024-06-14",
    }
    leads = pl.DataFrame(
        {"end": [date(2024, 6, 16), date(2024, 6, 17), None], "start": [starts[kind]] * 2 + [None]},
        schema={"end": pl.Date(), "start": kind.dtype},
    )
    condition = parse_condition({"end": "on or before {{lead.start + 2 days}}"})
    assert condition.fields == {"start", "end"}
    expression = compile_condition(condition, {"end": FieldType.DATE, "start": kind}, NOW)
    assert leads.select(expression.alias("held"))["held"].to_list() == [True, False, False]
