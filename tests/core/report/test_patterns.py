from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.report.patterns import folded, patterns_of


def pattern(text: str | None) -> str:
    """Give the pattern of one text."""
    return str(pl.DataFrame({"x": [text]}, schema={"x": pl.String}).select(patterns_of(pl.col("x"))).item())


def fold(text: str) -> str:
    """Fold one pattern."""
    return str(pl.DataFrame({"x": [text]}).select(folded(pl.col("x"))).item())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(415) 555-2671", "(999) 999-9999"),
        ("+4930123456", "+9999999999"),
        ("Jörg.O'Neil@Example.COM", "Aaaa.A'Aaaa@Aaaaaaa.AAA"),
        ("東京 ٣", "aa 9"),
        ("ǅ", "A"),
        ("e\u0301", "a"),
        (" a\t\u200bb\n", " a··a·"),
        ("", "(empty)"),
        (None, "(empty)"),
        ("(empty)", "(aaaaa)"),
    ],
)
def test_letters_digits_and_what_cannot_be_seen_become_signs(text: str | None, expected: str) -> None:
    assert pattern(text) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [("(999) 999-9999", "(9+) 9+-9+"), ("Aaaa A", "Aa+ A"), ("AAaa9", "A+a+9"), ("(empty)", "(empty)"), ("--", "--")],
)
def test_folding_shortens_runs(written: str, expected: str) -> None:
    assert fold(written) == expected


@given(st.text())
def test_a_pattern_is_its_own_pattern(text: str) -> None:
    once = pattern(text)
    assert once == "(empty)" or pattern(once) == once


@given(st.text(alphabet="aA9 -."))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
