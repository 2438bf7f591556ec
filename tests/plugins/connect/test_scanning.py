from __future__ import annotations

import pytest

from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.scanning import can_scan, scan


def taken(data: bytes, *, whole: bool = False, columns: int = 2) -> tuple[bytes, int, bool]:
    """Give the plain records, how many of them are leads, and whether the next one is not known to be plain."""
    finding = scan(data, 1, Dialect(), columns, whole=whole)
    return (finding.block.data, finding.block.leads, finding.halted) if finding.block else (b"", 0, finding.halted)


@pytest.mark.parametrize(
    ("data", "plain", "leads", "halted"),
    [
        (b"1,2\n3,4\n5", b"1,2\n3,4\n", 2, False),
        (b'1,"2\n3"\r\n"",""\r5,', b'1,"2\n3"\r\n"",""\r', 2, False),
        (b'1,"a""b"\n2,"c', b'1,"a""b"\n', 1, False),
        (b"1,2\n3\n4,5,6\n\n7,8\n", b"1,2\n3\n4,5,6\n\n7,8\n", 2, False),
        (b'1,2\n3,5" tall\n7,8\n', b"1,2\n", 1, True),
        (b'1,2\n"3"x,4\n7,8\n', b"1,2\n", 1, True),
        (b'1,2\n3, "4"\n', b"1,2\n", 1, True),
        (b"1,2\n3,\xff\n7,8\n", b"1,2\n", 1, True),
        (b"1,2\n3,\xc3", b"1,2\n", 1, False),
        (b"1,2\r\n3,4\r", b"1,2\r\n", 1, False),
        (b"1,2\n\n\n", b"1,2\n", 1, False),
        (b"\n\n", b"", 0, True),
        (b'"1', b"", 0, False),
        (b"", b"", 0, False),
    ],
)
def test_complete_records_are_taken_up_to_one_that_may_not_be_plain(
    data: bytes, plain: bytes, leads: int, halted: bool
) -> None:
    assert taken(data) == (plain, leads, halted)


@pytest.mark.parametrize("data", [b"1,2", b"1,", b",", b'1,"2"', b"1,2\r", b'""'])
def test_the_end_of_the_file_ends_a_record(data: bytes) -> None:
    assert taken(data)[0] == b""
    assert taken(data, whole=True)[0] == data


def test_an_open_quote_at_the_end_of_the_file_is_left_to_the_careful_reader() -> None:
    assert taken(b'1,2\n3,"4', whole=True) == (b"1,2\n", 1, False)


def test_in_one_column_blank_lines_are_leads() -> None:
    assert taken(b"a\n\n\n", columns=1) == (b"a\n\n\n", 3, False)


def test_rejected_records_know_their_line_and_bytes() -> None:
    block = scan(b'1,"a\r\nb"\n2\n\n3,4,5\n6,7\n', 10, Dialect(), 2, whole=True).block
    assert block is not None
    assert [(spoilt.leads, spoilt.line, spoilt.record, spoilt.reason) for spoilt in block.rejected] == [
        (1, 12, b"2", "too_few_cells"),
        (1, 13, b"", "blank_line"),
        (1, 14, b"3,4,5", "too_many_cells"),
    ]
    assert block.frame(["x", "y"]).rows() == [("1", "a\r\nb"), ("6", "7")]


def test_only_signs_of_one_byte_are_scanned_for() -> None:
    assert can_scan(Dialect("\t", "'"))
    assert not can_scan(Dialect("é"))
