from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Failed
from lustrum_plugins.standardise.text import text


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("MÃ¼ller", "Müller"),
        ("Cafe\u0301", "Café"),
        ("a\u200bb\xadc", "abc"),
        ("a\u200db", "ab"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔧", "👩\u200d🔧"),
        ("a \t\xa0 b", "a b"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\n \n\n \nb", "a\n\nb"),
        ("a\x07b", "ab"),
        ("“a” – ﬁ ２", "“a” – ﬁ ２"),
        ("Tom &amp; Jo", "Tom &amp; Jo"),
        ("n/a", "n/a"),
    ],
)
def test_characters_are_repaired_and_words_are_not_touched(given_text: str, expected: str) -> None:
    assert text(given_text) == expected


def test_mojibake_may_be_left_alone() -> None:
    assert text("MÃ¼ller ", mojibake="keep") == "MÃ¼ller"


def test_lines_may_be_joined() -> None:
    assert text(" one \n\n two\tthree ", lines="join") == "one two three"


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("Tom &amp;amp; Jo&nbsp;&#8364;&#x20AC;", "Tom & Jo €€"),
        ("?a=1&copy=2 &bogus; &copy1; &#0; &#xD800;", "?a=1&copy=2 &bogus; &copy1; &#0; &#xD800;"),
    ],
)
def test_entities_are_read_where_asked_for(given_text: str, expected: str) -> None:
    assert text(given_text, entities="read") == expected


def test_compatible_letters_become_plain_ones_where_asked_for() -> None:
    assert text("ﬁ ２", unicode="NFKC") == "fi 2"


def test_a_placeholder_is_text_unless_said_otherwise() -> None:
    assert text("N/A") == "N/A"
    assert text("N/A", placeholders="empty") is None
    assert text("N/A", placeholders="fail") == Failed("placeholder", "the text only fills the field")
    assert text("not much", placeholders="fail") == "not much"


def test_what_holds_nothing_visible_is_emptied() -> None:
    assert text("\u200b \ufeff") is None


@given(st.text() | st.text("&#;amplt38x "))
def test_a_second_pass_changes_nothing(given_text: str) -> None:
    once = text(given_text)
    assert once is None or text(str(once)) == once
    joined = text(given_text, lines="join", unicode="NFKC", entities="read")
    assert joined is None or text(str(joined), lines="join", unicode="NFKC", entities="read") == joined


@given(st.text(), st.sampled_from([" ", "\t", "\n"]))
def test_the_blanks_round_a_text_do_not_count(given_text: str, blank: str) -> None:
    assert text(f"{blank}{given_text}{blank}") == text(given_text)


@given(st.text())
def test_composed_and_decomposed_letters_are_one(given_text: str) -> None:
    assert text(unicodedata.normalize("NFD", given_text)) == text(unicodedata.normalize("NFC", given_text))


@given(st.text("abcäß ,.-\n", max_size=2000))
def test_visible_characters_are_never_lost(given_text: str) -> None:
    assert "".join(str(text(given_text) or "").split()) == "".join(given_text.split())
