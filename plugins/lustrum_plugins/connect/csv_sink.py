"""Leads into a delimited file, replaced as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lustrum.contracts.sources import CellChanges, Source
from lustrum_plugins.connect.csv_copy import CsvCopy
from lustrum_plugins.connect.csv_rendering import CsvRendering
from lustrum_plugins.connect.csv_source import CsvSource
from lustrum_plugins.connect.declared import Declared
from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.encoding import Encoding, output_encoding
from lustrum_plugins.connect.file_place import FilePlace


class CsvSink:
    """A delimited file as the place leads go to.

    Leads of a delimited file keep its encoding, byte-order mark, line ends and quoting, unless another encoding or
    dialect is declared; those of another source are written in UTF-8 as RFC 4180 has it.
    """

    def __init__(self, location: str, declared: Declared | None = None) -> None:
        self.location = location
        self._declared = declared or Declared()
        self._place = FilePlace(location)

    def prepare(self, source: Source, changes: Iterable[CellChanges], new_columns: Sequence[str], into: Path) -> Path:
        """Write the leads of `source` with the changes of each batch into the folder `into`, synced.

        Raises `SinkError`.
        """
        with self._place.writing(into) as file:
            file.writelines(self._pieces(source, changes, new_columns))
        return self._place.prepared(into)

    def publish(self, prepared: Path) -> None:
        """Put the prepared file in its place, atomically; a link is followed. Raises `SinkError`."""
        self._place.publish(prepared)

    def _pieces(self, source: Source, changes: Iterable[CellChanges], new_columns: Sequence[str]) -> Iterator[bytes]:
        declared = self._declared
        encoding = output_encoding(declared.encoding) if declared.encoding is not None else None
        if isinstance(source, CsvSource) and self._keeps(source.layout.dialect):
            kept = source.layout.encoding
            written = encoding if encoding is not None and encoding.codec != kept.codec else kept
            return CsvCopy(source, self.location, new_columns, written).pieces(changes)
        dialect = Dialect(declared.delimiter or self._usual_delimiter(), declared.quote or '"')
        return CsvRendering(source, self.location, new_columns, encoding or Encoding("utf-8"), dialect).pieces(changes)

    def _keeps(self, dialect: Dialect) -> bool:
        declared = self._declared
        return declared.delimiter in (None, dialect.delimiter) and declared.quote in (None, dialect.quote)

    def _usual_delimiter(self) -> str:
        return "\t" if Path(self.location).suffix.lower() == ".tsv" else ","
