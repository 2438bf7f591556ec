"""Where leads come from and go to: delimited files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lustrum.contracts.hookspecs import hookimpl
from lustrum.contracts.sources import Sink, Source
from lustrum.words.errors import SinkError, SourceError
from lustrum_plugins.connect.csv_sink import CsvSink
from lustrum_plugins.connect.csv_source import CsvSource
from lustrum_plugins.connect.declared import is_compressed, is_delimited, read_options


@hookimpl
def lustrum_open_source(location: str, options: Mapping[str, Any]) -> Source | None:
    """Open a delimited file (.csv, .tsv, .txt; compressed as .gz or .bz2). Raises `SourceError` for wrong options."""
    if not is_delimited(location):
        return None
    return CsvSource(location, read_options(location, options, SourceError))


@hookimpl
def lustrum_open_sink(location: str, options: Mapping[str, Any]) -> Sink | None:
    """Open a delimited file to be replaced. Raises `SinkError` for wrong options and compressed files."""
    if not is_delimited(location):
        return None
    if is_compressed(location):
        raise SinkError(f"{location}: compressed files are read, not written; leave out the last suffix")
    return CsvSink(location, read_options(location, options, SinkError))
