"""Where leads come from and go to: a table of a database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lustrum.contracts.hookspecs import hookimpl
from lustrum.contracts.sources import Sink, Source
from lustrum.words.errors import SinkError, SourceError
from lustrum_plugins.databases.location import read_location


@hookimpl
def lustrum_open_source(location: str, options: Mapping[str, Any]) -> Source | None:
    """Open a table, as `sqlite://./crm.db#leads` or `postgresql://user@host/crm#leads`. Raises `SourceError`."""
    found = read_location(location, SourceError)
    if found is None:
        return None
    from lustrum_plugins.databases.table_source import TableSource

    if options:
        raise SourceError(f"{location}: {', '.join(options)} is said of delimited files; a table has none")
    return TableSource(found)


@hookimpl
def lustrum_open_sink(location: str, options: Mapping[str, Any]) -> Sink | None:
    """Open a table for the leads that were read from it. Raises `SinkError`."""
    found = read_location(location, SinkError)
    if found is None:
        return None
    from lustrum_plugins.databases.table_sink import TableSink

    if options:
        raise SinkError(f"{location}: {', '.join(options)} is said of delimited files; a table has none")
    return TableSink(found)
