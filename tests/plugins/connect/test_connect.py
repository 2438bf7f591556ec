from __future__ import annotations

import pytest

from lustrum.words.errors import SinkError, SourceError
from lustrum_plugins.connect import lustrum_open_sink, lustrum_open_source
from lustrum_plugins.connect.csv_sink import CsvSink
from lustrum_plugins.connect.csv_source import CsvSource


def test_delimited_files_are_opened_without_being_read() -> None:
    assert isinstance(lustrum_open_source("none/leads.csv", {"delimiter": ";"}), CsvSource)
    assert isinstance(lustrum_open_sink("none/leads.TSV", {}), CsvSink)


def test_other_locations_are_left_to_others() -> None:
    assert lustrum_open_source("leads.parquet", {}) is None
    assert lustrum_open_sink("postgres://host/leads.csv", {}) is None


def test_wrong_options_and_compressed_outputs_are_refused() -> None:
    with pytest.raises(SourceError, match="unknown option"):
        lustrum_open_source("leads.csv", {"sheet": "1"})
    with pytest.raises(SinkError, match="unknown option"):
        lustrum_open_sink("leads.csv", {"sheet": "1"})
    with pytest.raises(SinkError, match="compressed files are read, not written; leave out the last suffix"):
        lustrum_open_sink("leads.csv.gz", {})
