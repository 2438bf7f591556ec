"""Leads back into the table they were read from: one transaction, which also notes that it was made."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, inspect, select

from lustrum.contracts.sources import CellChanges, Source
from lustrum.words.errors import SinkError, SourceError
from lustrum_plugins.databases.database import Database
from lustrum_plugins.databases.edits import RowEdit, read_edits, row_edits, write_edits
from lustrum_plugins.databases.location import TableLocation
from lustrum_plugins.databases.reflecting import read_table
from lustrum_plugins.databases.row_writing import RowWriting, add_columns
from lustrum_plugins.databases.table_source import TableSource

CHUNK = 500
"""So many rows are compared and changed at a time."""


class TableSink:
    """A table as the place its own leads go back to. Cells that nobody changed are not touched."""

    def __init__(self, location: TableLocation) -> None:
        self.location = location
        self._database = Database(location)

    def prepare(self, source: Source, changes: Iterable[CellChanges], new_columns: Sequence[str], into: Path) -> Path:
        """Write what changes into the folder `into`, synced; no other file ever has its name. Raises `SinkError`."""
        where = self.location.text
        if not isinstance(source, TableSource) or source.location != where:
            raise SinkError(f"{where}: only leads of this table go into it; write those of {source.location} to a file")
        into.mkdir(parents=True, exist_ok=True)
        prepared = into / f"{uuid4()}.edits"
        with prepared.open("x", encoding="utf-8") as file:
            write_edits(file, new_columns, row_edits(source, changes))
            file.flush()
            os.fsync(file.fileno())
        return prepared

    def publish(self, prepared: Path) -> None:
        """Change the rows, and note the file's name, all or nothing. Raises `SinkError`.

        Nothing is changed where a cell is no longer what was read.
        """
        new_columns, edits = read_edits(prepared)
        with self._database.writing() as connection:
            changed = self._write(connection, new_columns, edits)
            notes = self._notes()
            notes.metadata.create_all(connection)
            at = datetime.now(UTC).isoformat(timespec="seconds")
            connection.execute(notes.insert().values(prepared=prepared.name, at=at, leads=changed))

    def published(self, prepared: str) -> bool:
        """Say whether the changes of a prepared file, by its name, were made. Raises `SinkError`."""
        notes = self._notes()
        try:
            with self._database.reading() as connection:
                if not inspect(connection).has_table(notes.name, notes.schema):
                    return False
                found = connection.execute(select(notes.c.prepared).where(notes.c.prepared == prepared))
                return found.first() is not None
        except SourceError as error:
            raise SinkError(str(error)) from error

    def _write(self, connection: Connection, new_columns: Sequence[str], edits: Iterator[RowEdit]) -> int:
        add_columns(connection, read_table(connection, self.location), new_columns)
        writing = RowWriting(connection, read_table(connection, self.location), self.location.text)
        changed = 0
        while chunk := list(islice(edits, CHUNK)):
            writing.write(chunk)
            changed += len(chunk)
        return changed

    def _notes(self) -> Table:
        return Table(
            "lustrum_applied",
            MetaData(schema=self.location.schema),
            Column("prepared", String, primary_key=True),
            Column("at", String),
            Column("leads", Integer),
        )
