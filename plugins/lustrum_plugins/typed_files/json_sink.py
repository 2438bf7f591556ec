"""Leads into a file of one JSON object a line, replaced as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lustrum.contracts.sources import CellChanges, Source
from lustrum.words.errors import SinkError
from lustrum_plugins.connect.file_place import FilePlace
from lustrum_plugins.typed_files.json_records import Line
from lustrum_plugins.typed_files.json_source import JsonSource, Lead
from lustrum_plugins.typed_files.json_values import Kind, cell_value, kind_of, written

PART = 10_000
Edit = Mapping[str, str | None]
_NONE: Edit = {}


class JsonSink:
    """A file of NDJSON as the place leads go to.

    Lines of such a file that nobody changed keep their bytes, and cells the kind they had; of other sources, and in new
    columns, all cells are text.
    """

    def __init__(self, location: str) -> None:
        self.location = location
        self._place = FilePlace(location)

    def prepare(self, source: Source, changes: Iterable[CellChanges], new_columns: Sequence[str], into: Path) -> Path:
        """Write the leads of `source` with the changes of each batch into the folder `into`, synced.

        Raises `SinkError`.
        """
        edits = _Edits(self.location, changes, [*source.header, *new_columns])
        pieces = self._copied(source, edits) if isinstance(source, JsonSource) else _rendered(source, edits)
        with self._place.writing(into) as stream:
            stream.writelines(pieces)
            edits.finish()
        return self._place.prepared(into)

    def publish(self, prepared: Path) -> None:
        """Put the prepared file in its place, atomically. Raises `SinkError`."""
        self._place.publish(prepared)

    def _copied(self, source: JsonSource, edits: _Edits) -> Iterator[bytes]:
        """Give the lines of a file of NDJSON; rejects are left out."""
        kinds = source.kinds
        yield source.bom
        for part in source.parts():
            if isinstance(part, Line):
                yield part.raw
            elif isinstance(part, Lead):
                edit = edits.next()
                yield self._edited(part, edit, kinds, edits.taken) if edit else part.line.raw

    def _edited(self, lead: Lead, edit: Edit, kinds: Mapping[str, Kind], number: int) -> bytes:
        record: dict[str, Any] = dict(lead.record)
        for name, text in edit.items():
            kind = kind_of(record.get(name)) or kinds.get(name, "text")
            try:
                if text is not None or name in record:
                    record[name] = cell_value(text, kind)
            except ValueError:
                where = f'{self.location}: lead {number} (line {lead.line.number}), column "{name}"'
                raise SinkError(
                    f'{where} would become "{text}", which is no {kind}; write it into a new column, or the leads into '
                    "a .csv"
                ) from None
        return lead.line.rewritten(record)


def _rendered(source: Source, edits: _Edits) -> Iterator[bytes]:
    """Give the leads of any other source, all cells as text, and empty ones as null."""
    for batch in source.batches(PART):
        for record in batch.frame.iter_rows(named=True):
            yield written({**record, **dict.fromkeys(edits.new(record)), **edits.next()}) + b"\n"


class _Edits:
    """Hands out the changes lead by lead; leads after the last batch have none."""

    def __init__(self, location: str, changes: Iterable[CellChanges], columns: Sequence[str]) -> None:
        self._location = location
        self._columns = columns
        self._edits = self._by_lead(changes)
        self.taken = 0

    def next(self) -> Edit:
        """Give the changes of the next lead. Raises `SinkError`."""
        self.taken += 1
        return next(self._edits, _NONE)

    def new(self, known: Mapping[str, object]) -> Sequence[str]:
        """Name the columns that a record of the source has not."""
        return self._columns[len(known) :]

    def finish(self) -> None:
        """Make sure that every change met its lead. Raises `SinkError`."""
        if next(self._edits, None) is not None:
            raise SinkError(
                f"{self._location}: the changes are for more leads than the {self.taken} of the source; "
                "it must have changed since it was read: run again"
            )

    def _by_lead(self, changes: Iterable[CellChanges]) -> Iterator[Edit]:
        for batch in changes:
            edited = self._by_row(batch)
            for row in range(batch.rows):
                yield edited.get(row, _NONE)

    def _by_row(self, batch: CellChanges) -> dict[int, dict[str, str | None]]:
        edited: dict[int, dict[str, str | None]] = {}
        for name, cells in batch.cells.items():
            if name not in self._columns:
                raise SinkError(f'{self._location}: a change for "{name}", which is neither a column nor a new one')
            for row, text in cells.iter_rows():
                edited.setdefault(row, {})[name] = text
        if edited and max(edited) >= batch.rows:
            raise SinkError(f"{self._location}: a change for a lead outside its batch of {batch.rows}")
        return edited
