"""Counts and sums: `standardise.employees`, `.revenue` and `.amount` read numbers as people write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Failed
from lustrum_plugins.standardise.amount import amount
from lustrum_plugins.standardise.country_hint import country_hint, decimal_mark, languages_of
from lustrum_plugins.standardise.employees import employees
from lustrum_plugins.standardise.headcount_dates import dated_band, is_date
from lustrum_plugins.standardise.number_text import plain_digits, read_number, written
from lustrum_plugins.standardise.quantities import quantities
from lustrum_plugins.standardise.revenue import revenue
from lustrum_plugins.standardise.word_tables import rows

COUNTRIES = st.sampled_from([None, "US", "DE", "CH", "IN", "JP", "Narnia"])
TEXTS = st.text(max_size=25) | st.text("0123456789.,'- kMB+<>€$()eurmio", max_size=20)
STEPS = {"employees": employees, "revenue": revenue, "amount": amount}


def told(said: Any) -> Any:
    return getattr(said, "value", said)


@pytest.mark.parametrize("name", STEPS)
@given(text=TEXTS, country=COUNTRIES)
def test_any_text_is_answered_and_a_second_pass_changes_nothing(name: str, text: str, country: str | None) -> None:
    step: Any = STEPS[name]
    said = told(step(text, country=country))
    if not isinstance(said, Failed):
        assert told(step(said[name], country=country)) == said


@given(st.integers(0, 10**7))
def test_a_number_of_people_is_read_however_it_is_grouped(count: int) -> None:
    grouped = f"{count:,}"
    spellings = (str(count), grouped, grouped.replace(",", " "), grouped.replace(",", "'"))
    assert {told(employees(spelling))["employees"] for spelling in spellings} == {str(count)}


@given(st.integers(1, 999_999), st.integers(0, 99))
def test_a_sum_is_the_same_in_both_conventions(whole: int, cents: int) -> None:
    english = f"{whole:,}.{cents:02d} EUR"
    german = english.translate(str.maketrans(",.", ".,"))
    assert told(amount(english)) == told(amount(german))


@given(st.decimals(0, 10**12, places=2))
def test_what_is_written_is_read_back_whatever_mark_is_usual(value: Decimal) -> None:
    assert {read_number(written(value), mark) for mark in (".", ",")} == {value}


@pytest.mark.parametrize("row", rows("magnitudes"), ids=lambda row: f"{row['word']} {row['power']}")
def test_every_word_for_thousands_multiplies(row: dict[str, str]) -> None:
    found = quantities(f"2 {row['word']}", "money", (".",), tuple(row["languages"].split()))
    assert Decimal(2).scaleb(int(row["power"])) in {one.low for one in found}


@pytest.mark.parametrize(
    "text", ["M 1.234 M M M M", "9" * 31, "1" * 30 + "k", "1e3", "5 5", "1 2", "-", "0." + "1" * 20]
)
def test_what_is_no_number_has_no_reading(text: str) -> None:
    assert quantities(text, "people") == frozenset()


def test_money_is_not_people_and_people_are_not_money() -> None:
    assert quantities("5M USD", "people") == frozenset()
    assert quantities("500 employees", "money") == frozenset()


@pytest.mark.parametrize("text", ["May-10", "11-Nov", "31.12.2024", "Okt-50", "déc-50", "2024-13-01"])
def test_a_band_made_a_date_is_told_only_where_one_band_is_possible(text: str) -> None:
    band = dated_band(text)
    assert band is None or band[0] < band[1]
    assert is_date(text) or band is None


def test_the_decimal_mark_is_the_countrys() -> None:
    assert (decimal_mark("DE"), decimal_mark("US"), decimal_mark("CA")) == (",", ".", None)
    assert languages_of("DE") == ("de",)
    assert country_hint(" ", "DE") == "DE"


def test_bands_of_ones_own() -> None:
    small = employees("30", parts=("employees_band",), bands=("1-25", "26-100", "101+"))
    assert told(small) == {"employees_band": "26-100"}
    large = told(revenue("30M EUR", parts=("revenue_band",), bands=("0-5M", "5M-25M")))
    assert isinstance(large, Failed)
    assert large.candidates == ()


def test_digits_of_all_scripts_are_digits() -> None:
    assert plain_digits("१२३ ١٢٣ １２３") == "123 123 123"
