from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.files.tables import read_table
from lustrum.words.errors import ProjectError


def test_rows_know_the_line_on_which_they_begin() -> None:
    table = read_table(b'a,b\n1,"x\ny"\n\n2,z\n', "t.csv")
    assert [(str(table.place(row)), row.cells) for row in table.records] == [
        ("t.csv:2", ("1", "x\ny")),
        ("t.csv:5", ("2", "z")),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_says_what_separates(delimiter: str) -> None:
    table = read_table(f"a{delimiter}b\n1{delimiter}x\n".encode(), "t.csv")
    assert (table.delimiter, table.columns, table.records[0].cells) == (delimiter, ("a", "b"), ("1", "x"))


def test_rows_a_spreadsheet_leaves_empty_are_no_records() -> None:
    assert len(read_table(b"a,b\n1,2\n,\n\n", "t.csv").records) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "1: the table is empty; write a header"),
        (b"\n\n", "1: the table is empty; write a header"),
        (b"\na,b\n1,2", "1: the first line is blank; begin the table with its header"),
        (b"a,b\n1,\xfc", "2: the byte 0xFC is not UTF-8; save the file as UTF-8"),
        ("a,b".encode("utf-16"), "1: the file is in UTF-16; save the file as UTF-8"),
        ("ï»¿a,b\n1,2".encode(), "1: the header begins with a mangled byte order mark; save the file anew as UTF-8"),
        (
            "\ufeff\ufeffa,b\n1,2".encode(),
            "1: the header begins with a mangled byte order mark; save the file anew as UTF-8",
        ),
        (b"a,,b\n1,2,3", "1: column 2 has no name; name it or remove it"),
        (b"a,b,a\n1,2,3", '1: the column "a" stands twice; remove or rename one'),
        (
            b"a,b\n1,2\n1,2,3",
            "3: this row has 3 cells, the header 2; quote a cell that holds the separator, or add what is missing",
        ),
        (b"a;b\n1;2\n1,2", '3: this row is separated by ",", the header by ";"; separate all rows the same way'),
        (
            b'a,b\n1,2\n1,"2\n3,4',
            "3: the row that begins here is broken (unexpected end of data); close its quotes, and "
            "double a quote that belongs to the text",
        ),
        (
            b'a,b\n1,"2"3',
            "2: the row that begins here is broken (',' expected after '\"'); close its quotes, and "
            "double a quote that belongs to the text",
        ),
    ],
)
def test_a_broken_table_is_refused_with_its_line(content: bytes, message: str) -> None:
    with pytest.raises(ProjectError) as raised:
        read_table(content, "t.csv")
    assert str(raised.value) == f"t.csv:{message}"


def test_a_cell_beyond_all_measure_is_a_problem_and_no_crash() -> None:
    with pytest.raises(ProjectError, match=r"^t.csv:1: the row that begins here is broken \(field larger"):
        read_table(b"a" * 200_000, "t.csv")


UNTIDY = b'\xef\xbb\xbf"a";b\r\n1;"x"\r\n;\r\n\r\n"2";"y;z"'


def test_an_untouched_table_is_written_byte_for_byte() -> None:
    table = read_table(UNTIDY, "t.csv")
    assert table.render() == UNTIDY
    assert table.with_cells(lambda row: row.cells).render() == UNTIDY


def test_only_touched_rows_are_written_anew() -> None:
    table = read_table(UNTIDY, "t.csv").with_cells(lambda row: [cell.replace("x", 'x"') for cell in row.cells])
    assert table.render() == b'\xef\xbb\xbf"a";b\r\n1;"x"""\r\n;\r\n\r\n"2";"y;z"'


def test_new_columns_come_last() -> None:
    table = read_table(b"a,b\n1,2\n\n3,4", "t.csv").with_columns(["c"])
    assert table.render() == b"a,b,c\n1,2,\n\n3,4,"


CELLS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00\ufeff"))


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_what_csv_writes_is_read_and_written_alike(rows: list[tuple[str, str]], ending: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows([("a", "b"), *rows])
    content = written.getvalue().encode()
    table = read_table(content, "t.csv")
    assert table.render() == content
    assert [row.cells for row in table.records] == [row for row in rows if any(row)]


@given(CELLS.filter(bool), st.sampled_from(["", "\n", "\r\n"]))
def test_any_text_put_into_a_cell_is_read_again(text: str, ending: str) -> None:
    table = read_table(f"a,b\n1,2{ending}".encode(), "t.csv")
    written = table.with_cells(lambda row: (row.cells[0], text)).render()
    assert [row.cells for row in read_table(written, "t.csv").records] == [("1", text)]
    assert written.endswith(ending.encode())


@given(st.binary())
def test_nothing_but_a_project_error_is_ever_raised(content: bytes) -> None:
    try:
        rendered = read_table(content, "t.csv").render()
    except ProjectError:
        rendered = content
    assert rendered == content
