"""Writes the leads of any source as a delimited file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import polars as pl

from lustrum.contracts.sources import CellChanges, Source
from lustrum.words.errors import SinkError
from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.edits import Edits, Taken
from lustrum_plugins.connect.encoding import Encoding
from lustrum_plugins.connect.inexpressible import inexpressible
from lustrum_plugins.connect.raw_texts import RawTexts
from lustrum_plugins.connect.views import joined

BATCH = 10_000


class CsvRendering:
    """Renders header and leads in one dialect, with CRLF as RFC 4180 has it."""

    def __init__(
        self, source: Source, location: str, new_columns: Sequence[str], encoding: Encoding, dialect: Dialect
    ) -> None:
        self._source = source
        self._location = location
        self._columns = [*source.header, *new_columns]
        self._encoding = encoding
        self._dialect = dialect

    def pieces(self, changes: Iterable[CellChanges]) -> Iterator[bytes]:
        """Give the bytes of the file. Raises `SinkError`."""
        edits = Edits(self._location, changes, self._columns, self._dialect)
        yield self._encoding.bom + self._records([pl.Series([name]) for name in self._columns], 0)
        for batch in self._source.batches(BATCH):
            taken = edits.take(batch.frame.height)
            yield self._records(self._edited(batch.frame, taken), taken.first)
        edits.finish()

    def _edited(self, frame: pl.DataFrame, taken: Taken) -> list[pl.Series]:
        """Give the text of every cell, by column."""
        new = [pl.repeat("", taken.leads, dtype=pl.String, eager=True)] * (len(self._columns) - frame.width)
        columns = [*(column.fill_null("") for column in frame.get_columns()), *new]
        for position, parts in taken.columns.items():
            columns[position] = columns[position].clone()
            for part in parts:
                columns[position].scatter(part.rows, part.plain())
        return columns

    def _records(self, columns: Sequence[pl.Series], first: int) -> bytes:
        """Render records of consecutive leads; the header is that of a lead 0."""
        content = self._rendered(columns)
        if self._encoding.codec == "utf-8":
            return content
        try:
            return self._encoding.write(content.decode())
        except UnicodeEncodeError:
            raise self._inexpressible(columns, first) from None

    def _rendered(self, columns: Sequence[pl.Series]) -> bytes:
        plain = np.zeros(len(columns[0]), np.bool_)
        cells = [RawTexts(column, self._dialect).cells(plain).alias(str(at)) for at, column in enumerate(columns)]
        record = pl.concat_str(pl.all(), separator=self._dialect.delimiter)
        return joined(pl.DataFrame(cells).select(pl.concat_str(record, pl.lit("\r\n"))).to_series())

    def _inexpressible(self, columns: Sequence[pl.Series], first: int) -> SinkError:
        """Name the first cell that the encoding cannot express."""
        for lead, cells in enumerate(zip(*columns, strict=True), first):
            for name, text in zip(self._columns, cells, strict=True):
                try:
                    self._encoding.write(text)
                except UnicodeEncodeError as error:
                    where = f'{f"lead {lead}" if lead else "the header"}, column "{name}"'
                    return inexpressible(self._location, where, self._encoding, error)
        return SinkError(f"{self._location}: its delimiters cannot be written in {self._encoding}")
