from __future__ import annotations

import pytest

from lustrum_plugins.standardise.legal_forms import find_form, has_sure_form, is_form
from lustrum_plugins.standardise.word_tables import rows


@pytest.mark.parametrize(
    ("name", "display", "rest"),
    [
        ("Blue Lamp GmbH", "GmbH", "Blue Lamp"),
        ("Blue Lamp GmbH&Co.KG", "GmbH & Co. KG", "Blue Lamp"),
        ("Blue Lamp & Co. KG", "KG", "Blue Lamp & Co."),
        ("blue lamp llc", "LLC", "blue lamp"),
        ("Blue Lamp, L.L.C.", "LLC", "Blue Lamp"),
        ("Blue Lamp Co., Ltd.", "Co., Ltd.", "Blue Lamp"),
        ("blue and company ltd.", "Ltd", "blue and company"),
        ("Blue Lamp S. A.", "S.A.", "Blue Lamp"),
        ("BLUE LAMP, SA", "S.A.", "BLUE LAMP"),
        ("Blue Lamp SA", "S.A.", "Blue Lamp"),
        ("Blue Lamp p.c.", "P.C.", "Blue Lamp"),
        ("Oy Blue Lamp Ab", "AB", "Oy Blue Lamp"),
        ("Blue Lamp spol. s r.o.", "s.r.o.", "Blue Lamp"),
        ("Blue Lamp Società per Azioni", "S.p.A.", "Blue Lamp"),
        ("Blue Lamp Limited Liability Company", "LLC", "Blue Lamp"),
        ("Blue Lamp Société en commandite simple", "SCS", "Blue Lamp"),
        ("Blue Lamp Kommanditbolag", "Kommanditbolag", "Blue Lamp"),
        ("UAB Blue Lamp", "UAB", "Blue Lamp"),
        ("Акционерное общество Лампа", "АО", "Лампа"),
        ("(주)블루램프", "주식회사", "블루램프"),
        ("蓝灯有限公司", "有限公司", "蓝灯"),
    ],
)
def test_a_form_is_found_where_its_country_writes_it(name: str, display: str, rest: str) -> None:
    found = find_form(name)
    assert found is not None
    assert (found.display, found.rest) == (display, rest)


@pytest.mark.parametrize(
    "name",
    [
        "S.A. Brightwater",
        "AS Meridiana",
        "SE Electronics",
        "AB LumBev",
        "P.T. Lampson",
        "PT LAMPU",
        "BLUE AS",
        "blue as",
        "Blue As",
        "Day Spa",
        "Lamp PC",
        "Plan A B",
        "The Limited",
        "Inc",
        "GmbH & Co. KG",
        "株式会社",
        "有限公司 Lamp",
        "Blue Lamp Company",
        "Blue Lamp Cooperation",
        "",
    ],
)
def test_words_and_initials_are_no_form(name: str) -> None:
    assert find_form(name) is None


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("Blue Lamp Inc. of Ohio", "Blue Lamp of Ohio"),
        ("Blue & Lamp P.C. Attorneys", "Blue & Lamp Attorneys"),
        ("Blue Lamp Ltd (UK)", "Blue Lamp (UK)"),
        ("Blue Lamp, LLC of Ohio", "Blue Lamp of Ohio"),
        ("Blue Oy Lamp", "Blue Lamp"),
    ],
)
def test_a_form_in_the_middle_counts_only_where_asked_for(name: str, rest: str) -> None:
    assert find_form(name) is None
    found = find_form(name, middle=True)
    assert found is not None
    assert (found.rest, found.where) == (rest, "middle")


@pytest.mark.parametrize("name", ["Пат и Лампа", "sia lamp", "Oao Lampa"])
def test_words_and_names_in_front_are_no_form(name: str) -> None:
    assert find_form(name) is None


@pytest.mark.parametrize(
    ("name", "rest"), [("ооо лампа", "лампа"), ("ooo лампа", "лампа"), ("ПАТ Лампа", "Лампа"), ("Ооо Лампа", "Лампа")]
)
def test_a_form_in_front_may_be_typed_in_one_case(name: str, rest: str) -> None:
    found = find_form(name)
    assert found is not None
    assert found.rest == rest


@pytest.mark.parametrize(("text", "alone"), [("Ltd. & Co.", True), ("株式会社", False), ("AS", False), ("", False)])
def test_a_form_may_stand_alone(text: str, alone: bool) -> None:
    assert is_form(text) is alone


def test_forms_that_may_end_a_persons_name_are_not_sure() -> None:
    assert has_sure_form("青灯株式会社")
    assert not has_sure_form("Maria SA")


def test_every_form_is_found_at_its_place() -> None:
    missed = [
        row["spelling"]
        for row in rows("legal_forms")
        if not find_form(
            f"{row['spelling']} Blue Lamp" if row["place"] == "front" else f"Blue Lamp, {row['spelling']}", middle=False
        )
    ]
    assert missed == []
