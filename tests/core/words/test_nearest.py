"""The nearest known name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.nearest import did_you_mean


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("contry", 'did you mean "country"?'),
        ("Country", 'did you mean "country"?'),
        ("phon", 'did you mean "phone"?'),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_the_nearest_name_is_suggested_or_none(name: str, hint: str) -> None:
    assert did_you_mean(name, ["country", "phone", "postal_code"]) == hint


def test_nothing_is_near_where_nothing_is_known() -> None:
    assert did_you_mean("country", []) == ""


def test_any_iterable_of_names_will_do() -> None:
    assert did_you_mean("countr", {"country": 1}) == did_you_mean("countr", iter(["country"])) != ""


@given(st.text(min_size=1, max_size=10))
def test_a_known_name_is_nearest_to_itself(name: str) -> None:
    assert did_you_mean(name, [name, name + "xxxxxxxxxxxxxxxx"]) == f'did you mean "{name}"?'
