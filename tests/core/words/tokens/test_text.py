from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.fields import FieldType, render_cells
from lustrum.words.tokens import Token, TokenError, TokenText, parse_text, trigger_column
from lustrum.words.tokens.dates import shifted_text


def test_what_a_text_shows_is_named_once_in_order() -> None:
    text = parse_text("{{lead.b}} {{my.c}} {{lead.a}} {{trigger.Link}} {{lead.B}} {{trigger.name:default=x}}")
    assert text.lead_fields == ("b", "a")
    assert text.trigger_fields == ("link", "name")


def test_an_attribute_of_the_trigger_is_required_where_one_of_its_tokens_has_no_default() -> None:
    text = parse_text("{{trigger.a:default=x}} {{trigger.b:default=}} {{trigger.B + 1 day}} {{trigger.c}} {{lead.d}}")
    assert text.required_triggers == ("b", "c")


def test_resolving_fills_in_what_is_given_and_leaves_the_rest() -> None:
    text = parse_text("a {{my.region}} b {{campaign.name}} c {{lead.city}}")
    assert text.resolve({"my": {"region": "EU"}}).parts == (
        "a EU b ",
        Token("campaign", "name"),
        " c ",
        Token("lead", "city"),
    )


TYPES = {
    "name": FieldType.TEXT,
    "score": FieldType.INTEGER,
    "rate": FieldType.DECIMAL,
    "active": FieldType.BOOLEAN,
    "born": FieldType.DATE,
    "created_at": FieldType.DATETIME,
}
LEADS = pl.DataFrame(
    {
        "name": ["Ada", "", None],
        "score": [7, None, 0],
        "rate": [1.5, 2.0, None],
        "active": [True, False, None],
        "born": [date(1815, 12, 10), None, date(2000, 1, 1)],
        "created_at": [datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, 2, 3, 4, 500, tzinfo=UTC), None],
        "trigger.link": ["2024-01-31", "home page", None],
    },
    schema={**{name: kind.dtype for name, kind in TYPES.items()}, "trigger.link": pl.String()},
)


def written(text: str) -> list[str]:
    return LEADS.select(parse_text(text).expression(TYPES).alias("text"))["text"].to_list()


def test_an_empty_field_is_written_as_its_default_or_not_at_all() -> None:
    assert written("Hi {{lead.name:default=there}}!") == ["Hi Ada!", "Hi there!", "Hi there!"]
    assert written("{{lead.name}}") == ["Ada", "", ""]
    assert written("{{lead.score:default=none}}") == ["7", "none", "0"]


@pytest.mark.parametrize("field", TYPES)
def test_a_cell_is_written_as_in_a_file(field: str) -> None:
    in_file = [text or "" for text in render_cells(LEADS[field]).to_list()]
    assert written(f"{{{{lead.{field}}}}}") == in_file


@pytest.mark.parametrize("text", ["", "constant"])
def test_a_text_without_tokens_is_written_for_every_lead(text: str) -> None:
    assert written(text) == [text] * 3


def test_attributes_of_the_trigger_stand_in_text_columns_of_their_own() -> None:
    assert trigger_column("link") == "trigger.link"
    assert written("{{lead.name}}: {{trigger.Link:default=none}}") == ["Ada: 2024-01-31", ": home page", ": none"]
    assert written("{{trigger.link + 1 day}}") == ["2024-02-01", "", ""]
    assert written("{{trigger.link + 1 day:default=later}}") == ["2024-02-01", "later", "later"]


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("{{lead.born + 2 days}}", ["1815-12-12", "", "2000-01-03"]),
        ("{{lead.born - 1 hour:default=?}}", ["1815-12-09T23:00:00", "?", "1999-12-31T23:00:00"]),
        ("{{lead.created_at - 1 day}}", ["2023-12-31T00:00:00Z", "2023-12-31T02:03:04.000500Z", ""]),
        ("{{lead.created_at + 90s}}", ["2024-01-01T00:01:30Z", "2024-01-01T02:04:34.000500Z", ""]),
        ("{{lead.name + 1 day:default=?}}", ["?", "?", "?"]),
    ],
)
def test_dates_of_a_lead_are_shifted_and_keep_their_form(text: str, texts: list[str]) -> None:
    assert written(text) == texts


@pytest.mark.parametrize("field", ["score", "rate", "active"])
def test_a_field_of_another_type_cannot_be_shifted(field: str) -> None:
    message = (
        rf"lead.{field} \+ 3d\}}\}}: the field {field} is {TYPES[field].value}, and only .*; declare {field}: date"
    )
    with pytest.raises(TokenError, match=message):
        parse_text(f"{{{{lead.{field} + 3 days}}}}").expression(TYPES)


def test_a_text_about_unknown_fields_or_unresolved_tokens_is_refused() -> None:
    with pytest.raises(TokenError, match=r'there is no field nmae; did you mean "name"\?'):
        parse_text("{{lead.nmae}}").expression(TYPES)
    with pytest.raises(TokenError, match=r"\{\{my.x\}\} has no value here; only lead and trigger tokens"):
        parse_text("{{my.x}}").expression(TYPES)


CELLS = st.none() | st.text(max_size=4) | st.dates().map(str) | st.datetimes().map(datetime.isoformat)
SHIFTS = st.none() | st.timedeltas(timedelta(days=-9000), timedelta(days=9000))
SHOWN = st.builds(
    Token, st.sampled_from(["lead", "trigger"]), st.sampled_from("ab"), st.none() | st.text(max_size=3), SHIFTS
)
TEXTS = st.lists(SHOWN | st.text(string.ascii_letters, min_size=1), min_size=1).map(lambda parts: TokenText((*parts,)))


@given(TEXTS, st.lists(st.fixed_dictionaries(dict.fromkeys(["a", "b", "trigger.a", "trigger.b"], CELLS)), min_size=1))
def test_a_column_says_what_each_text_says(text: TokenText, rows: list[dict[str, str | None]]) -> None:
    leads = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String()))
    expression = text.expression(dict.fromkeys("ab", FieldType.TEXT))
    assert leads.select(text=expression)["text"].to_list() == [filled_in(text, row) for row in rows]


def filled_in(text: TokenText, row: Mapping[str, str | None]) -> str:
    return "".join(part if isinstance(part, str) else shown(part, row) for part in text.parts)


def shown(token: Token, row: Mapping[str, str | None]) -> str:
    cell = row[token.name if token.namespace == "lead" else f"trigger.{token.name}"] or ""
    value = cell if token.shift is None else shifted_text(cell, token.shift)
    return value or token.default or ""
