from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lustrum.contracts.sources import Reject, Source
from lustrum.words.errors import SourceError
from lustrum_plugins.connect import csv_source, lead_file, reading
from lustrum_plugins.connect.csv_source import CsvSource

LeadsFile = Callable[..., CsvSource]
Row = tuple[str | None, ...]

tries = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows(source: CsvSource, size: int = 1000) -> list[Row]:
    return [row for batch in source.batches(size) for row in batch.frame.rows()]


def rejects(source: CsvSource, size: int = 1000) -> list[Reject]:
    return [reject for batch in source.batches(size) for reject in batch.rejects]


def test_it_is_a_source(leads: LeadsFile) -> None:
    source = leads(b"id\n1\n")
    assert isinstance(source, Source)
    assert source.fingerprint == source.fingerprint != leads(b"id\n2\n").fingerprint


def test_cells_are_text_exactly_as_they_stand_and_empty_ones_are_null(leads: LeadsFile) -> None:
    source = leads(b'id,name,^x$\n007, Jo ,\n2,"","a ""b"", c"\n3,"NULL","\n"\n')
    (batch,) = source.batches(10)
    assert batch.frame.schema == pl.Schema({"id": pl.String, "name": pl.String, "^x$": pl.String})
    assert batch.frame.rows() == [("007", " Jo ", None), ("2", None, 'a "b", c'), ("3", "NULL", "\n")]


def test_a_header_alone_gives_no_leads(leads: LeadsFile) -> None:
    assert rows(leads(b"id,name\n")) == rows(leads(b'"id","name"')) == []


def test_nul_characters_are_data(leads: LeadsFile) -> None:
    assert rows(leads(b'id,name\n\x00,2\n"\x00",3\n')) == [("\x00", "2"), ("\x00", "3")]


def test_a_blank_line_of_a_single_column_is_an_empty_lead(leads: LeadsFile) -> None:
    assert rows(leads(b'email\na@b.c\n\n"x"\n\n')) == [("a@b.c",), (None,), ("x",), (None,)]


def test_a_reject_has_its_physical_line_its_reason_and_its_exact_bytes(leads: LeadsFile) -> None:
    lines = [b"id,name", b'1,"two', b'lines"', b"2", b"", b'"3","x","y"', b'4,"open', b"5,Z\xc3\xb6", b"6,Z\xf6"]
    content = b"\r\n".join([*lines, b'"7"x,8', b"9,end", b"", b""])
    source = leads(content, encoding="utf-8")
    assert rows(source) == [("1", "two\r\nlines"), ("5", "Zö"), ("9", "end")]
    assert rejects(source) == [
        Reject(4, "too_few_cells", b"2"),
        Reject(5, "blank_line", b""),
        Reject(6, "too_many_cells", b'"3","x","y"'),
        Reject(7, "quote_not_closed", b'4,"open'),
        Reject(9, "invalid_bytes", b"6,Z\xf6"),
        Reject(10, "quote_misplaced", b'"7"x,8'),
    ]


def test_the_bytes_of_a_reject_are_those_of_the_file_in_any_encoding(leads: LeadsFile) -> None:
    source = leads("id,name\n1\n2,é\n3,".encode("utf-16") + b"\x00\xd8\x00")
    assert rejects(source) == [
        Reject(2, "too_few_cells", "1".encode("utf-16-le")),
        Reject(4, "invalid_bytes", "3,".encode("utf-16-le") + b"\x00\xd8\x00"),
    ]


def test_a_reject_comes_with_the_batch_that_was_being_filled(leads: LeadsFile) -> None:
    source = leads(b"id,name\nbad0\n1,a\nbad1\n2,b\nbad2\n3,c\n4,d\nbad4\n")
    found = [(batch.frame.height, [reject.text for reject in batch.rejects]) for batch in source.batches(2)]
    assert found == [(2, [b"bad0", b"bad1"]), (2, [b"bad2"]), (0, [b"bad4"])]


def test_a_file_is_read_in_pieces_of_any_number(leads: LeadsFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_source, "PIECE", 3)
    monkeypatch.setattr(lead_file, "CHUNK", 11)
    source = leads(b"id,name\n" + b"".join(b'%d,"n%d"\n' % (n, n) for n in range(50)))
    assert rows(source, 7) == [(str(n), f"n{n}") for n in range(50)]


def test_a_record_without_end_is_refused(leads: LeadsFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST", 5)
    monkeypatch.setattr(reading, "LARGEST", 4)
    monkeypatch.setattr(lead_file, "CHUNK", 4)
    with pytest.raises(SourceError, match=":2: the record that begins here does not end within 5 characters"):
        rows(leads(b"id\n" + b"x" * 20))


def test_a_file_changed_between_header_and_leads_is_refused(leads: LeadsFile) -> None:
    source = leads(b"id\n1\n")
    assert source.header == ["id"]
    leads(b"id\n1\n2\n")
    with pytest.raises(SourceError, match="the file was changed while it was being read; start again"):
        rows(source)


PIECES = [
    b",",
    b";",
    b'"',
    b"'",
    b"\n",
    b"\r",
    b"\r\n",
    b"a",
    b"1",
    b"\t",
    b" ",
    b"\x00",
    b"\xff",
    b"\xe9",
    b"\xc3\xa9",
]
OPTIONS = [
    {},
    {"encoding": "utf-8"},
    {"encoding": "utf-16"},
    {"encoding": "shift_jis"},
    {"delimiter": ",", "quote": "'"},
]


@tries
@given(
    content=st.tuples(st.sampled_from([b"", b"a,b\n", b"a\n"]), st.lists(st.sampled_from(PIECES)).map(b"".join)),
    options=st.sampled_from(OPTIONS),
    size=st.integers(1, 4),
    chunk=st.integers(1, 5),
)
def test_neither_batches_nor_chunks_change_what_any_bytes_give(
    leads: LeadsFile, content: tuple[bytes, bytes], options: dict[str, str], size: int, chunk: int
) -> None:
    whole = leads(b"".join(content), **options)
    try:
        expected = rows(whole), rejects(whole)
    except SourceError:
        return
    with patch.object(lead_file, "CHUNK", chunk):
        cut = leads(b"".join(content), **options)
        assert (rows(cut, size), rejects(cut, size)) == expected
        heights = [batch.frame.height for batch in cut.batches(size)]
        assert all(height == size for height in heights[:-1])
