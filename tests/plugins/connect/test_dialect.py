from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum_plugins.connect.dialect import DELIMITERS, QUOTES, Dialect

DIALECTS = st.builds(Dialect, st.sampled_from([*DELIMITERS, "^", "]", "\\", " "]), st.sampled_from(QUOTES))
TEXTS = st.text(st.sampled_from("ab ,;\t|\"'\r\n^]\\é"), max_size=8)


@given(DIALECTS, st.lists(st.tuples(TEXTS, st.booleans()), min_size=2, max_size=5))
def test_what_is_written_is_read_back(dialect: Dialect, cells: list[tuple[str, bool]]) -> None:
    raws = [dialect.raw(text, quoted=quoted) for text, quoted in cells]
    record = dialect.delimiter.join(raws)
    assert dialect.raw_cells(record) == raws
    assert dialect.cells([record]) == [dialect.texts(raws)] == [[text for text, _ in cells]]


@pytest.mark.parametrize("text", ["a,b", 'say "x"', "two\nlines", "two\rlines", " leads", "trails ", "\t"])
def test_a_text_that_would_be_misread_is_put_in_quotes(text: str) -> None:
    assert Dialect().is_quoted(Dialect().raw(text))


def test_a_text_that_needs_no_quotes_gets_them_only_where_they_were() -> None:
    assert Dialect().raw("it's; fine") == "it's; fine"
    assert Dialect().raw("", quoted=True) == '""'


def test_a_cell_of_any_length_is_read() -> None:
    long = "x" * 200_000
    assert Dialect().cells([f'1,"{long}"']) == [["1", long]]


def test_a_blank_record_is_one_empty_cell() -> None:
    assert Dialect().cells(["", '"a"']) == [[""], ["a"]]
