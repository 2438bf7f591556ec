from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.fields import FieldType, field_name, render_cells
from lustrum.words.tokens import NAMESPACES, Token, TokenError, TokenText, parse_text, system_tokens

NAMES = st.text("abcdefgh ", min_size=1, max_size=8).filter(lambda text: text.strip() != "")
TOKENS = st.builds(
    Token,
    st.sampled_from(NAMESPACES),
    NAMES.map(field_name),
    st.none() | st.text("abc:=. ", max_size=5).map(str.strip),
)
LITERALS = st.text("abc {}.", min_size=1, max_size=8).filter(lambda text: not text.strip("abc ."))


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("{{lead.first_name}}", Token("lead", "first_name")),
        ("{{lead.First Name:default=there}}", Token("lead", "first_name", "there")),
        ("{{ lead.First Name : default = there }}", Token("lead", "first_name", "there")),
        ("{{my.Region:default=}}", Token("my", "region", "")),
        ("{{my.region:default=a:b=c}}", Token("my", "region", "a:b=c")),
        ("{{campaign.name}}", Token("campaign", "name")),
        ("{{system.date}}", Token("system", "date")),
        ("{{system.dateTime}}", Token("system", "date_time")),
        ("{{system.datetime}}", Token("system", "date_time")),
        ("{{system.date_time}}", Token("system", "date_time")),
        ("{{trigger.Sent By}}", Token("trigger", "sent_by")),
    ],
)
def test_either_spelling_names_the_same_token(text: str, token: Token) -> None:
    assert parse_text(text) == TokenText((token,))


@pytest.mark.parametrize("text", ["", "no token", "{single} } {", "{ {lead.x} }"])
def test_text_without_double_braces_is_literal(text: str) -> None:
    assert parse_text(text).literal == text
    assert parse_text(text).tokens == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{leed.city}}", r'\{\{leed.city\}\}: there is no namespace leed; did you mean "lead"\?'),
        ("{{webinar.name}}", "there is no namespace webinar; there are lead, my, campaign"),
        ("{{city}}", r"\{\{city\}\} is no token; a token looks like"),
        ("{{}}", "is no token"),
        ("{{lead.}}", "names nothing after the dot"),
        ("{{lead.?!}}", "names nothing after the dot"),
        ("{{lead.city:defualt=x}}", "after the colon stands a default"),
        ("{{lead.city:default}}", "after the colon stands a default"),
        ("Hello {{lead.city", r'the braces \{\{ in "Hello \{\{lead.city" are no token; .*space between the braces'),
        ('{"a": {"b": 1}}', r"the braces \}\}"),
        ("{{lead.a {{lead.b}}", "is no token"),
        ("{{{lead.x}}", "there is no namespace"),
    ],
)
def test_double_braces_that_are_no_token_are_refused(text: str, message: str) -> None:
    with pytest.raises(TokenError, match=message):
        parse_text(text)


@given(st.lists(TOKENS | LITERALS, max_size=5))
def test_a_text_written_out_reads_the_same(parts: list[str | Token]) -> None:
    text = "".join(map(str, parts))
    assert str(parse_text(text)) == text
    assert parse_text(text).tokens == tuple(part for part in parts if isinstance(part, Token))


@given(st.text("{}lead.myx:default= ", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(TokenError):
        parse_text(text)


def test_lead_fields_are_named_once_in_order() -> None:
    text = parse_text("{{lead.b}} {{my.c}} {{lead.a}} {{lead.B}}")
    assert text.lead_fields == ("b", "a")


def test_resolving_fills_in_what_is_given_and_leaves_the_rest() -> None:
    text = parse_text("a {{my.region}} b {{campaign.name}} c {{lead.city}}")
    assert text.resolve({"my": {"region": "EU"}}).parts == (
        "a EU b ",
        Token("campaign", "name"),
        " c ",
        Token("lead", "city"),
    )


@pytest.mark.parametrize(
    ("text", "values", "literal"),
    [
        ("{{my.region:default=US}}", {"region": "EU"}, "EU"),
        ("{{my.region:default=US}}", {"Region": "EU"}, "EU"),
        ("{{my.region:default=US}}", {}, "US"),
        ("{{my.region:default=US}}", {"region": ""}, "US"),
        ("{{my.region:default=}}", {}, ""),
        ("{{my.region}}", {"region": ""}, ""),
        ("{{my.region}}", {"region": "{{lead.x}}"}, "{{lead.x}}"),
    ],
)
def test_a_value_comes_before_the_default_and_is_never_read_again(
    text: str, values: dict[str, str], literal: str
) -> None:
    assert parse_text(text).resolve({"my": values}).literal == literal


def test_a_token_without_value_and_default_names_the_nearest() -> None:
    with pytest.raises(TokenError, match=r'\{\{my.regoin\}\} has no value; did you mean "region"\?'):
        parse_text("{{my.regoin}}").resolve({"my": {"region": "EU"}})
    with pytest.raises(TokenError, match="give it one, or a default"):
        parse_text("{{my.regoin}}").resolve({"my": {}})


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
    },
    schema={name: kind.dtype for name, kind in TYPES.items()},
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


def test_a_text_about_unknown_fields_or_unresolved_tokens_is_refused() -> None:
    with pytest.raises(TokenError, match=r'there is no field nmae; did you mean "name"\?'):
        parse_text("{{lead.nmae}}").expression(TYPES)
    with pytest.raises(TokenError, match=r"\{\{my.x\}\} has no value here"):
        parse_text("{{my.x}}").expression(TYPES)


def test_system_tokens_are_the_start_of_the_run_in_its_zone() -> None:
    start = datetime(2024, 1, 1, 16, 36, 13, 5, tzinfo=timezone(timedelta(hours=1)))
    text = parse_text("{{system.date}} {{system.time}} {{system.dateTime}}").resolve({"system": system_tokens(start)})
    assert text.literal == "2024-01-01 16:36:13 2024-01-01T16:36:13+01:00"
