from __future__ import annotations

import pytest

from lustrum_plugins.standardise import phone_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tel. 030 1234", "030 1234"),
        ("phone number: 030 1234", "030 1234"),
        ("030 1234 mobile", "030 1234"),
        ("T: 030 1234", "030 1234"),
        ("4930123456.0", "4930123456"),
        ("12.0", "12.0"),
        ("tel:030-1234;phone-context=+49", "tel:030-1234;phone-context=+49"),
        ("\u200e+49 30 1234\u202c", "+49 30 1234"),
    ],
)
def test_labels_and_traces_of_spreadsheets_are_taken_off(text: str, expected: str) -> None:
    assert phone_text.plain_phone(text) == expected


@pytest.mark.parametrize("text", ["1/2/2011", "31.12.99", "2014-04-12", "12-31-1999", "2011/1/2 10:30"])
def test_dates_are_told_in_every_usual_order(text: str) -> None:
    assert phone_text.is_date(text)


@pytest.mark.parametrize("text", ["31/31/2011", "2011-13-45", "1-2-345", "12/34/5678", "030/12/34", "212-555-0123"])
def test_what_is_no_day_of_the_calendar_is_no_date(text: str) -> None:
    assert not phone_text.is_date(text)


@pytest.mark.parametrize("text", ["0000000", "(111) 111-1111", "unknown", "-", "999 999 9999"])
def test_junk(text: str) -> None:
    assert phone_text.is_junk(text)


@pytest.mark.parametrize("text", ["1234567", "0123456789", "987-654-3210"])
def test_digits_that_only_count_are_a_run(text: str) -> None:
    assert phone_text.is_run(text)


@pytest.mark.parametrize("text", ["+50677777777", "112", "+4312345678", "87654321", "0171 3920001"])
def test_what_may_be_a_number_is_no_junk(text: str) -> None:
    assert not phone_text.is_junk(text)


@pytest.mark.parametrize(
    ("text", "extension", "left"),
    [
        ("+442079460018x456", "456", False),
        ("+442079460018, extension 456", "456", False),
        ("tel:+44-20-7946-0018;isub=12", None, False),
        ("1-800-555-LAMP", None, True),
        ("1-800-555-LAMP x12", "12", True),
        ("020 7946 0018 abc", None, True),
    ],
)
def test_letters_of_an_extension_do_not_count(text: str, extension: str | None, left: bool) -> None:
    assert phone_text.letters_left(text, extension) is left


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("030 1, 030 2", ["030 1", "030 2"]),
        ("030/1 or 030/2", ["030/1", "030/2"]),
        ("030 1\n(030) 2 (office)", ["030 1", "(030) 2"]),
        ("030 1", ["030 1"]),
    ],
)
def test_sure_separators_win_over_those_that_also_stand_inside_a_number(text: str, parts: list[str]) -> None:
    assert phone_text.parts(text) == parts
