from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nameparser import Lexicon

from lustrum_plugins.standardise.name_reading import NameParts, read_name

NAMES = st.from_regex(r"[A-Za-zÀ-ÖØ-öø-ſ]{2,8}", fullmatch=True)
TELLING = st.sampled_from(sorted(Lexicon.default().titles | Lexicon.default().particles | {"Wang", "oglu", "Petrovna"}))


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
        "Doe, Karlo. A. Jan",
    ],
)
def test_a_name_with_another_reading_has_a_doubt(text: str) -> None:
    assert read_name(text).doubts


@pytest.mark.parametrize(("text", "first"), [("Wang Wei", "Wang"), ("Van Morris", "Van"), ("Cher", "Cher")])
def test_the_order_may_be_known(text: str, first: str) -> None:
    read = read_name(text, given_first=True)
    assert (read.first, read.doubts) == (first, ())


@given(st.lists(NAMES | TELLING, min_size=2, max_size=2).map(" ".join), st.booleans())
def test_two_plain_words_are_read_without_the_library_and_alike(text: str, given_first: bool) -> None:
    assert read_name(text, given_first=given_first) == read_name(f"{text} ", given_first=given_first)
