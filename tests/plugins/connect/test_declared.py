from __future__ import annotations

from typing import Any

import pytest

from lustrum.words.errors import SinkError, SourceError
from lustrum_plugins.connect.declared import Declared, is_delimited, read_options


@pytest.mark.parametrize(
    ("location", "delimited"),
    [
        ("leads.csv", True),
        ("in/LEADS.TSV", True),
        ("leads.txt", True),
        ("leads.csv.gz", True),
        ("leads.csv.bz2", True),
        ("leads.parquet", False),
        ("leads.gz", False),
        ("https://example.com/leads.csv", False),
        ("csv", False),
    ],
)
def test_local_files_are_known_by_their_suffix(location: str, delimited: bool) -> None:
    assert is_delimited(location) is delimited


def test_what_is_declared_is_taken() -> None:
    options = {"encoding": "windows-1252", "delimiter": "tab", "quote": "'"}
    assert read_options("leads.csv", options, SourceError) == Declared("windows-1252", "\t", "'")
    assert read_options("leads.csv", {"delimiter": r"\t", "quote": None}, SourceError) == Declared(delimiter="\t")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"delimeter": ";"}, 'unknown option "delimeter" for a delimited file; did you mean "delimiter"?'),
        ({"x": ";"}, "known are encoding, delimiter, quote"),
        ({"delimiter": ";;"}, "delimiter ';;' is not one character"),
        ({"quote": "\n"}, r"quote '\\n' is not one character"),
        ({"quote": "a"}, "quote 'a' is a letter"),
        ({"delimiter": "'", "quote": "'"}, 'delimiter and quote are both "\'"'),
        ({"encoding": "utf-99"}, 'encoding "utf-99" is unknown; declare one such as utf-8'),
        ({"encoding": "utf-7"}, 'encoding "utf-7" cannot be copied byte by byte; convert the file to utf-8'),
    ],
)
def test_a_wrong_option_is_refused_with_the_way_out(options: dict[str, Any], message: str) -> None:
    for error in (SourceError, SinkError):
        with pytest.raises(error, match=message) as caught:
            read_options("in/leads.csv", options, error)
        assert str(caught.value).startswith("in/leads.csv: ")
