from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Failed
from lustrum_plugins.standardise.company import company

LegalForm = Literal["keep", "standardise", "remove"]
LEGAL = ("GmbH", "GMBH", "AG", "Inc.", "LLC", "S.A.", "AS", "SE", "PT", "ООО", "株式会社", "Ltd")
WORDS = st.sampled_from(("Blue", "LAMP", "lamp", "dba", "&", "and", "The", *",;\"'()-", "(UK)", "&amp;", "3M", *LEGAL))
CELLS = st.text(max_size=20) | st.lists(WORDS, max_size=6).map(" ".join) | st.lists(WORDS, max_size=4).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Blue Lamp GmbH", "Blue Lamp GmbH"),
        (' "Blue  Lamp" ', "Blue Lamp"),
        ("Blue Lamp,Inc.,", "Blue Lamp, Inc."),
        ("Blue Lamp ,, Inc.", "Blue Lamp, Inc."),
        ("- Blue Lamp -", "Blue Lamp"),
        ('Lamps "R" Us', 'Lamps "R" Us'),
        ("Blue &amp; Green", "Blue & Green"),
        ("Blue; Green", "Blue; Green"),
        ("The Blue Lamp", "The Blue Lamp"),
        ("BLUE LAMP LTD", "Blue Lamp Ltd"),
        ("Yahoo!", "Yahoo!"),
        ("Blue Lamp LLC (DBA Lumen)", "Blue Lamp LLC d/b/a Lumen"),
        ("Blue Lamp t/a Lumen (UK)", "Blue Lamp d/b/a Lumen (UK)"),
    ],
)
def test_a_display_name_is_cleaned_and_never_shortened(text: str, expected: str) -> None:
    assert company(text) == expected


@pytest.mark.parametrize(
    ("text", "standardised", "removed"),
    [
        ("Blue Lamp Aktiengesellschaft", "Blue Lamp AG", "Blue Lamp"),
        ("Blue Lamp, Incorporated", "Blue Lamp, Inc.", "Blue Lamp"),
        ("Общество с ограниченной ответственностью «Лампа»", "ООО «Лампа»", "Лампа"),
        ("S.A. Brightwater", "S.A. Brightwater", "S.A. Brightwater"),
        ("The Limited", "The Limited", "The Limited"),
        ("Blue Lamp LLC Inc.", "Blue Lamp LLC Inc.", "Blue Lamp"),
    ],
)
def test_a_legal_form_is_written_or_left_out_as_asked(text: str, standardised: str, removed: str) -> None:
    assert company(text, legal_form="standardise") == standardised
    assert company(text, legal_form="remove") == removed


def test_a_trading_name_is_kept_used_or_dropped() -> None:
    text = "Blue Lamp LLC doing business as Lumen Inc"
    assert company(text) == "Blue Lamp LLC d/b/a Lumen Inc"
    assert company(text, trading_name="use") == "Lumen Inc"
    assert company(text, trading_name="drop") == "Blue Lamp LLC"
    assert company(text, legal_form="remove") == "Blue Lamp d/b/a Lumen"


def test_case_may_be_left_alone() -> None:
    assert company("BLUE LAMP GMBH", case="keep") == "BLUE LAMP GMBH"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("n/a", "placeholder"),
        ("Self", "placeholder"),
        ('"-"', "placeholder"),
        ("jo@example.com", "not_a_company"),
        ("https://example.com", "not_a_company"),
        ("1234567", "not_a_company"),
        ("GmbH & Co. KG", "not_a_company"),
    ],
)
def test_what_names_no_company_fails_with_its_code(text: str, code: str) -> None:
    failed = company(text)
    assert isinstance(failed, Failed)
    assert failed.code == code


@given(CELLS, st.sampled_from(["keep", "standardise", "remove"]), st.sampled_from(["keep", "use", "drop"]))
def test_a_second_pass_changes_nothing(
    text: str, legal_form: LegalForm, trading_name: Literal["keep", "use", "drop"]
) -> None:
    once = company(text, legal_form=legal_form, trading_name=trading_name)
    if isinstance(once, str):
        assert company(once, legal_form=legal_form, trading_name=trading_name) == once


@given(CELLS, st.sampled_from([" ", "\t", "\u00a0"]))
def test_blanks_round_it_and_its_form_in_unicode_make_no_difference(text: str, blank: str) -> None:
    assert company(f"{blank}{text}{blank}") == company(text)
    assert company(unicodedata.normalize("NFD", text)) == company(unicodedata.normalize("NFC", text))
