"""Patterns: texts with fields of the lead in braces."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum_plugins.web.pattern import Slot, plain_text, read_pattern


def test_fields_are_found_in_either_spelling_with_whether_they_are_needed() -> None:
    assert read_pattern("a/{Company Name}?x={state?}").slots == (Slot("company_name"), Slot("state", needed=False))


@pytest.mark.parametrize("text", ["{", "}", "a{b", "a}b", "{{b}}", "{}", "{?}", "{ }", "{a{b}}"])
def test_a_brace_that_stands_alone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a brace stands alone; write a field as"):
        read_pattern(text)


@pytest.mark.parametrize("empty", [None, "", " \n", " "])
def test_a_text_with_an_empty_field_is_none(empty: str | None) -> None:
    assert read_pattern("/{a}/{b}").fill({"a": "x", "b": empty}) is None
    assert read_pattern("/{a}").fill({}) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (7.5, "7.5"),
        (False, "false"),
        (date(2024, 5, 1), "2024-05-01"),
        (datetime(2024, 5, 1, 12, tzinfo=UTC), "2024-05-01T12:00:00Z"),
        ("e\u0301", "é"),
        ("\u00a0x\t", "x"),
    ],
)
def test_a_value_is_written_as_a_file_would_have_it(value: object, text: str) -> None:
    assert plain_text(value) == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_a_lead_says_never_leaves_its_place(text: str) -> None:
    filled = read_pattern("https://api.acme.example/v1/{x}/end").fill({"x": text}, lambda said: quote(said, safe=""))
    assert filled is None or filled.count("/") == 5
    assert filled is None or not set(filled) & set("?#& ")
