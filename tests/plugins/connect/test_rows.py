from __future__ import annotations

from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.records import split_records
from lustrum_plugins.connect.rows import Rows, Trailer, judge


def judged(text: str, columns: int) -> list[tuple[str, str]]:
    """List each record with why it is rejected, and the trailer."""
    found: list[tuple[str, str]] = []
    for rows in judge(split_records(text, Dialect()), Dialect(), columns):
        if isinstance(rows, Trailer):
            found.append((rows.text, "trailer"))
        elif isinstance(rows, Rows):
            found += [(record, rows.rejected.get(at, "")) for at, record in enumerate(rows.stretch.records)]
    return found


def test_each_record_is_judged_by_its_cells() -> None:
    assert judged('1,2\n1\n1,2,3\n"1","2"\n"1"\n', 2) == [
        ("1,2", ""),
        ("1", "too_few_cells"),
        ("1,2,3", "too_many_cells"),
        ('"1","2"', ""),
        ('"1"', "too_few_cells"),
        ("", "trailer"),
    ]


def test_bytes_that_are_no_text_reject_their_record() -> None:
    assert judged("1,\udcff\n1,é\n", 2)[:2] == [("1,\udcff", "invalid_bytes"), ("1,é", "")]


def test_a_blank_line_between_records_is_a_reject_and_at_the_end_no_record() -> None:
    assert judged("\n\n1,2\n\n\r\n", 2) == [
        ("", "blank_line"),
        ("", "blank_line"),
        ("1,2", ""),
        ("\n\r\n", "trailer"),
    ]


def test_in_a_file_of_one_column_a_blank_line_is_an_empty_lead() -> None:
    assert judged('a\n\n"b"\n\n', 1) == [("a", ""), ("", ""), ('"b"', ""), ("", "")]


def test_cells_are_those_of_the_leads_only() -> None:
    stretches = split_records(['1,2\n3\n4,"5"\n\n"6",""\n'], Dialect())
    rows = [rows for rows in judge(stretches, Dialect(), 2) if isinstance(rows, Rows)]
    assert [cell for part in rows for cell in part.cells] == ["1", "2", "4", "5", "6", ""]
    assert sum(part.leads for part in rows) == 3
