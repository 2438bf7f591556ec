from __future__ import annotations

import pytest

from lustrum_plugins.standardise.name_reading import NameParts, read_name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Jo Doe", NameParts(first="Jo", last="Doe")),
        ("Doe, Jo A.", NameParts(first="Jo", middle="A.", last="Doe")),
        ("Mr Doe", NameParts(title="Mr", last="Doe")),
        ("Prof. Dr. Ann Doe", NameParts(title="Prof. Dr.", first="Ann", last="Doe")),
        ("Jo Doe Jr. MD", NameParts(first="Jo", last="Doe", suffix="Jr., MD")),
        ("Jo Doe Ph. D.", NameParts(first="Jo", last="Doe", suffix="Ph. D.")),
        ("Ann (Annie) Doe", NameParts(first="Ann", last="Doe", nickname="Annie")),
        ("Jan van der Berg", NameParts(first="Jan", last="van der Berg")),
        ("Петров Пётр Петрович", NameParts(first="Пётр", middle="Петрович", last="Петров")),
        ("山田 花子", NameParts(first="花子", last="山田")),
        ("Anna Ma", NameParts(first="Anna", last="Ma")),
        ("Dr. Garcia Perez, Ana Rosa", NameParts(title="Dr.", first="Ana", middle="Rosa", last="Garcia Perez")),
    ],
)
def test_a_name_without_doubts(text: str, parts: NameParts) -> None:
    assert read_name(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Cher",
        "Van Morris",
        "Wang Wei",
        "Kovács Anna",
        "Ana Perez Lopez",
        "王小明",
        "Jo Doe, Ann Roe",
        "Jo Ann Doe Smith Ma",
    ],
)
def test_a_name_with_another_reading_has_a_doubt(text: str) -> None:
    assert read_name(text).doubts


def test_the_order_may_be_known() -> None:
    assert read_name("Wang Wei", given_first=True).doubts == ()
