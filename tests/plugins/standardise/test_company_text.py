from __future__ import annotations

import pytest

from lustrum_plugins.standardise.company_text import no_company, plain_company, split_trading_name, unquoted


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        (" Blue  Lamp ", "Blue Lamp"),
        ('- "Blue Lamp" ;', "Blue Lamp"),
        ("Blue Lamp ,,Inc.", "Blue Lamp, Inc."),
        ("Blue &amp; Green", "Blue & Green"),
        ("Blue&Green; Ltd", "Blue&Green; Ltd"),
        ("", ""),
    ],
)
def test_what_typing_leaves_is_taken_off(typed: str, plain: str) -> None:
    assert plain_company(typed) == plain


@pytest.mark.parametrize("text", ['Lamps "R" Us', '"Blue" and "Green"', '"', '""', "Blue"])
def test_quotes_within_stay(text: str) -> None:
    assert unquoted(text) == text


@pytest.mark.parametrize(
    ("text", "legal", "trading"),
    [
        ("Blue Lamp dba Lumen", "Blue Lamp", "Lumen"),
        ("Blue Lamp, d.b.a. Lumen", "Blue Lamp", "Lumen"),
        ("Blue Lamp t/a Lumen (UK)", "Blue Lamp", "Lumen (UK)"),
        ("Blue Lamp (trading as Lumen)", "Blue Lamp", "Lumen"),
        ("Blue Dba", "Blue Dba", ""),
        (" dba Lumen", " dba Lumen", ""),
    ],
)
def test_a_trading_name_stands_behind_its_words(text: str, legal: str, trading: str) -> None:
    assert split_trading_name(text) == (legal, trading)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("---", "placeholder"),
        ("www.example.com", "not_a_company"),
        ("12345", "not_a_company"),
        ("Ltd", "not_a_company"),
    ],
)
def test_some_texts_name_no_company(text: str, code: str) -> None:
    failed = no_company(text)
    assert failed is not None
    assert failed.code == code


@pytest.mark.parametrize("text", ["3M", "1234", "The Limited", "Blue Lamp"])
def test_all_others_may(text: str) -> None:
    assert no_company(text) is None
