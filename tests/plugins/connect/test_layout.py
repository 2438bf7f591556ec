from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum.words.errors import SourceError
from lustrum_plugins.connect import layout
from lustrum_plugins.connect.csv_source import CsvSource

LeadsFile = Callable[..., CsvSource]


@pytest.mark.parametrize(
    ("content", "description"),
    [
        (b"id,name\n1,Jo\n", 'utf-8, delimiter ",", quote "\\"", LF, 2 columns'),
        (codecs.BOM_UTF8 + b"id;name\r\n", 'utf-8 with BOM, delimiter ";", quote "\\"", CRLF, 2 columns'),
        (b"'id'\t'name'\r1\t2\r", 'utf-8, delimiter "\\t", quote "\'", CR, 2 columns'),
        ("id,näme".encode("cp1252"), 'windows-1252, delimiter ",", quote "\\"", no line end, 2 columns'),
        (b"email\n", 'utf-8, delimiter ",", quote "\\"", LF, 1 column'),
        (b"id,name\n1,2\r\n", 'utf-8, delimiter ",", quote "\\"", mixed line ends, 2 columns'),
        ("id|name\n".encode("utf-16"), 'utf-16-le with BOM, delimiter "|", quote "\\"", LF, 2 columns'),
    ],
)
def test_what_was_found_out_is_shown_in_one_line(leads: LeadsFile, content: bytes, description: str) -> None:
    assert leads(content).description == description


def test_what_is_declared_is_not_found_out(leads: LeadsFile) -> None:
    source = leads("id;näme\n".encode("cp1252"), encoding="latin-1", delimiter=",", quote="'")
    assert source.description == 'iso8859-1, delimiter ",", quote "\'", LF, 1 column'


def test_the_header_is_kept_exactly(leads: LeadsFile) -> None:
    assert leads(b'id, First Name ,"a ""b""","two\nlines",\x00\n').header == [
        "id",
        " First Name ",
        'a "b"',
        "two\nlines",
        "\x00",
    ]


def test_a_header_longer_than_the_sample_is_read(leads: LeadsFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "SAMPLE", 4)
    assert leads(b"first,second\n").header == ["first", "second"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ": the file is empty; its first line must be a header"),
        (codecs.BOM_UTF8, ": the file is empty; its first line must be a header"),
        (b"\nid,name\n", ":1: the first line is blank; the header must stand there"),
        (b"id,,name\n1,2,3\n", ":1: column 2 of the header has no name; name it"),
        (b"id,name, \n", ":1: column 3 of the header has no name; name it"),
        (b"id,name,id,id\n", ':1: the header "id" stands in columns 1 and 3 and 4; rename all but one'),
        (b'id,"name\n1,2\n', ":1: the header is damaged, a quote in it is not closed or misplaced; mend it"),
        (b'id,"na"me\n1,2\n', ":1: the header is damaged, a quote in it is not closed or misplaced; mend it"),
    ],
)
def test_a_file_without_a_sound_header_is_refused(leads: LeadsFile, content: bytes, message: str) -> None:
    source = leads(content)
    with pytest.raises(SourceError, match=message) as caught:
        _ = source.header
    assert str(caught.value).startswith(source.location)


def test_a_header_that_is_not_in_the_declared_encoding_is_refused(leads: LeadsFile) -> None:
    with pytest.raises(SourceError, match=":1: the header holds bytes that are no utf-8; declare the right `encoding`"):
        _ = leads(b"id,n\xe4me\n", encoding="utf-8").header


def test_headers_that_differ_in_case_are_left_to_the_planner(leads: LeadsFile) -> None:
    assert leads(b"Id,id\n").header == ["Id", "id"]


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.csv: there is no such file; check the path"):
        _ = CsvSource(str(tmp_path / "none.csv")).header
    with pytest.raises(SourceError, match="this is a folder; name a file of leads in it"):
        _ = CsvSource(str(tmp_path)).header
