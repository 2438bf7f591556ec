"""Copies a delimited file with some cells changed, all other bytes untouched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lustrum.contracts.sources import CellChanges
from lustrum.words.errors import SinkError
from lustrum_plugins.connect.block import Block
from lustrum_plugins.connect.block_copy import BlockCopy
from lustrum_plugins.connect.csv_source import CsvSource
from lustrum_plugins.connect.edits import Edit, Edits, Taken
from lustrum_plugins.connect.encoding import Encoding
from lustrum_plugins.connect.inexpressible import inexpressible
from lustrum_plugins.connect.rows import Rows, Trailer


class CsvCopy:
    """Renders the records of a source anew where they change; rejected records are left out.

    `encoding` is what the copy is written in.
    """

    def __init__(self, source: CsvSource, location: str, new_columns: Sequence[str], encoding: Encoding) -> None:
        self._source = source
        self._location = location
        self._new = list(new_columns)
        self._encoding = encoding
        self._dialect = source.layout.dialect
        self._columns = [*source.header, *new_columns]
        self._blocks = BlockCopy(self._dialect, len(source.header), len(new_columns))

    def pieces(self, changes: Iterable[CellChanges]) -> Iterator[bytes]:
        """Give the bytes of the copy. Raises `SinkError`."""
        edits = Edits(self._location, changes, self._columns, self._dialect)
        yield self._encoding.bom + self._header()
        for rows in self._source.rows():
            if isinstance(rows, Trailer):
                yield self._encoding.write(rows.text)
            else:
                yield self._copy(rows, edits.take(rows.leads))
        edits.finish()

    def _header(self) -> bytes:
        layout = self._source.layout
        text = self._dialect.delimiter.join(self._appended(layout.raw_header, self._new))
        try:
            return self._encoding.write(text + layout.header_end)
        except UnicodeEncodeError as error:
            raise inexpressible(self._location, "the header", self._encoding, error) from None

    def _copy(self, rows: Rows | Block, taken: Taken) -> bytes:
        try:
            if isinstance(rows, Rows):
                return self._encoding.write(self._text(rows, taken))
            copied = self._blocks.copy(rows, taken.columns)
            return copied if self._encoding.codec == "utf-8" else self._encoding.write(copied.decode())
        except UnicodeEncodeError:
            raise self._first_inexpressible(taken) from None

    def _text(self, rows: Rows, taken: Taken) -> str:
        if not self._new and not taken.columns and not rows.rejected:
            return rows.stretch.text
        edits = iter(taken.by_lead())
        return "".join(
            self._record(rows, at, next(edits)) + end
            for at, end in enumerate(rows.stretch.ends)
            if at not in rows.rejected
        )

    def _record(self, rows: Rows, at: int, edit: Edit) -> str:
        record = rows.stretch.records[at]
        if not edit and not self._new:
            return record
        cells = self._dialect.raw_cells(record)
        known = len(cells)
        for position, text in edit.items():
            if position < known:
                cells[position] = self._dialect.raw(text, quoted=self._dialect.is_quoted(cells[position]))
        new = [edit.get(position, "") for position in range(known, len(self._columns))]
        return self._dialect.delimiter.join(self._appended(cells, new)) or self._dialect.raw("", quoted=True)

    def _appended(self, cells: Sequence[str], new: Sequence[str]) -> list[str]:
        """Append new cells, in quotes where all the others are."""
        quoted = bool(new) and all(map(self._dialect.is_quoted, cells))
        return [*cells, *(self._dialect.raw(text, quoted=quoted) for text in new)]

    def _first_inexpressible(self, taken: Taken) -> SinkError:
        for lead, edit in enumerate(taken.by_lead(), taken.first):
            for position, text in edit.items():
                try:
                    self._encoding.write(text)
                except UnicodeEncodeError as error:
                    where = f'lead {lead}, column "{self._columns[position]}"'
                    return inexpressible(self._location, where, self._encoding, error)
        return SinkError(f"{self._location}: leads from {taken.first} on cannot be written in {self._encoding}")
