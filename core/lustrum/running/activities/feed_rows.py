"""Where the rows of a feed come from: a source of delimited text, or a Parquet file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from lustrum.contracts.sources import Source
from lustrum.planning.registry import Registry
from lustrum.words.errors import SourceError
from lustrum.words.fields import render_cells

SIZE = 100_000
"""Rows read at a time."""


class FeedRows(Protocol):
    """The rows of a feed as text columns; empty cells are null."""

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns. Raises `SourceError`."""
        ...

    def pieces(self) -> Iterator[tuple[pl.DataFrame, Counter[str]]]:
        """Give the rows in order, and how many records could not be read, by reason. Raises `SourceError`."""
        ...


def open_feed(registry: Registry, location: str) -> FeedRows:
    """Open a feed: Parquet by its suffix, all else as a source of leads is opened. Raises `SourceError`."""
    if location.lower().endswith((".parquet", ".pq")):
        return ParquetRows(location)
    return SourceRows(registry.open_source(location, {}))


@dataclass(frozen=True, slots=True)
class SourceRows:
    """The rows of a source."""

    source: Source

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns. Raises `SourceError`."""
        return self.source.header

    def pieces(self) -> Iterator[tuple[pl.DataFrame, Counter[str]]]:
        """Give the rows in order, and how many records are rejects, by reason. Raises `SourceError`."""
        for batch in self.source.batches(SIZE):
            yield batch.frame, Counter(reject.reason for reject in batch.rejects)


@dataclass(frozen=True, slots=True)
class ParquetRows:
    """The rows of a Parquet file, each cell written as text."""

    location: str

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns. Raises `SourceError`."""
        with self._reporting():
            return self._scan().collect_schema().names()

    def pieces(self) -> Iterator[tuple[pl.DataFrame, Counter[str]]]:
        """Give the rows in order; there is none that cannot be read. Raises `SourceError`."""
        start = 0
        while rows := self._some(start):
            yield pl.DataFrame([_as_text(column) for column in rows]), Counter()
            start += SIZE

    def _some(self, start: int) -> list[pl.Series]:
        with self._reporting():
            found = self._scan().slice(start, SIZE).collect()
        return [] if found.is_empty() else found.get_columns()

    def _scan(self) -> pl.LazyFrame:
        return pl.scan_parquet(self.location, glob=False, hive_partitioning=False)

    @contextmanager
    def _reporting(self) -> Generator[None]:
        try:
            yield
        except (OSError, pl.exceptions.PolarsError) as error:
            reason = str(error).splitlines()[0]
            raise SourceError(
                f"{self.location}: the feed of activities cannot be read ({reason}); check the file"
            ) from error


def _as_text(column: pl.Series) -> pl.Series:
    dtype = column.dtype
    if isinstance(dtype, pl.Struct):
        text = column.struct.json_encode()
    elif isinstance(dtype, pl.Datetime) and dtype.time_zone is None:
        text = column.dt.to_string("iso:strict")
    elif isinstance(dtype, pl.Datetime):
        text = render_cells(column.dt.convert_time_zone("UTC"))
    else:
        text = column.cast(pl.String, strict=False)
    return pl.select(pl.when(text != "").then(text)).to_series().rename(column.name)
