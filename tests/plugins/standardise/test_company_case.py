from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum_plugins.standardise.company_case import repair_company_case


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("BLUE LAMP SOFTWARE GMBH", "Blue Lamp Software GmbH"),
        ("blue lamp s.r.o.", "Blue Lamp s.r.o."),
        ("BLUE LAMP S.R.O.", "Blue Lamp s.r.o."),
        ("BLUE LAMP PUBLIC LIMITED COMPANY", "Blue Lamp Public Limited Company"),
        ("ООО «СИНЯЯ ЛАМПА»", "ООО «Синяя Лампа»"),
        ("uab mėlyna lempa", "UAB Mėlyna Lempa"),
        ("THE LAMP OF OHIO", "The Lamp of Ohio"),
        ("bank of the lamp", "Bank of the Lamp"),
        ("IBM CONSULTING", "IBM Consulting"),
        ("ibm consulting", "IBM Consulting"),
        ("KPMQ ADVISORY", "KPMQ Advisory"),
        ("kpmq advisory", "KPMQ Advisory"),
        ("BBVQ LAMPS", "BBVQ Lamps"),
        ("BIG SUN LUX", "Big Sun LUX"),
        ("LUMO", "LUMO"),
        ("LUMINATION", "Lumination"),
        ("lamp&co", "Lamp&co"),
        ("b&l lamps", "B&L Lamps"),
        ("u.s. lamps", "U.S. Lamps"),
        ("lamps 24/7", "Lamps 24/7"),
        ("h2lamp", "h2lamp"),
        ("lamp.com", "lamp.com"),
        ("O'LAMPREY MEDIA", "O'Lamprey Media"),
        ("eLamp", "eLamp"),
        ("青灯", "青灯"),
    ],
)
def test_only_what_is_sure_changes_its_case(typed: str, written: str) -> None:
    assert repair_company_case(typed) == written


@given(st.text(max_size=20))
def test_letters_are_never_lost(text: str) -> None:
    assert repair_company_case(text).casefold().split() == text.casefold().split()
