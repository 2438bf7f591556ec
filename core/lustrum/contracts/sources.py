"""What a source of leads and a sink for them must offer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import polars as pl


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that cannot be read: its first physical line (from 1), why, and its exact bytes."""

    line: int
    reason: str
    text: bytes


@dataclass(frozen=True, slots=True)
class SourceBatch:
    """Some leads in input order, and the rejects met on the way.

    The frame has one text column a header, named as in the source; empty cells are null.
    """

    frame: pl.DataFrame
    rejects: Sequence[Reject] = ()


@runtime_checkable
class Source(Protocol):
    """Where leads come from."""

    @property
    def location(self) -> str:
        """The location as the project or command line names it."""
        ...

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns, exactly as in the source. Raises `SourceError` where there is none."""
        ...

    @property
    def fingerprint(self) -> str:
        """A digest that changes when the content changes."""
        ...

    @property
    def description(self) -> str:
        """What was found out about the source, in one line for people (dialect, encoding)."""
        ...

    def batches(self, size: int) -> Iterator[SourceBatch]:
        """Give the leads in order, `size` at a time. Raises `SourceError`."""
        ...


def header_lines(source: Source) -> Mapping[str, int]:
    """Give the physical line (from 1) in which each column of a source is named first. Raises `SourceError`.

    It is the first, unless the source has `header_lines`, a mapping that lacks the columns that stand in no line.
    """
    told: Mapping[str, int] | None = getattr(source, "header_lines", None)
    return dict.fromkeys(source.header, 1) if told is None else told


CELL_SCHEMA: Mapping[str, pl.DataType] = {"row": pl.UInt32(), "text": pl.String()}


@dataclass(frozen=True, slots=True)
class CellChanges:
    """What changes in the leads of one batch: `cells[column]` has the new `text` of each changed `row`.

    Its frame is laid out as `CELL_SCHEMA` says. Rows are counted from 0 within the batch, rejects not counted; they
    ascend, none twice. A text that is null empties the cell. A column that does not stand in the source is one of the
    sink's `new_columns`.
    """

    rows: int
    cells: Mapping[str, pl.DataFrame]


@runtime_checkable
class Sink(Protocol):
    """Where cleaned leads go."""

    def prepare(self, source: Source, changes: Iterable[CellChanges], new_columns: Sequence[str], into: Path) -> Path:
        """Write the leads of `source` with the changes of each batch, in order, into the folder `into`, synced.

        Untouched cells keep their bytes, rows their order; rejected records are left out; leads after the last batch
        are copied. `new_columns` are appended to the header; a lead without a value there has it empty. Raises
        `SinkError`. Returns what `publish` takes.
        """
        ...

    def publish(self, prepared: Path) -> None:
        """Put the prepared leads in their place, atomically. Raises `SinkError`."""
        ...


@runtime_checkable
class InPlaceSink(Sink, Protocol):
    """A sink that changes leads where they are, in one transaction that also notes the prepared file's name.

    What a run wrote there is taken back cell by cell.
    """

    def published(self, prepared: str) -> bool:
        """Say whether what was prepared under this name, which nothing else ever has, is in its place."""
        ...
