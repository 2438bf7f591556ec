"""`standardise.tax_id` and `standardise.national_id`: numbers whose checksum agrees, and of one country."""

from __future__ import annotations

from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Failed, Skip
from lustrum_plugins.standardise.id_reading import Number, numbers, refused
from lustrum_plugins.standardise.id_schemes import by_prefix, problem_of, schemes, spellings
from lustrum_plugins.standardise.national_id import national_id
from lustrum_plugins.standardise.tax_id import tax_id
from lustrum_plugins.standardise.word_tables import rows

VALID = {"DE136695976": "DE", "732829320": "FR", "51824753556": "AU", "7707083893": "RU", "SE556188840401": "SE"}
PERSONAL = {"536904399": "US", "44051401458": "PL", "295109912611193": "FR", "RCCMNL83S18D969H": "IT"}
CODES = {"placeholder", "country_unknown", "no_scheme", "wrong_checksum", "ambiguous"}
COUNTRIES = st.sampled_from([None, *sorted({row["country"] for row in rows("id_schemes")}), "KP"])
TEXTS = st.text(max_size=25) | st.from_regex(r"[A-Z]{0,3}[0-9]{6,15}[A-Z]?", fullmatch=True)


@pytest.mark.parametrize("row", rows("id_schemes"), ids=lambda row: f"{row['country']} {row['kind']}")
def test_every_scheme_has_its_checker(row: dict[str, str]) -> None:
    assert callable(import_module(f"stdnum.{row['module']}").validate)
    assert row["kind"] in [
        scheme.kind for scheme in schemes(row["country"], "company" if row["of"] == "company" else "person")
    ]


@given(st.sampled_from(sorted(VALID)), st.integers(0, 20), st.sampled_from("0123456789"))
def test_another_digit_is_never_the_same_number(number: str, place: int, digit: str) -> None:
    place %= len(number)
    other = f"{number[:place]}{digit}{number[place + 1 :]}"
    said = tax_id(other, VALID[number])
    assert isinstance(said, Failed) or said.value["tax_id"] != number or other == number


@given(TEXTS, COUNTRIES)
def test_any_text_is_answered_and_a_second_pass_changes_nothing(text: str, country: str | None) -> None:
    said = tax_id(text, country)
    if isinstance(said, Failed):
        assert said.code in CODES | {"not_a_tax_id"}
    else:
        again = tax_id(said.value["tax_id"], country)
        assert isinstance(again, Answer)
        assert again.value == said.value


@given(TEXTS, COUNTRIES)
def test_no_message_repeats_a_personal_number(text: str, country: str | None) -> None:
    said = national_id(text, country, mask=True)
    if isinstance(said, Failed):
        assert said.code in CODES | {"not_a_national_id"}
        shown = f"{said.message}{said.candidates}"
    else:
        shown = "" if isinstance(said, Skip) else f"{said.reason}{said.evidence}"
    for form in spellings(text):
        assert len(form) < 6 or form not in shown


@pytest.mark.parametrize(("number", "country"), PERSONAL.items())
def test_a_personal_number_masked_shows_four_signs_and_stays(number: str, country: str) -> None:
    said = national_id(number, country, mask=True)
    assert isinstance(said, Answer)
    masked = said.value["national_id"]
    assert masked == "*" * (len(number) - 4) + number[-4:]
    assert national_id(masked, country, mask=True) == Skip("masked")


def test_a_number_that_is_of_several_kinds_is_ambiguous() -> None:
    found = [Number("1", "abn", "AU"), Number("1", "acn", "AU")]
    said = refused(["1"], found, "AU", "company")
    assert (said.code, said.candidates) == ("ambiguous", ("abn", "acn"))


def test_a_prefix_is_stronger_than_the_leads_country() -> None:
    assert numbers(["IT00743110157"], "FR", "company") == [Number("IT00743110157", "iva", "IT")]


def test_prefixes_are_those_of_the_european_system() -> None:
    assert {"EL", "DE", "GB"} <= by_prefix().keys()
    assert "GR" not in by_prefix()


@pytest.mark.parametrize("text", ["", "é", "A" * 41, "12 345", "１２"])
def test_spellings_are_latin_capitals_and_digits(text: str) -> None:
    assert all(form.isascii() and len(form) <= 40 for form in spellings(text))


def test_a_problem_is_of_the_checksum_or_of_the_form() -> None:
    (vat, *_) = schemes("DE", "company")
    assert [problem_of(vat, text) for text in ("DE136695976", "DE136695977", "DE1")] == [None, "checksum", "form"]
