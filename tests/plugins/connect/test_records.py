from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum_plugins.connect import records
from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.records import Stretch, split_lines, split_records

PIECES = st.sampled_from(['"', '""', ",", "\n", "\r", "\r\n", "a", "bc", " ", "'"])
Seen = tuple[str, str, int, str]


def seen(stretches: list[Stretch]) -> list[Seen]:
    """List text, line end, first line and fault of each record."""
    return [
        (record, end, line, stretch.fault)
        for stretch in stretches
        for record, end, line in zip(stretch.records, stretch.ends, stretch.first_lines(), strict=True)
    ]


def split(*chunks: str) -> list[Seen]:
    return seen(list(split_records(chunks, Dialect())))


def test_every_kind_of_line_end_ends_a_record() -> None:
    assert split("a\nb\r\nc\rd") == [("a", "\n", 1, ""), ("b", "\r\n", 2, ""), ("c", "\r", 3, ""), ("d", "", 4, "")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_inside_quotes_belong_to_their_record_and_are_counted(end: str) -> None:
    text = f'a{end}"b{end}{end}c",d{end}e{end}'
    assert split(text) == [("a", end, 1, ""), (f'"b{end}{end}c",d', end, 2, ""), ("e", end, 5, "")]


def test_other_separators_of_lines_are_ordinary_characters() -> None:
    assert split("a\x0bb\x0c\x1c\x85\u2028c\n") == [("a\x0bb\x0c\x1c\x85\u2028c", "\n", 1, "")]


def test_a_quote_inside_an_unquoted_cell_is_an_ordinary_character() -> None:
    assert split('37\'8"N,5"\nx') == [('37\'8"N,5"', "\n", 1, ""), ("x", "", 2, "")]


def test_a_quote_that_is_never_closed_gives_up_its_own_line_only() -> None:
    assert split('1,"Bob\n2,Ann\n') == [('1,"Bob', "\n", 1, "quote_not_closed"), ("2,Ann", "\n", 2, "")]


def test_a_quote_closed_by_accident_on_a_later_line_counts_as_not_closed() -> None:
    assert split('1,"Bob\n2,"Ann"\n') == [('1,"Bob', "\n", 1, "quote_not_closed"), ('2,"Ann"', "\n", 2, "")]


def test_lines_of_sound_cells_before_the_open_quote_are_given_up_with_it() -> None:
    assert split('"a\nb","c\nd,e\n') == [('"a\nb","c', "\n", 1, "quote_not_closed"), ("d,e", "\n", 3, "")]


def test_text_after_a_closing_quote_gives_up_the_record() -> None:
    assert split('"a"b,"c\n"d",e\n') == [('"a"b,"c', "\n", 1, "quote_misplaced"), ('"d",e', "\n", 2, "")]


def test_a_broken_record_at_the_end_of_the_file_has_no_line_end() -> None:
    assert split('"a') == [('"a', "", 1, "quote_not_closed")]
    assert split('"a"b') == [('"a"b', "", 1, "quote_misplaced")]


def test_a_record_of_too_many_lines_is_taken_for_one_with_an_open_quote(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST_LINES", 3)
    closed = '"a\nb\nc\nd"\n'
    assert split(closed)[:2] == [('"a', "\n", 1, "quote_not_closed"), ("b", "\n", 2, "")]
    assert split(*closed) == split(closed)
    assert split('"a\nb\nc"\n') == [('"a\nb\nc"', "\n", 1, "")]


def test_a_beginning_of_a_file_leaves_out_the_record_that_may_go_on() -> None:
    beginning = split_records(['a\n"b",c\n"d\ne'], Dialect(), whole=False)
    assert [record for record, *_ in seen(list(beginning))] == ["a", '"b",c']


@pytest.mark.parametrize("most_lines", [2, records.MOST_LINES])
@given(text=st.lists(PIECES).map("".join), data=st.data())
def test_how_the_text_is_chunked_makes_no_difference_and_nothing_is_lost(
    text: str, data: st.DataObject, most_lines: int
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    chunks = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    with patch.object(records, "MOST_LINES", most_lines):
        whole = split(text)
        assert split(*chunks) == split(*text) == whole
    assert "".join(record + end for record, end, *_ in whole) == text


@given(st.lists(PIECES).map("".join), st.integers(0, 5))
def test_a_stretch_can_be_cut_anywhere(text: str, at: int) -> None:
    for stretch in split_records([text], Dialect()):
        if at <= len(stretch.records):
            assert seen(list(stretch.cut(at))) == seen([stretch])
            assert "".join(part.text for part in stretch.cut(at)) == stretch.text


def test_text_without_a_line_end_is_one_line() -> None:
    assert split_lines("a") == (["a"], [""])
