from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.files.limits import Limit


@pytest.mark.parametrize("text", ["5%", "12", "-20%", "0", "0.5%", "-3", "100%"])
def test_a_limit_is_printed_as_it_was_written(text: str) -> None:
    assert str(Limit.parse(text)) == text


def test_a_plus_sign_and_spaces_are_no_matter() -> None:
    assert Limit.parse(" +5 % ") == Limit.parse("5%")


@pytest.mark.parametrize("text", ["", "five", "5.5", "5 percent", "--5", "٥", "1e3", "5%%", "NaN"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no limit: write a share such as 5% or a count such as 12"):
        Limit.parse(text)


@pytest.mark.parametrize(
    ("limit", "amount", "of", "exceeded"),
    [
        ("5%", 5, 100, False),
        ("5%", 6, 100, True),
        ("0.1%", 3, 3000, False),
        ("0.1%", 4, 3000, True),
        ("12", 12, 0, False),
        ("12", 13, 10**6, True),
        ("0", 0, 10, False),
        ("0", 1, 10, True),
        ("5%", 0, 0, False),
        ("5%", 1, 0, True),
        ("-20%", -20, 100, False),
        ("-20%", -21, 100, True),
        ("-20%", 500, 100, False),
        ("-3", -4, 100, True),
    ],
)
def test_a_limit_is_exact(limit: str, amount: int, of: int, *, exceeded: bool) -> None:
    assert Limit.parse(limit).exceeded(amount, of=of) is exceeded


@given(st.integers(0, 100), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_share_is_counted_without_rounding(percent: int, amount: int, of: int) -> None:
    assert Limit.parse(f"{percent}%").exceeded(amount, of=of) == (amount * 100 > percent * of)
