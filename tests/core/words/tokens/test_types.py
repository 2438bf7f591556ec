from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.tokens import TokenError, TokenType, check_token_value

TEXT, NUMBER, SCORE, DATE = TokenType


@pytest.mark.parametrize(
    ("kind", "value", "normal"),
    [
        (TEXT, " any text ", " any text "),
        (TEXT, "", ""),
        (NUMBER, "5", "5"),
        (NUMBER, "-5", "-5"),
        (NUMBER, " 2.50 ", "2.50"),
        (NUMBER, "-007", "-7"),
        (NUMBER, "0.00000001", "0.00000001"),
        (SCORE, "+10", "+10"),
        (SCORE, " -5 ", "-5"),
        (SCORE, "=0", "=0"),
        (SCORE, "=-5", "=-5"),
        (DATE, "2024-02-29", "2024-02-29"),
        (DATE, " 2024-01-31 ", "2024-01-31"),
    ],
)
def test_a_value_of_its_type_is_written_in_the_normal_form(kind: TokenType, value: str, normal: str) -> None:
    assert check_token_value(kind, value) == normal


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        (NUMBER, ["", "many", "+5", "1,000", "1e3", ".5", "5.", "nan", "٥"], "is no number; write it as 5, -5 or 2.5"),
        (SCORE, ["", "5", "+ 5", "=+5", "+2.5", "++5", "+1234567890", "+٥"], "is no change of a score; write .10 to"),
        (DATE, ["", "31.1.2024", "2024-1-31", "2023-02-29", "0000-01-01", "20240131"], "is no date; write it as yyyy"),
        (DATE, ["2024-01-31T16:00:00"], "is no date"),
    ],
)
def test_any_other_value_is_answered_with_what_is_expected(kind: TokenType, values: list[str], message: str) -> None:
    for value in values:
        with pytest.raises(TokenError, match=message):
            check_token_value(kind, value)


@given(st.sampled_from(TokenType), st.text(max_size=10) | st.dates().map(str) | st.integers().map("{:+}".format))
def test_a_normal_form_is_its_own(kind: TokenType, value: str) -> None:
    with contextlib.suppress(TokenError):
        normal = check_token_value(kind, value)
        assert check_token_value(kind, normal) == normal


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_value(number: Decimal) -> None:
    assert Decimal(check_token_value(NUMBER, f"{number:f}")) == number
