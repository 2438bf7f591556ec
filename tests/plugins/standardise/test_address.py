"""`standardise.address`: one tidy line, its parts where they can be told, nothing invented."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lustrum import Answer, Failed
from lustrum_plugins.standardise.address import Part, address

CODES = {"placeholder", "not_an_address", "unparsed", "ambiguous"}
ALL: tuple[Part, ...] = ("street", "house_number", "road", "unit", "po_box", "city", "state", "postal_code")
WORDS = st.sampled_from(["12", "Elm", "St", "Apt", "4", ",", "Salem", "MA", "01970", "N", "PO Box", "Hauptstr.", "#"])


Fields = Mapping[str, str | None]


def fields(said: Fields | Answer[Fields] | Failed) -> Fields:
    assert isinstance(said, Answer), said
    return said.value


def test_the_parts_go_to_their_fields_and_out_of_the_street() -> None:
    found = fields(
        address("12 Elm St Apt 4, Salem, MA 01970", "US", parts=("street", "unit", "city", "state", "postal_code"))
    )
    assert found == {"unit": "Apt 4", "city": "Salem", "state": "MA", "postal_code": "01970", "street": "12 Elm St"}


def test_a_field_that_is_filled_is_kept_and_one_that_disagrees_is_named() -> None:
    said = address("12 Elm St, Salem, MA 01970", "US", city="Boston", parts=("street", "city"))
    assert isinstance(said, Failed)
    assert (said.code, said.candidates) == ("ambiguous", ("Boston", "Salem"))


def test_two_addresses_are_not_read_as_one() -> None:
    said = address("12 Elm St, 34 Oak St", "US", parts=("house_number", "road"))
    assert isinstance(said, Failed)
    assert said.code == "unparsed"


@pytest.mark.parametrize(("country", "road"), [("DE", "Hauptstraße"), ("AT", "Hauptstraße"), ("GB", None)])
def test_house_numbers_stand_where_the_country_has_them(country: str, road: str | None) -> None:
    assert fields(address("Hauptstraße 5", country, parts=("house_number", "road"))).get("road") == road


@settings(deadline=None)
@given(st.text(max_size=30) | st.lists(WORDS, max_size=8).map(" ".join), st.sampled_from([None, "US", "DE", "FR"]))
def test_any_text_is_answered_and_a_second_pass_changes_nothing(text: str, country: str | None) -> None:
    said = address(text, country)
    if isinstance(said, Failed):
        assert said.code in CODES
        return
    street = fields(said)["street"]
    assert street is not None
    assert fields(address(street, country)) == {"street": street}


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=8).map(" ".join))
def test_no_part_is_invented(text: str) -> None:
    said = address(text, "US", parts=ALL)
    if isinstance(said, Answer):
        for value in fields(said).values():
            assert all(piece.strip("(.,;)").casefold() in text.casefold() for piece in (value or "").split())
