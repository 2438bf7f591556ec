"""Where leads come from and go to: files whose cells have types, Parquet and NDJSON."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lustrum.contracts.hookspecs import hookimpl
from lustrum.contracts.sources import Sink, Source
from lustrum.words.errors import LustrumError, SinkError, SourceError

PARQUET = frozenset({".parquet"})
NDJSON = frozenset({".ndjson", ".jsonl"})


@hookimpl
def lustrum_open_source(location: str, options: Mapping[str, Any]) -> Source | None:
    """Open a Parquet (.parquet) or NDJSON file (.ndjson, .jsonl). Raises `SourceError`."""
    suffix = _suffix(location)
    if suffix in PARQUET:
        from lustrum_plugins.typed_files.parquet_source import ParquetSource

        _refuse_options(location, options, SourceError)
        return ParquetSource(location)
    if suffix in NDJSON:
        from lustrum_plugins.typed_files.json_source import JsonSource

        _refuse_options(location, options, SourceError)
        return JsonSource(location)
    return None


@hookimpl
def lustrum_open_sink(location: str, options: Mapping[str, Any]) -> Sink | None:
    """Open a Parquet or NDJSON file to be replaced. Raises `SinkError`."""
    suffix = _suffix(location)
    if suffix in PARQUET:
        from lustrum_plugins.typed_files.parquet_sink import ParquetSink

        _refuse_options(location, options, SinkError)
        return ParquetSink(location)
    if suffix in NDJSON:
        from lustrum_plugins.typed_files.json_sink import JsonSink

        _refuse_options(location, options, SinkError)
        return JsonSink(location)
    return None


def _suffix(location: str) -> str:
    return "" if "://" in location else Path(location).suffix.lower()


def _refuse_options(location: str, options: Mapping[str, Any], error: type[LustrumError]) -> None:
    if options:
        raise error(f"{location}: {', '.join(options)} is said of delimited files; this file has none")
