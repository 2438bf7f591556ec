"""`standardise.industry`: one of a short list, and a number of two classifications is asked about."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Attempt, Failed
from lustrum_plugins.standardise.industry import industry
from lustrum_plugins.standardise.industry_codes import Scheme, code_segments
from lustrum_plugins.standardise.industry_names import by_typo, segments
from lustrum_plugins.standardise.word_tables import rows

CODES = {"placeholder", "other", "ambiguous", "not_an_industry"}
NAMES = [row["name"] for row in rows("industry_names")]
NUMBERS = st.from_regex(r"(naics |sic |nace |isic )?[A-V]?[0-9]{1,7}(\.[0-9]{1,3})?[A-Z]?", fullmatch=True)
WRITTEN: tuple[Literal["name", "code"], ...] = ("name", "code")
FORMS: tuple[Literal["NFD", "NFKC", "NFKD"], ...] = ("NFD", "NFKC", "NFKD")


def value(said: Answer[str] | Failed) -> str:
    assert isinstance(said, Answer), said
    return said.value


def code(text: str, scheme: Scheme | None = None) -> str:
    said = industry(text, scheme=scheme, format="code")
    return said.value if isinstance(said, Answer) else f"{said.code}: {' '.join(said.candidates)}".rstrip(": ")


@given(st.one_of(st.text(max_size=20), NUMBERS, st.lists(st.sampled_from(NAMES), max_size=3).map(" / ".join)))
def test_any_text_is_answered_and_a_second_pass_changes_nothing(text: str) -> None:
    for form in WRITTEN:
        said = industry(text, format=form)
        if isinstance(said, Failed):
            assert said.code in CODES
        else:
            assert value(industry(said.value, format=form)) == said.value


@given(st.sampled_from(NAMES), st.sampled_from(FORMS), st.sampled_from([" ", "\u00a0", "\t"]))
def test_blanks_around_and_the_form_of_unicode_make_no_difference(
    name: str, form: Literal["NFD", "NFKC", "NFKD"], blank: str
) -> None:
    other = f"{blank}{unicodedata.normalize(form, name)}{blank}"
    assert code(other) == code(name)


@pytest.mark.parametrize("row", rows("industry_names"), ids=lambda row: row["name"])
def test_a_known_name_is_its_segments(row: dict[str, str]) -> None:
    named = row["segments"].split()
    expected = "other" if not named else named[0] if len(named) == 1 else f"ambiguous: {' '.join(sorted(named))}"
    assert code(row["name"]) == expected


def test_each_segment_is_known_by_name_and_code_and_told_in_the_docstring() -> None:
    page = " ".join((industry.__doc__ or "").split())
    assert 20 <= len(segments()) <= 30
    for short, name in segments().items():
        assert value(industry(name)) == value(industry(short.lower())) == name
        assert f"{short} {name}" in page


def test_the_tables_name_no_other_segments() -> None:
    used = {
        code
        for table in ("industry_names", "industry_codes")
        for row in rows(table)
        for code in row["segments"].split()
    }
    assert used == set(segments())


@pytest.mark.parametrize(
    ("text", "scheme", "expected"),
    [
        ("541511", None, "TEC"),
        ("7372", None, "TEC"),
        ("62", None, "ambiguous: FIN HEA TEC"),
        ("62", "naics", "HEA"),
        ("62", "sic", "FIN"),
        ("62", "nace", "TEC"),
        ("6201", "isic", "TEC"),
        ("NAICS 62", "nace", "HEA"),
        ("SIC code 62012", None, "TEC"),
        ("62.01Z", None, "TEC"),
        ("62.01.00", None, "TEC"),
        ("J62.01", None, "TEC"),
        ("K62.10", None, "TEC"),
        ("M62.01", None, "not_an_industry"),
        ("62 - Health Care", None, "HEA"),
        ("62 - Whales", None, "ambiguous: FIN HEA TEC"),
        ("541511 Custom Programming", None, "TEC"),
        ("A", None, "AGR"),
        ("F", "nace", "CON"),
        ("F", "sic", "WHO"),
        ("F", "isic", "CON"),
        ("F", "naics", "not_an_industry"),
        ("31-33", None, "MAN"),
        ("99.99", None, "not_an_industry"),
        ("541511", "isic", "not_an_industry"),
        ("541511", "sic", "not_an_industry"),
        ("541511", "nace", "not_an_industry"),
        ("999999", "naics", "not_an_industry"),
    ],
)
def test_a_number_is_read_in_the_classifications_that_have_it(text: str, scheme: Scheme | None, expected: str) -> None:
    assert code(text, scheme) == expected


def test_a_two_digit_number_of_one_scheme_is_no_number_of_another() -> None:
    assert set(code_segments("7372", None)) == {"sic"}
    assert set(code_segments("62.01", None)) == {"nace", "isic"}


@pytest.mark.parametrize("text", ["Magic", "Whaling tours", "мороженое", "Informations and more"])
def test_what_is_near_no_name_is_not_guessed_at(text: str) -> None:
    assert by_typo(text) is None


def test_a_strategy_answers_only_when_its_attempt_has_come() -> None:
    said = industry("Retail", attempt=Attempt(1, ("code",)))
    assert isinstance(said, Failed)
    assert said.code == "not_an_industry"
    second = industry("Retial", attempt=Attempt(2, ("code", "name")))
    assert isinstance(second, Failed)
    third = industry("Retial")
    assert isinstance(third, Answer)
    assert third.reason.startswith("nearest name")


def test_ten_thousand_characters_are_answered() -> None:
    assert code("9" * 10_000) == code("x" * 10_000) == "not_an_industry"
