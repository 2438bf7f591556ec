"""`qualify.junk`: one strong sign or two weak ones, and odd real names are neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Skip
from lustrum_plugins.qualify.junk import junk
from lustrum_plugins.qualify.junk_signs import company_sign, email_sign, name_sign, phone_sign
from lustrum_plugins.qualify.typed_keys import is_one_key, is_run, is_run_of_few
from lustrum_plugins.standardise.word_tables import rows

TEXT = st.none() | st.text(max_size=20) | st.sampled_from(["John Doe", "test@acme.com", "n/a", "123456", "Test"])
SIGNS = {"person": name_sign, "company": company_sign}
WORDS = [row for row in rows("invented_words") if row["kind"] in SIGNS]


@pytest.mark.parametrize("row", WORDS, ids=lambda row: f"{row['kind']} {row['text']}")
def test_every_invented_name_is_a_sign_of_its_weight(row: dict[str, str]) -> None:
    sign = SIGNS[row["kind"]](row["text"])
    assert sign is not None
    assert sign.strong == (row["weight"] == "strong")


@given(TEXT, TEXT, TEXT, TEXT, TEXT)
def test_any_text_gets_a_verdict(first: str, last: str, company: str, email: str, phone: str) -> None:
    said = junk(first, last, company, email, phone)
    assert isinstance(said, Skip) or (said.value.junk == bool(said.value.junk_reason))


@given(TEXT, TEXT)
def test_a_name_alone_is_one_sign(first: str, last: str) -> None:
    said = junk(first, last)
    if isinstance(said, Answer) and said.value.junk:
        sign = name_sign(f"{first or ''} {last or ''}")
        assert sign is not None
        assert sign.strong


@pytest.mark.parametrize(
    "name",
    [
        "Null",
        "Ann Test",
        "Ng",
        "Jack Ma",
        "Mia Na",
        "Wert",
        "Trew",
        "Anna Power",
        "Oprah",
        "Ivo Vrh",
        "Smrt",
        "Mimi",
        "Toto Wolff",
    ],
)
def test_an_odd_name_alone_makes_no_junk(name: str) -> None:
    said = junk(name)
    assert isinstance(said, Answer)
    assert not said.value.junk


@pytest.mark.parametrize(
    "company", ["IBM", "KPMG", "BBVA", "3M", "X", "AAA", "Acme Power", "Test & Measure Ltd", "DHL"]
)
def test_an_odd_company_is_none_either(company: str) -> None:
    assert company_sign(company) is None


@given(st.from_regex(r"[a-z]{1,3}", fullmatch=True))
def test_initials_are_no_run(word: str) -> None:
    assert is_run(word) == (word == "jkl")
    assert not is_run_of_few(word)


@pytest.mark.parametrize(("address", "strong"), [("j@test.com", True), ("foo@acme.com", False), ("dfgdfg@x.de", False)])
def test_an_address_made_up(address: str, strong: bool) -> None:
    sign = email_sign(address)
    assert sign is not None
    assert sign.strong == strong


@pytest.mark.parametrize("text", ["", "ann", "jo@acme.com", "@", "a@"])
def test_an_address_that_says_nothing(text: str) -> None:
    assert email_sign(text) is None


@given(st.integers(2, 9).map(str), st.integers(7, 15))
def test_a_number_of_one_digit_is_made_up(digit: str, length: int) -> None:
    sign = phone_sign(digit * length)
    assert sign is not None
    assert sign.strong


def test_one_key_is_a_letter() -> None:
    assert is_one_key("ааа")
    assert not is_one_key("...")
