from __future__ import annotations

import pytest

from lustrum.words.errors import LustrumError
from lustrum.words.tokens import TokenError, parse_text


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


@pytest.mark.parametrize(
    ("text", "values", "literal"),
    [
        ("{{my.end + 1 day}}", {"end": "2024-02-28"}, "2024-02-29"),
        ("{{my.end - 2 weeks}}", {"End": "2024-01-01"}, "2023-12-18"),
        ("{{my.end + 12h}}", {"end": "2024-01-01"}, "2024-01-01T12:00:00"),
        ("{{my.end - 1 day}}", {"end": "2024-01-31T16:00:00+01:00"}, "2024-01-30T16:00:00+01:00"),
        ("{{my.end + 1 day:default=never}}", {"end": ""}, "never"),
        ("{{my.end + 1 day:default=2024-01-01}}", {}, "2024-01-01"),
        ("{{my.end + 1 day}}", {"end": ""}, ""),
    ],
)
def test_a_date_is_shifted_and_a_default_is_not(text: str, values: dict[str, str], literal: str) -> None:
    assert parse_text(text).resolve({"my": values}).literal == literal


@pytest.mark.parametrize("value", ["soon", "31.01.2024", "2024-02-30", "2024-01-31 ", "16:00:00", "20240131"])
def test_what_is_no_date_cannot_be_shifted_even_where_there_is_a_default(value: str) -> None:
    message = rf'\{{\{{my.end \+ 1d:default=x\}}\}}: "{value}" is no date .*; write it as 2024-01-31 or'
    with pytest.raises(TokenError, match=message):
        parse_text("{{my.end + 1 day:default=x}}").resolve({"my": {"end": value}})


def test_a_date_is_not_shifted_out_of_the_calendar() -> None:
    with pytest.raises(TokenError, match='"9999-12-31" would leave the calendar; shift it by less'):
        parse_text("{{my.end + 1 day}}").resolve({"my": {"end": "9999-12-31"}})


def test_a_token_without_value_and_default_names_the_nearest() -> None:
    with pytest.raises(TokenError, match=r'\{\{my.regoin\}\} has no value; did you mean "region"\?'):
        parse_text("{{my.regoin}}").resolve({"my": {"region": "EU"}})
    with pytest.raises(TokenError, match="give it one, or a default"):
        parse_text("{{my.regoin}}").resolve({"my": {}})


def test_the_error_is_one_of_ours() -> None:
    assert issubclass(TokenError, LustrumError)
    assert str(TokenError("what")) == "what"
