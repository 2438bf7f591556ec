from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.files.damage import cell_problem, damaged, lost_zeros, mangled, mojibake
from lustrum.words.places import Place

HERE = Place("t.csv", 2)


@pytest.mark.parametrize("cell", ["3.93E+11", "1E+12", "4,9E+11", "-2.5E-05", "#NAME?", "#REF!", "#VALUE!", "#N/A"])
def test_the_traces_of_a_spreadsheet_are_known(cell: str) -> None:
    assert damaged(cell)


@pytest.mark.parametrize("cell", ["", "E164", "1E5", "3.93e11", "+39 06 12", "#1", "#hashtag", "12E+1 Main St", "C++"])
def test_ordinary_dirt_is_no_damage(cell: str) -> None:
    assert damaged(cell) is None


def test_a_damaged_cell_is_named() -> None:
    message = 't.csv:2: given.phone is "3.93E+11", a number in scientific notation: a spreadsheet has damaged the table'
    assert str(cell_problem(HERE, "given.phone", "3.93E+11")).startswith(message)


def test_a_cell_that_the_note_quotes_is_meant() -> None:
    assert cell_problem(HERE, "given.phone", "3.93E+11", "trap: 3.93E+11 cannot be restored") is None


@given(st.text(min_size=1))
def test_mojibake_is_what_the_wrong_encoding_makes_of_a_text(text: str) -> None:
    mangled_text = text.encode().decode("latin-1")
    assert mojibake(mangled_text) == (None if text.isascii() else text)


def test_a_table_without_one_sound_foreign_letter_is_mangled() -> None:
    cells = [(HERE, "given.city", "KÃ¶ln", ""), (HERE, "note", "ascii", ""), (HERE, "expected.city", "ZÃ¼rich", "")]
    assert [str(problem).partition(" before")[0] for problem in mangled(cells)] == [
        't.csv:2: given.city is "KÃ¶ln", which was "Köln"',
        't.csv:2: expected.city is "ZÃ¼rich", which was "Zürich"',
    ]


def test_mangled_text_beside_sound_text_is_an_example_of_mangled_text() -> None:
    assert not list(mangled([(HERE, "given.city", "KÃ¶ln", ""), (HERE, "expected.city", "Köln", "")]))
    assert not list(mangled([(HERE, "given.city", "KÃ¶ln", "trap: KÃ¶ln")]))


@pytest.mark.parametrize(
    ("given_cell", "expected_cell", "same", "lost"),
    [
        ("01067", "1067", True, True),
        ("1067", "01067", False, False),
        ("1067", "1067", False, True),
        ("1067", "1067", True, False),
        ("1067", "2067", True, False),
        ("D-1067", "D-1067", False, False),
    ],
)
def test_zeros_are_lost_where_a_row_contradicts_itself(
    given_cell: str, expected_cell: str, *, same: bool, lost: bool
) -> None:
    assert lost_zeros(given_cell, expected_cell, same=same) is lost
