from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum_plugins.enrich.reference_table import Key, Layout, Readings, ReferenceTable, open_table
from lustrum_plugins.enrich.table_file import TableWrong

LAYOUT = Layout(("key",), ("value",))


def table(path: Path, layout: Layout = LAYOUT) -> ReferenceTable:
    found = open_table(path, layout)
    assert isinstance(found, ReferenceTable)
    return found


def readings(found: ReferenceTable, cells: list[str]) -> Readings | None:
    row = found.find(cells)
    return row.readings if row else None


def all_readings(found: ReferenceTable) -> dict[Key, Readings]:
    return {key: row.readings for key, row in found.rows.items()}


def written(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_any_usual_separator_and_line_end_is_read(tmp_path: Path, separator: str, line_end: str) -> None:
    lines = [separator.join(cells) for cells in (("key", "value"), ("a", "1"))]
    assert readings(table(written(tmp_path, line_end.join(lines))), ["A"]) == (("1",),)


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    assert readings(table(written(tmp_path, "\ufeffkey,value\na,1\n")), ["a"]) == (("1",),)


def test_quoted_cells_may_hold_separators_quotes_and_line_ends(tmp_path: Path) -> None:
    path = written(tmp_path, 'key,value\n"a, ""b""","1\n2"\n')
    assert readings(table(path), ['a, "b"']) == (("1\n2",),)


def test_blank_lines_and_rows_without_a_key_are_passed_by(tmp_path: Path) -> None:
    path = written(tmp_path, "key,value\n\n,lost\n \t,lost\na,1\n")
    assert all_readings(table(path)) == {("a",): (("1",),)}


def test_a_parquet_file_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pl.DataFrame({"key": [1, 2, None], "value": [True, None, False]}).write_parquet(path)
    assert all_readings(table(path)) == {("1",): (("true",),), ("2",): ((),)}


def test_the_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    path = written(tmp_path, "key,value\na,1\n")
    before = table(path)
    assert table(path) is before
    written(tmp_path, "key,value\na,2\n")
    os.utime(path, ns=(0, 0))
    assert readings(table(path), ["a"]) == (("2",),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "table.csv is empty; its first line must name the columns"),
        ("\n\n", "table.csv is empty; its first line must name the columns"),
        ("key,valeu\n", 'table.csv has no column "value"; did you mean "valeu"?'),
        ("key,value,value\n", 'table.csv has 2 columns "value"; give each its own name'),
        ("key,value\na,1\nb\n", "table.csv:3: 1 cells where the header has 2"),
        ('key,value\na,"1\n', "table.csv:2: unexpected end of data"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    found = open_table(written(tmp_path, text), LAYOUT)
    assert isinstance(found, TableWrong)
    assert str(found) == message


def test_a_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("key,value\nMüller,1\n".encode("cp1252"))
    assert str(open_table(path, LAYOUT)) == "table.csv is not UTF-8; save it again as CSV in UTF-8"


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    found = open_table(written(tmp_path, "key,value\n", "table.parquet"), LAYOUT)
    assert str(found).startswith("table.parquet cannot be read as Parquet: ")


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    assert "table.csv cannot be read" in str(open_table(_folder(tmp_path), LAYOUT))


def _folder(parent: Path) -> Path:
    folder = parent / "table.csv"
    folder.mkdir()
    return folder


@given(text=st.text())
def test_a_key_does_not_depend_on_how_its_letters_are_composed(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert LAYOUT.key([composed]) == LAYOUT.key([decomposed])


@given(text=st.text(), ignore_case=st.booleans())
def test_the_key_of_a_key_is_the_key(text: str, ignore_case: bool) -> None:
    layout = Layout(("key",), ("value",), ("case",) if ignore_case else ())
    once = layout.key([text])
    assert layout.key(once) == once


def test_a_row_knows_its_line(tmp_path: Path) -> None:
    found = table(written(tmp_path, 'key,value\na,"1\n2"\nb,3\n'))
    assert [(row.line, row.shown) for row in found.rows.values()] == [(3, ("a",)), (4, ("b",))]


@given(text=st.text())
def test_ignoring_everything_is_settled_too(text: str) -> None:
    layout = Layout(("key",), ("value",), ("case", "width", "accents", "punctuation", "spaces"))
    once = layout.key([text])
    assert layout.key(once) == once
