from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum_plugins.standardise.name_case import Case, capitalised, cased, repair_case


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ANN DOE", "Ann Doe"),
        ("ann mcdonald", "Ann McDonald"),
        ("ANN MACDONALD", "Ann MacDonald"),
        ("ANN MACHADO", "Ann Machado"),
        ("JO MACK", "Jo Mack"),
        ("mary-jane o'brien", "Mary-Jane O'Brien"),
        ("MARY O’BRIEN", "Mary O’Brien"),
        ("njeri ng'ang'a", "Njeri Ng'ang'a"),
        ("LUDWIG VAN DER ROHE", "Ludwig van der Rohe"),
        ("van tran", "Van Tran"),
        ("anna de la torre", "Anna de la Torre"),
        ("anna la torre", "Anna La Torre"),
        ("mary y lopez", "Mary Y Lopez"),
        ("ana rosa perez y lopez", "Ana Rosa Perez y Lopez"),
        ("JO DOE III", "Jo Doe III"),
        ("jo doe phd", "Jo Doe PhD"),
        ("jo doe, md", "Jo Doe, MD"),
        ("dr. jo e. doe", "Dr. Jo E. Doe"),
        ("JP DOE", "JP Doe"),
        ("NG DOE", "Ng Doe"),
        ("MARY ST. JOHN", "Mary St. John"),
        ("ПЁТР ПЕТРОВ", "Пётр Петров"),
        ("ÇİÇEK YILDIZOĞLU", "Çiçek Yıldızoğlu"),
        ("İBRAHİM DEMİR", "İbrahim Demir"),
        ("van", "Van"),
        ("山田", "山田"),
    ],
)
def test_shouted_and_small_names_get_their_case(typed: str, written: str) -> None:
    assert repair_case(typed) == written


@pytest.mark.parametrize("text", ["Ann Maclean", "McLumen-Smith", "van der Berg", "DeLuca", "Jo DOE", ""])
def test_mixed_case_is_never_repaired_unless_forced(text: str) -> None:
    assert repair_case(text) == text


def test_forcing_repairs_mixed_case() -> None:
    assert repair_case("Ann Maclean", force=True) == "Ann MacLean"


@pytest.mark.parametrize(
    ("typed", "case", "shouted", "written"),
    [
        ("ANN", "repair", False, "Ann"),
        ("Ann MACLEAN", "repair", False, "Ann MACLEAN"),
        ("Ann MACLEAN", "repair", True, "Ann MacLean"),
        ("Ann MACLEAN", "force", False, "Ann MacLean"),
        ("ANN", "keep", True, "ANN"),
    ],
)
def test_the_case_asked_for(typed: str, case: Case, shouted: bool, written: str) -> None:
    assert cased(typed, case, shouted=shouted) == written


@pytest.mark.parametrize(
    ("typed", "written"), [("VAN DER BERG", "van der Berg"), ("DE SOUZA", "de Souza"), ("VAN", "Van"), ("NG", "Ng")]
)
def test_a_family_name_may_begin_with_a_particle(typed: str, written: str) -> None:
    assert repair_case(typed, family=True) == written


@pytest.mark.parametrize(("typed", "written"), [("'t", "'t"), ("ŉ", "ŉ"), ("", ""), ("MC", "Mc"), ("MCA", "Mca")])
def test_odd_words(typed: str, written: str) -> None:
    assert capitalised(typed) == written


@given(st.text(max_size=20), st.booleans(), st.booleans())
def test_a_second_pass_changes_nothing(text: str, family: bool, force: bool) -> None:
    once = repair_case(text, family=family, force=force)
    assert repair_case(once, family=family, force=force) == once
