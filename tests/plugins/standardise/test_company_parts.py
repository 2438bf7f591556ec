from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lustrum import Failed
from lustrum.testing import run_step
from lustrum_plugins.standardise.company import company
from lustrum_plugins.standardise.company_parts import CompanyParts, company_parts, match_key

WORDS = st.sampled_from(
    ("Blue", "LAMP", "dba", "&", "The", "GmbH", "Inc.", "AS", "PT", "ООО", "株式会社", ",", '"', "(UK)")
)
CELLS = st.text(max_size=20) | st.lists(WORDS, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Blue Lamp, Inc.", CompanyParts("Blue Lamp", "Inc.", "blue lamp")),
        ("The Blue-Lamp & Söhne", CompanyParts("The Blue-Lamp & Söhne", None, "blue lamp and sohne")),
        ("ООО «Лампа»", CompanyParts("Лампа", "ООО", "лампа")),
        ("Blue Lamp Ltd (UK)", CompanyParts("Blue Lamp (UK)", "Ltd", "blue lamp uk")),
        ("blue lamp, llc of ohio", CompanyParts("Blue Lamp of Ohio", "LLC", "blue lamp of ohio")),
        ("Blue Lamp LLC dba LUMEN CAFE", CompanyParts("Blue Lamp", "LLC", "blue lamp", "Lumen Cafe")),
        ("Blue Lamp LLC Inc.", CompanyParts("Blue Lamp", "Inc.", "blue lamp")),
        ("AS Meridiana", CompanyParts("AS Meridiana", None, "as meridiana")),
    ],
)
def test_a_name_is_divided(text: str, parts: CompanyParts) -> None:
    assert company_parts(text) == parts


@pytest.mark.parametrize(
    ("text", "code"), [("n/a", "placeholder"), ("jo@example.com", "not_a_company"), ("Inc.", "not_a_company")]
)
def test_what_names_no_company_fails_with_its_code(text: str, code: str) -> None:
    failed = company_parts(text)
    assert isinstance(failed, Failed)
    assert failed.code == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Lamp & Co.", "OLamp and Co"),
        ("The Blue Lamp", "blue-lamp"),
        ("Lámpara Azul", "LAMPARA AZUL"),
        ("Ｂｌｕｅ Lamp", "Blue Lamp"),
    ],
)
def test_keys_of_one_name_are_equal(one: str, other: str) -> None:
    assert match_key(one) == match_key(other) != ""


def test_parts_that_are_not_there_empty_their_fields() -> None:
    lead = {
        "company": "Blue Lamp",
        "company_base": None,
        "legal_form": "Ltd",
        "company_key": None,
        "trading_name": "Lumen",
    }
    run = run_step(company_parts, [lead])
    assert run.leads == [
        {**lead, "company_base": "Blue Lamp", "legal_form": None, "company_key": "blue lamp", "trading_name": None}
    ]


@given(CELLS)
@example("0 DBA,DBA 0")
def test_a_cleaned_name_has_the_same_parts(text: str) -> None:
    cleaned = company(text)
    if isinstance(cleaned, str):
        assert company_parts(cleaned) == company_parts(text)


@given(CELLS)
@example("㎴")
def test_the_key_of_a_key_is_the_key(text: str) -> None:
    key = match_key(text)
    assert match_key(key) == key


@given(CELLS)
def test_its_form_in_unicode_makes_no_difference(text: str) -> None:
    assert company_parts(unicodedata.normalize("NFD", text)) == company_parts(unicodedata.normalize("NFC", text))
