"""Writes the leads of any source as a delimited file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lustrum.contracts.sources import CellChanges, Source
from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.edits import Edit, Edits
from lustrum_plugins.connect.encoding import Encoding
from lustrum_plugins.connect.inexpressible import inexpressible

BATCH = 10_000
Cells = Sequence[str | None]


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
        edits = Edits(self._location, changes, self._columns)
        yield self._encoding.bom + self._record(self._columns, "the header")
        for batch in self._source.batches(BATCH):
            first = edits.taken + 1
            taken = edits.take(batch.frame.height)
            leads = map(self._edited, batch.frame.iter_rows(), taken)
            yield b"".join(self._record(cells, f"lead {lead}") for lead, cells in enumerate(leads, first))
        edits.finish()

    def _edited(self, cells: Cells, edit: Edit) -> Cells:
        known = [*cells, *[None] * (len(self._columns) - len(cells))]
        for position, text in edit.items():
            known[position] = text
        return known

    def _record(self, cells: Cells, where: str) -> bytes:
        raw = self._dialect.delimiter.join(self._dialect.raw(text or "") for text in cells)
        try:
            return self._encoding.write(f"{raw}\r\n")
        except UnicodeEncodeError as error:
            place = f'{where}, column "{self._columns[self._guilty(cells)]}"'
            raise inexpressible(self._location, place, self._encoding, error) from None

    def _guilty(self, cells: Cells) -> int:
        return next(position for position, text in enumerate(cells) if not self._expresses(text or ""))

    def _expresses(self, text: str) -> bool:
        try:
            self._encoding.write(text)
        except UnicodeEncodeError:
            return False
        return True
