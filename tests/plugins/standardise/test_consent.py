"""`standardise.consent`: nothing becomes yes that does not say so, and a withdrawal outlives an older yes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Failed, Skip
from lustrum_plugins.standardise.consent import consent
from lustrum_plugins.standardise.consent_words import Asks, read_consent
from lustrum_plugins.standardise.word_tables import fold, rows

WORDS = [row["text"] for row in rows("consent_words")]
CONSENTING = {row["text"] for row in rows("consent_words") if row["says"] in ("yes", "in")}
DAYS = st.dates().map(lambda day: day.isoformat())


def value(said: str | Answer[str] | Failed | Skip) -> str:
    assert not isinstance(said, Failed | Skip), said
    return said.value if isinstance(said, Answer) else said


@pytest.mark.parametrize("row", rows("consent_words"), ids=lambda row: row["text"])
def test_every_word_says_what_its_row_says(row: dict[str, str]) -> None:
    senses = {"in": "yes", "out": "no"}
    assert read_consent(row["text"]) == senses.get(row["says"], row["says"])


@given(st.text(min_size=1, max_size=20))
def test_only_a_word_of_the_table_is_a_yes(text: str) -> None:
    if read_consent(text) == "yes":
        assert any(fold(word) in fold(text) for word in WORDS)


@given(st.sampled_from(WORDS), st.none() | DAYS, DAYS)
def test_after_a_withdrawal_a_yes_needs_a_later_date(word: str, given_at: str | None, withdrawn: str) -> None:
    said = consent(word, given_at, withdrawn)
    if not isinstance(said, Failed) and value(said) == "yes":
        assert given_at is not None
        assert given_at > withdrawn


@given(st.sampled_from(WORDS), st.text(max_size=12).filter(lambda text: text.strip("\0 ") and not text.isdigit()))
def test_a_withdrawal_of_unknown_date_never_leaves_a_yes(word: str, withdrawn: str) -> None:
    said = consent(word, "2025-01-01", f"{withdrawn} or so")
    assert isinstance(said, Failed) or value(said) != "yes"


@pytest.mark.parametrize("asks", ["opt_in", "opt_out"])
@given(word=st.sampled_from(WORDS))
def test_the_answer_stays_in_the_sense_of_the_field(asks: Asks, word: str) -> None:
    once = consent(word, asks=asks)
    if not isinstance(once, Failed | Skip):
        assert consent(value(once), asks=asks) == value(once)


def test_words_of_ones_own_are_read_back() -> None:
    assert value(consent("oui", yes="subscribed", no="never", unknown="ask")) == "subscribed"
    assert consent("ask", yes="subscribed", no="never", unknown="ask") == "ask"
