from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Failed, Skip
from lustrum_plugins.enrich.phone_facts import Part, phone_facts

ALL: tuple[Part, ...] = ("phone_type", "phone_country", "phone_time_zone", "phone_location", "phone_carrier")
CODES = {
    "placeholder",
    "ambiguous",
    "country_unknown",
    "too_short",
    "too_long",
    "invalid_for_country",
    "vanity_number",
    "not_a_phone_number",
}


def facts(reply: Mapping[str, str] | Answer[Mapping[str, str]] | Failed | Skip) -> Mapping[str, str]:
    assert isinstance(reply, Answer), reply
    return reply.value


@pytest.mark.parametrize(
    ("text", "country", "kind", "home"),
    [
        ("+49 30 23125001", None, "fixed_line", "DE"),
        ("0171 3920001", "Germany", "mobile", "DE"),
        ("(212) 555-0123", "US", "fixed_line_or_mobile", "US"),
        ("1-800-555-LAMP", "US", "toll_free", "US"),
        ("876 555 0123", "US", "mobile", "JM"),
    ],
)
def test_kind_and_country_are_those_of_the_number_not_of_the_lead(
    text: str, country: str | None, kind: str, home: str
) -> None:
    assert facts(phone_facts(text, country, parts=("phone_type", "phone_country"))) == {
        "phone_type": kind,
        "phone_country": home,
    }


def test_a_number_of_several_time_zones_tells_none_unless_all_are_asked_for() -> None:
    assert "phone_time_zone" not in facts(phone_facts("+39 348 0000001", parts=ALL))
    both = facts(phone_facts("+39 348 0000001", parts=("phone_time_zone",), time_zones="all"))
    assert both == {"phone_time_zone": "Europe/Rome, Europe/Vatican"}


def test_time_zones_have_their_names_of_today() -> None:
    assert facts(phone_facts("+91 98765 43210"))["phone_time_zone"] == "Asia/Kolkata"


def test_a_country_is_no_place_in_it() -> None:
    assert phone_facts("+49 171 3920001", parts=("phone_location",)) == Skip("nothing_told")
    assert facts(phone_facts("+49 30 23125001", parts=("phone_location",))) == {"phone_location": "Berlin"}


def test_a_carrier_is_told_only_where_numbers_stay_with_it() -> None:
    assert phone_facts("+49 171 3920001", parts=("phone_carrier",)) == Skip("nothing_told")
    assert "phone_carrier" in facts(phone_facts("+49 171 3920001", parts=("phone_carrier",), carrier="original"))
    assert "phone_carrier" in facts(phone_facts("+44 7797 712345", parts=("phone_carrier",)))


def test_a_number_of_no_country_tells_neither_country_nor_zone() -> None:
    assert facts(phone_facts("+800 1234 5678", parts=ALL)) == {"phone_type": "toll_free"}


def test_a_fixed_line_is_surer_than_a_mobile() -> None:
    fixed, mobile = phone_facts("+49 30 23125001"), phone_facts("+49 171 3920001")
    assert isinstance(fixed, Answer)
    assert isinstance(mobile, Answer)
    assert (fixed.certainty or 0) > (mobile.certainty or 0)


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [
        ("000-000-0000", "US", "placeholder"),
        ("030 23125001", None, "country_unknown"),
        ("030 23125001", "Atlantis", "country_unknown"),
        ("555-0123", "US", "too_short"),
        ("(111) 555-0123", "US", "invalid_for_country"),
        ("hello", "US", "not_a_phone_number"),
        ("3/10/1984", "US", "not_a_phone_number"),
        ("212-555-0123 / 212-555-0124", "US", "ambiguous"),
    ],
)
def test_what_is_no_number_tells_nothing(text: str, country: str | None, code: str) -> None:
    reply = phone_facts(text, country)
    assert isinstance(reply, Failed)
    assert reply.code == code


@given(st.text(max_size=25) | st.from_regex(r"\+?(1|44|49|39)?[0-9 ()-]{6,14}", fullmatch=True))
def test_any_text_is_answered_and_blanks_round_it_do_not_count(text: str) -> None:
    reply = phone_facts(text, "US", parts=ALL)
    assert reply == phone_facts(f"  {text} ", "US", parts=ALL)
    assert not isinstance(reply, Failed) or reply.code in CODES
    if isinstance(reply, Answer):
        assert all(reply.value.values())
