from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Attempt, Failed
from lustrum_plugins.standardise.phone import Format, phone

FIRST = Attempt(1, ("given",))
SECOND = Attempt(2, ("given", "international_prefix"))
CELLS = st.one_of(
    st.text(max_size=30),
    st.text("0123456789+-()/. x;,=extABC", max_size=30),
    st.from_regex(r"\+?(1|44|49|39|52|81)?[0-9 ()-]{6,14}( ?x[0-9]{1,4})?", fullmatch=True),
)


def answer(reply: str | Answer[str] | Failed) -> str | Failed:
    return reply.value if isinstance(reply, Answer) else reply


def code(reply: str | Answer[str] | Failed) -> str:
    assert isinstance(reply, Failed), reply
    return reply.code


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("(212) 555-0123", "US", "+12125550123"),
        ("+44 20 7946 0018", None, "+442079460018"),
        ("020 7946 0018", "gb", "+442079460018"),
        ("020 7946 0018", "Great Britain", "+442079460018"),
        ("020 7946 0018", "England", "+442079460018"),
        ("tel:+1-212-555-0123", None, "+12125550123"),
        ("'030 23125 001'", "DE", "+493023125001"),
        ("M: 0171 39200 01", "DE", "+491713920001"),
    ],
)
def test_a_number_becomes_e164(text: str, country: str | None, expected: str) -> None:
    assert phone(text, country) == expected


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("n/a", "US", "placeholder"),
        ("555-555-5555", "US", "placeholder"),
        ("1 (888) 888-8888", "US", "placeholder"),
        ("9876543210", "IN", "placeholder"),
        ("3/10/1984", "US", "not_a_phone_number"),
        ("4.93023E+11", "DE", "not_a_phone_number"),
        ("+973 3600 01a2", "BH", "not_a_phone_number"),
        ("hello", "US", "not_a_phone_number"),
        ("+", None, "placeholder"),
        ("+999 555 0123", None, "not_a_phone_number"),
        ("555-0123", "US", "too_short"),
        ("12", "US", "too_short"),
        ("+49 1", None, "too_short"),
        ("+1 212 555 01234", None, "too_long"),
        ("+" + "1" * 3 + "2" * 30, None, "too_long"),
        ("(111) 555-0123", "US", "invalid_for_country"),
        ("030 23125 001", None, "country_unknown"),
        ("030 23125 001", "Atlantis", "country_unknown"),
    ],
)
def test_what_is_no_number_fails_with_its_code(text: str, country: str | None, expected: str) -> None:
    assert code(phone(text, country)) == expected


def test_a_country_nobody_knows_is_not_replaced_by_the_default() -> None:
    assert code(phone("212-555-0123", "Atlantis", default_country="US")) == "country_unknown"
    assert phone("212-555-0123", None, default_country="US") == "+12125550123"


def test_a_country_without_numbering_plan_is_unknown() -> None:
    assert code(phone("212-555-0123", "AQ")) == "country_unknown"


@pytest.mark.parametrize("country", [None, "US", "DE"])
def test_only_the_second_attempt_reads_00_and_011_as_plus(country: str | None) -> None:
    assert isinstance(phone("011 44 20 7946 0018", "DE", attempt=FIRST), Failed)
    assert phone("011 44 20 7946 0018", country, attempt=SECOND) in (
        "+442079460018",
        Answer("+442079460018", reason="international prefix read as +"),
    )


def test_the_second_attempt_cannot_mend_what_is_no_number_from_abroad() -> None:
    assert code(phone("00 00 00", "US", attempt=SECOND)) == "too_short"


@pytest.mark.parametrize(
    "text", ["212-555-0123 / 212-555-0124", "212-555-0123; 212-555-0124", "212-555-0123 or 212 555 0124"]
)
def test_two_numbers_in_a_cell_are_candidates(text: str) -> None:
    assert phone(text, "US") == Failed(
        "ambiguous", "the cell holds 2 numbers; keep one, or set `several: first`", ("+12125550123", "+12125550124")
    )
    assert phone(text, "US", several="first") == Answer("+12125550123", reason="the first of 2 numbers")


def test_two_numbers_side_by_side_are_candidates_too() -> None:
    reply = phone("030 23125001 0171 3920001", "DE")
    assert isinstance(reply, Failed)
    assert reply.candidates == ("+493023125001", "+491713920001")


def test_one_number_written_twice_is_one_number() -> None:
    assert phone("212-555-0123 or (212) 555 0123", "US") == "+12125550123"


@pytest.mark.parametrize("text", ["212/555-0123", "212 // 555-0123"])
def test_a_slash_inside_a_number_does_not_make_two(text: str) -> None:
    assert phone(text, "US") == "+12125550123"


def test_letters_are_read_in_service_numbers_and_elsewhere_only_where_asked_for() -> None:
    assert phone("1-800-555-LAMP", "US") == Answer("+18005555267", reason="letters typed on the keypad")
    refused = phone("212-555-LAMP", "US")
    assert isinstance(refused, Failed)
    assert (refused.code, refused.candidates) == ("vanity_number", ("+12125555267",))
    assert phone("212-555-LAMP", "US", vanity=True) == Answer("+12125555267", reason="letters typed on the keypad")


@pytest.mark.parametrize("text", ["2125550xxx", "212 555 01a3", "555-LAMPION-LAMP"])
def test_letters_that_are_no_vanity_number_never_become_digits(text: str) -> None:
    assert code(phone(text, "US", vanity=True)) in ("not_a_phone_number", "too_long")


def test_an_extension_is_left_out_with_a_reason_or_kept() -> None:
    assert phone("(212) 555-0123 x45", "US") == Answer("+12125550123", reason="extension 45 left out")
    assert phone("(212) 555-0123 x45", "US", extension="keep") == "+12125550123;ext=45"
    assert phone("(212) 555-0123 x45", "US", extension="keep", format="NATIONAL") == "(212) 555-0123 ext. 45"
    assert phone("0049 30 23125001 x4", None) == Answer(
        "+493023125001", reason="international prefix read as +; extension 4 left out"
    )


@pytest.mark.parametrize(
    ("form", "country", "expected"),
    [
        ("INTERNATIONAL", "GB", "+44 20 7946 0018"),
        ("NATIONAL", "GB", "020 7946 0018"),
        ("NATIONAL", "FR", "+44 20 7946 0018"),
        ("NATIONAL", None, "+44 20 7946 0018"),
    ],
)
def test_the_national_form_is_for_numbers_of_the_leads_country(
    form: Format, country: str | None, expected: str
) -> None:
    assert phone("+442079460018", country, format=form) == expected


@given(CELLS, st.sampled_from(["US", "DE", "GB", "IT", "MX", None]), st.sampled_from(["E164", "NATIONAL"]))
def test_a_second_pass_changes_nothing(text: str, country: str | None, form: Format) -> None:
    once = answer(phone(text, country, format=form, vanity=True, extension="keep"))
    if isinstance(once, str):
        assert answer(phone(once, country, format=form, vanity=True, extension="keep")) == once


@pytest.mark.parametrize("region", ["US", "DE", "GB", "IT", "AR", "BR", "MX", "JM", "KZ", "SM", "VA", "CI", "GG"])
@pytest.mark.parametrize("form", ["E164", "INTERNATIONAL", "NATIONAL"])
def test_every_form_of_an_example_number_is_stable(region: str, form: Format) -> None:
    from phonenumbers import PhoneNumberFormat, example_number, format_number

    number = example_number(region)
    assert number is not None
    once = answer(phone(format_number(number, PhoneNumberFormat.NATIONAL), region, format=form))
    assert isinstance(once, str)
    assert answer(phone(once, region, format=form)) == once
