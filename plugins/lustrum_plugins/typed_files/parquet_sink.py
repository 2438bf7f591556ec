"""Leads into a Parquet file, replaced as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl

from lustrum.contracts.sources import CellChanges, Source
from lustrum.words.errors import SinkError
from lustrum_plugins.connect.file_place import FilePlace
from lustrum_plugins.typed_files.arrow_cells import WrongText, cell_values, plain_type
from lustrum_plugins.typed_files.parquet_source import ParquetSource
from lustrum_plugins.typed_files.parquet_writer import WideningWriter, with_text

pa: Any = import_module("pyarrow")  # it has no types

OLDEST = pl.CompatLevel.oldest()
PART = 50_000
"""So many leads are read at a time where nothing else says how many."""


class ParquetSink:
    """A Parquet file as the place leads go to.

    Leads of a Parquet file keep the types of their columns, and its compression; of other sources, in new columns, and
    in those that held nothing and no longer do, all cells are text.
    """

    def __init__(self, location: str) -> None:
        self.location = location
        self._place = FilePlace(location)

    def prepare(self, source: Source, changes: Iterable[CellChanges], new_columns: Sequence[str], into: Path) -> Path:
        """Write the leads of `source` with the changes of each batch into the folder `into`, synced.

        Raises `SinkError`.
        """
        schema = _schema(source, new_columns)
        compression = source.compression if isinstance(source, ParquetSource) else "zstd"
        patching, path = _Patching(self.location, schema), self._place.prepared(into)
        with (
            self._place.writing(into) as stream,
            closing(WideningWriter(stream, path, schema, _codec(compression))) as writer,
        ):
            for part in patching.parts(_Leads(_tables(source), schema), changes):
                writer.write(part)
        return path

    def publish(self, prepared: Path) -> None:
        """Put the prepared file in its place, atomically. Raises `SinkError`."""
        self._place.publish(prepared)


def _codec(compression: str) -> str:
    return "none" if compression == "uncompressed" else compression


def _schema(source: Source, new_columns: Sequence[str]) -> Any:
    """Give the schema of what is written: the source's own, and the new columns."""
    if isinstance(source, ParquetSource):
        old, metadata = list(source.schema), source.schema.metadata
    else:
        old, metadata = [pa.field(name, pa.string()) for name in source.header], None
    return pa.schema([*old, *(pa.field(name, pa.string()) for name in new_columns)], metadata)


def _tables(source: Source) -> Iterator[Any]:
    if isinstance(source, ParquetSource):
        return source.tables(PART)
    return (cast("Any", batch.frame.to_arrow(compat_level=OLDEST)) for batch in source.batches(PART))


class _Leads:
    """The leads of a source as tables of one schema, as many at a time as are asked for."""

    def __init__(self, tables: Iterator[Any], schema: Any) -> None:
        self._tables = tables
        self._schema = schema
        self._held = schema.empty_table()
        self.taken = 0

    def take(self, leads: int) -> Any:
        """Give the next leads; fewer where the source has no more."""
        while self._held.num_rows < leads and (table := next(self._tables, None)) is not None:
            self._held = pa.concat_tables([self._held, self._widened(table)])
        part, self._held = self._held.slice(0, leads), self._held.slice(leads)
        self.taken += part.num_rows
        return part

    def widen(self, schema: Any) -> None:
        """Give the next leads in a schema in which a column of nothing has a type."""
        self._schema, self._held = schema, self._held.cast(schema)

    def _widened(self, table: Any) -> Any:
        columns = [
            table.column(field.name).cast(field.type)
            if field.name in table.column_names
            else pa.nulls(table.num_rows, field.type)
            for field in self._schema
        ]
        return pa.table(columns, schema=self._schema)


class _Patching:
    """Writes changed cells into tables."""

    def __init__(self, location: str, schema: Any) -> None:
        self._location = location
        self._schema = schema

    def parts(self, leads: _Leads, changes: Iterable[CellChanges]) -> Iterator[Any]:
        """Give the leads with their changes; those after the last batch as they are. Raises `SinkError`."""
        for change in changes:
            before, part = leads.taken, leads.take(change.rows)
            if part.num_rows < change.rows:
                raise SinkError(
                    f"{self._location}: the changes are for more leads than the {leads.taken} of the source; "
                    "it must have changed since it was read: run again"
                )
            yield self._patched(self._widened(part, change, leads), change, before)
        while (part := leads.take(PART)).num_rows:
            yield part

    def _widened(self, part: Any, change: CellChanges, leads: _Leads) -> Any:
        """Make text of the columns that held nothing and are written into."""
        for name, cells in change.cells.items():
            if _held_nothing(self._schema, name) and cells["text"].null_count() < len(cells):
                self._schema = with_text(self._schema, name)
        if part.schema.equals(self._schema):
            return part
        leads.widen(self._schema)
        return part.cast(self._schema)

    def _patched(self, part: Any, change: CellChanges, before: int) -> Any:
        for name, cells in change.cells.items():
            if name not in self._schema.names:
                raise SinkError(f'{self._location}: a change for "{name}", which is neither a column nor a new one')
            rows = cells["row"]
            if len(rows) and rows[-1] >= change.rows:
                raise SinkError(f"{self._location}: a change for a lead outside its batch of {change.rows}")
            if _held_nothing(self._schema, name):
                continue
            field = self._schema.field(name)
            column = _with(part.column(name), rows, self._values(cells, field, before))
            part = part.set_column(self._schema.names.index(name), field, column)
        return part

    def _values(self, cells: pl.DataFrame, field: Any, before: int) -> Any:
        texts = cells["text"]
        if texts.null_count() and not field.nullable:
            lead = before + cells.row(texts.is_null().arg_true()[0])[0] + 1
            raise SinkError(f'{self._location}: lead {lead}, column "{field.name}" must not be empty, and would be')
        try:
            return cell_values(texts, plain_type(field.type))
        except WrongText as wrong:
            row, text = cells.row(wrong.at)
            raise SinkError(
                f'{self._location}: lead {before + row + 1}, column "{field.name}" would become "{text}", which is no '
                f"{field.type}; write it into a new column, or the leads into a .csv"
            ) from None


def _held_nothing(schema: Any, name: str) -> bool:
    return name in schema.names and bool(pa.types.is_null(schema.field(name).type))


def _with(column: Any, rows: pl.Series, values: Any) -> Any:
    """Put values in the place of some cells; all others are taken as they are."""
    plain = column.cast(values.type) if column.type != values.type else column
    cells = pa.concat_arrays([*plain.chunks, values])
    positions = np.arange(len(column))
    positions[rows.to_numpy()] = np.arange(len(column), len(column) + len(values))
    patched = cells.take(pa.array(positions))
    return patched.cast(column.type) if column.type != values.type else patched
