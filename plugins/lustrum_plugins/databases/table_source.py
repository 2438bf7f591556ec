"""Leads from a table, in the order of its primary key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import polars as pl

from lustrum.contracts.sources import SourceBatch
from lustrum.words.errors import SourceError
from lustrum_plugins.databases.cells import cell_text
from lustrum_plugins.databases.database import Database
from lustrum_plugins.databases.location import TableLocation
from lustrum_plugins.databases.reflecting import read_table
from lustrum_plugins.databases.table import LeadTable, Values

PAGE = 10_000
"""So many rows are asked for at a time: no transaction stays open while a batch is worked on."""


class TableSource:
    """A table as a source of leads; that it stays as it is while it is read is seen from its digest."""

    def __init__(self, location: TableLocation) -> None:
        self.location = location.text
        self._where = location
        self._database = Database(location)

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns. Raises `SourceError`."""
        return self.table.columns

    @property
    def header_lines(self) -> Mapping[str, int]:
        """A table has no lines."""
        return {}

    @property
    def fingerprint(self) -> str:
        """A digest of all rows. Raises `SourceError`."""
        return self._fingerprint

    @property
    def description(self) -> str:
        """The table, its key, and the columns that are left alone."""
        table = self.table
        left = f", left alone: {', '.join(table.left)}" if table.left else ""
        return f"table {self._where.table}, {len(table.columns)} columns, key {', '.join(table.key)}{left}"

    @cached_property
    def table(self) -> LeadTable:
        """The table as it is. Raises `SourceError`."""
        with self._database.reading() as connection:
            return read_table(connection, self._where)

    def batches(self, size: int) -> Iterator[SourceBatch]:
        """Give the leads in order, `size` at a time. Raises `SourceError`, also where they changed meanwhile."""
        columns = self.table.columns
        for _, rows in self.keyed(size):
            yield SourceBatch(pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String()), orient="row"))

    def keyed(self, size: int) -> Iterator[tuple[list[Values], list[list[str | None]]]]:
        """Give keys and cells of the rows in order, `size` at a time. Raises `SourceError`."""
        digest = hashlib.blake2b(digest_size=16)
        for keys, rows in self._collected(size):
            _add(digest, rows)
            yield keys, rows
        if digest.hexdigest() != self.fingerprint:
            raise SourceError(f"{self.location}: the table was changed while it was being read; start again")

    @cached_property
    def _fingerprint(self) -> str:
        digest = hashlib.blake2b(digest_size=16)
        for _, rows in self._pages(PAGE):
            _add(digest, rows)
        return digest.hexdigest()

    def _collected(self, size: int) -> Iterator[tuple[list[Values], list[list[str | None]]]]:
        keys: list[Values] = []
        rows: list[list[str | None]] = []
        for more_keys, more in self._pages(min(size, PAGE)):
            keys, rows = keys + more_keys, rows + more
            while len(rows) >= size:
                yield keys[:size], rows[:size]
                keys, rows = keys[size:], rows[size:]
        if rows:
            yield keys, rows

    def _pages(self, size: int) -> Iterator[tuple[list[Values], list[list[str | None]]]]:
        table, width = self.table, len(self.table.key)
        last: Values | None = None
        given = 0
        while True:
            with self._database.reading() as connection:
                found = [tuple(row) for row in connection.execute(table.page(last, size))]
            if not found:
                break
            if any(None in row[:width] for row in found):
                raise SourceError(f"{self.location}: the key of a row, {', '.join(table.key)}, is empty; fill it in")
            last, given = found[-1][:width], given + len(found)
            yield [row[:width] for row in found], [[cell_text(value) for value in row[width:]] for row in found]
        self._check_count(given)

    def _check_count(self, given: int) -> None:
        with self._database.reading() as connection:
            there = connection.execute(self.table.count()).scalar_one()
        if there != given:
            raise SourceError(
                f"{self.location}: {given} rows were read of {there}; the table was changed meanwhile, start again"
            )


def _add(digest: hashlib.blake2b, rows: list[list[str | None]]) -> None:
    for row in rows:
        digest.update(repr(row).encode())
