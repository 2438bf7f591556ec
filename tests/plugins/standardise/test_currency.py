"""`standardise.currency`: ISO 4217, and a shared sign is settled by the country or by nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Failed
from lustrum_plugins.standardise.currency import currency
from lustrum_plugins.standardise.currency_names import active, names, signs, successors

CODES = {"placeholder", "ambiguous", "withdrawn_currency", "not_a_currency"}


def value(said: str | Answer[str] | Failed) -> str:
    assert not isinstance(said, Failed), said
    return said.value if isinstance(said, Answer) else said


@given(st.sampled_from(sorted(active())))
def test_a_code_is_right_as_it_is_in_any_case(code: str) -> None:
    assert currency(code) == code
    assert value(currency(code.lower())) == code


@given(st.sampled_from(sorted({**signs(), **names()})))
def test_a_known_sign_or_name_is_one_of_its_currencies(word: str) -> None:
    said = currency(word)
    known = {**signs(), **names()}[word]
    readings = said.candidates if isinstance(said, Failed) and said.code == "ambiguous" else ()
    assert set(readings) <= known | {word.upper()}
    if not isinstance(said, Failed):
        assert value(said) in known | active()


@given(st.text(max_size=20), st.sampled_from([None, "US", "DE", "Narnia"]))
def test_any_text_is_answered_and_a_second_pass_changes_nothing(text: str, country: str | None) -> None:
    said = currency(text, country)
    if isinstance(said, Failed):
        assert said.code in CODES
    else:
        assert currency(value(said), country) == value(said)


@given(st.text(max_size=8), st.sampled_from([" ", "\u00a0", "\t"]))
def test_blanks_around_make_no_difference(text: str, blank: str) -> None:
    around, alone = currency(f"{blank}{text}{blank}"), currency(text)
    assert isinstance(around, Failed) == isinstance(alone, Failed)


def test_a_country_nobody_knows_is_not_replaced_by_the_default() -> None:
    assert value(currency("$", None, default_country="Canada")) == "CAD"
    said = currency("$", "Narnia", default_country="Canada")
    assert isinstance(said, Failed)
    assert said.code == "ambiguous"


@pytest.mark.parametrize(("code", "after"), [("DEM", ("EUR",)), ("HRK", ("EUR",))])
def test_what_came_after_a_withdrawn_currency_is_its_candidate(code: str, after: tuple[str, ...]) -> None:
    said = currency(code)
    assert isinstance(said, Failed)
    assert (said.code, said.candidates) == ("withdrawn_currency", after)
    assert successors(code) == after
