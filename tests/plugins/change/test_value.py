from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lustrum_plugins.change.value import value


@given(text=st.text(min_size=1).filter(lambda text: text != "NULL"))
def test_a_value_is_written_as_it_stands(text: str) -> None:
    assert value(field="city", value=text) == text


@pytest.mark.parametrize("text", [None, "NULL", ""])
def test_nothing_and_null_in_capitals_empty_the_field(text: str | None) -> None:
    assert value(field="city", value=text) is None


@pytest.mark.parametrize("text", ["null", "Null", " NULL", "NULLABLE", "None", " "])
def test_what_only_looks_like_null_is_text(text: str) -> None:
    assert value(field="city", value=text) == text


def test_the_field_named_in_either_spelling_is_written_and_none_is_read() -> None:
    options = value.options.validate({"field": "Lead Source", "value": "Event"})
    assert value.fields_written(options) == {"lead_source": None}
    assert (value.fields_read(options), value.parameters) == (None, ())


def test_the_value_is_a_template_and_the_field_is_none() -> None:
    assert value.options.templates == {"value"}


@pytest.mark.parametrize(
    ("written", "adds_up"),
    [
        (None, False),
        ("EMEA", False),
        ("{{lead.city}};EMEA", False),
        ("{{lead.Tags:default=none}}", False),
        ("{{lead.Tags}};EMEA", True),
        ("EMEA;{{lead.tags:default=}}", True),
    ],
)
def test_only_a_value_that_appends_to_its_own_field_adds_up(written: str | None, adds_up: bool) -> None:
    given = {"field": "tags"} if written is None else {"field": "tags", "value": written}
    assert value.adds_up(value.options.validate(given)) is adds_up


@pytest.mark.parametrize("wrong", [{}, {"value": "x"}, {"field": "city", "to": "x"}])
def test_a_missing_field_and_an_unknown_option_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        value.options.validate(wrong)
