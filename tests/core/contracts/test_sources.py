"""Sources, sinks and ports are recognised by what they offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import polars as pl

from lustrum import CellChanges, Reject, SourceBatch, hookimpl
from lustrum.contracts.ports import Calls, Clock
from lustrum.contracts.sources import CELL_SCHEMA, Sink, Source
from lustrum.engine.given import NoCalls, NoWait
from lustrum.planning.plugins import Plugin
from lustrum.planning.registry import Registry
from lustrum_plugins.connect.csv_sink import CsvSink
from lustrum_plugins.connect.csv_source import CsvSource


class Untouched:
    """A source that says what of it was read."""

    def __init__(self) -> None:
        self.location = "leads.untouched"
        self.asked: list[str] = []

    @property
    def header(self) -> Sequence[str]:
        self.asked.append("header")
        return ["id"]

    @property
    def fingerprint(self) -> str:
        self.asked.append("fingerprint")
        return ""

    @property
    def description(self) -> str:
        self.asked.append("description")
        return ""

    def batches(self, size: int) -> Iterator[SourceBatch]:
        self.asked.append(f"batches of {size}")
        return iter(())


def test_the_built_in_file_is_a_source_and_a_sink(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("id\n1\n", encoding="utf-8")
    assert isinstance(CsvSource(str(tmp_path / "leads.csv")), Source)
    assert isinstance(CsvSink("out.csv"), Sink)


def test_anything_else_is_neither() -> None:
    assert not isinstance(object(), (Source, Sink, Clock, Calls))


def test_the_engines_own_ports_fit() -> None:
    assert isinstance(NoWait(), Clock)
    assert isinstance(NoCalls(), Calls)


def offering(source: Source) -> Registry:
    """Make a registry of one plugin that gives this source for any location."""

    @hookimpl
    def lustrum_open_source() -> Source:
        return source

    module = ModuleType("offering")
    vars(module)["lustrum_open_source"] = lustrum_open_source
    return Registry([Plugin("offering", "offering", "1", hooks=("lustrum_open_source",), module=module)])


def test_a_source_is_opened_without_reading_it() -> None:
    """`lustrum check` reads the header only; a fingerprint reads the whole file."""
    source = Untouched()
    assert offering(source).open_source("leads.untouched", {}) is source
    assert source.asked == []


def test_a_batch_has_no_rejects_unless_there_are_some() -> None:
    frame = pl.DataFrame({"id": ["1"]})
    assert SourceBatch(frame).rejects == ()
    assert SourceBatch(frame, [Reject(2, "too long", b"x")]).rejects[0].line == 2


def test_cell_changes_are_by_column_and_row() -> None:
    texts = pl.DataFrame({"row": [0, 1], "text": [None, "DE"]}, CELL_SCHEMA)
    assert CellChanges(2, {"Country": texts}).cells["Country"]["text"].to_list() == [None, "DE"]
