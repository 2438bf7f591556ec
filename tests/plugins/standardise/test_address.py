"""`standardise.address`: one tidy line, its parts where they can be told, nothing invented."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lustrum import Answer, Failed
from lustrum_plugins.standardise.address import Part, address
from lustrum_plugins.standardise.address_words import Style

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


@pytest.mark.parametrize(
    "text", ["rr # 1 box 54 loami il 62661, USA", "12 Elm St, Bldg 3, Fl 2, Salem, MA 01970", "12 Elm Apt 4, Salem, MA"]
)
@pytest.mark.parametrize("style", ["as_written", "short", "long"])
def test_parts_in_their_fields_read_the_same_again(text: str, style: Style) -> None:
    once = fields(address(text, "US", parts=ALL, style=style))
    told = {name: once.get(name) for name in ("unit", "city", "state", "postal_code")}
    assert once["street"] is not None
    again = fields(address(once["street"], "US", parts=ALL, style=style, **told))
    assert {**once, **again} == once


def test_what_would_be_read_differently_stays_in_the_street_too() -> None:
    said = fields(address("rr # 1 box 54 loami il 62661, USA", "US", parts=("street", "city", "state")))
    assert (said["city"], said["state"]) == ("loami", "il")


def test_at_a_crossing_city_and_state_are_told_and_the_roads_stay_together() -> None:
    parts: tuple[Part, ...] = ("road", "house_number", "city", "state")
    said = fields(address("Junction Highway 76 & 86, Salem, MA 01970", "US", parts=parts))
    assert said == {"city": "Salem", "state": "MA"}
