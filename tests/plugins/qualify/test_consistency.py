"""`qualify.consistency`: what disagrees is named, and nothing is said without evidence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lustrum.testing import run_step
from lustrum_plugins.qualify.consistency import consistency

PLACES = st.sampled_from(["US", "DE", "Georgia", "Narnia", "Ontario", "CA", "Bayern"])
CODES = st.sampled_from(["94105", "M5V 2T6", "1010", "SW1A 1AA"])
PHONES = st.sampled_from(["+1 415 543 1234", "+49 30 901820", "+49 171 3920001", "030 901820"])
MAILS = st.sampled_from(["ann@example.de", "ann@example.com", "ann@gmx.de", "@"])
ANY = st.none() | st.text(max_size=12)


def test_why_the_fields_disagree_stands_in_the_reason_pair_by_pair() -> None:
    said = consistency("US", "Ontario", "94105", "+49 30 901820")
    assert said.value == "country-phone; country-state"
    assert list(said.evidence) == ["country-phone", "country-state"]
    assert "Canada" in said.reason


def test_mobile_numbers_of_another_country_count_only_where_asked_for() -> None:
    assert consistency("IT", phone="+49 171 3920001").value == "unknown"
    assert consistency("IT", phone="+49 171 3920001", mobile=True).value == "country-phone"


def test_the_field_that_is_written_is_an_option() -> None:
    (lead,) = run_step(consistency, [{"country": "DE", "email": "a@example.it"}], field="checked").leads
    assert lead["checked"] == "country-email"


@settings(deadline=None)
@given(st.tuples(PLACES | ANY, PLACES | ANY, CODES | ANY, PHONES | ANY, MAILS | ANY, ANY))
def test_any_lead_is_answered_and_pairs_are_sorted(lead: tuple[str | None, ...]) -> None:
    said = consistency(*lead)
    assert said.reason
    pairs = str(said.value).split("; ")
    assert pairs in (["consistent"], ["unknown"]) or pairs == sorted(set(pairs))


@pytest.mark.parametrize("blank", [" ", "\u00a0"])
def test_blanks_around_make_no_difference(blank: str) -> None:
    given_, padded = ("US", "NY", "94105"), (f"{blank}US", f"NY{blank}", f" 94105{blank}")
    assert consistency(*padded).value == consistency(*given_).value
