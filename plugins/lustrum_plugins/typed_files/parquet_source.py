"""Leads from a Parquet file."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from typing import Any

import polars as pl

from lustrum.contracts.sources import SourceBatch
from lustrum.words.errors import SourceError
from lustrum_plugins.connect.lead_file import LeadFile, Untouched
from lustrum_plugins.typed_files.arrow_cells import cell_texts, is_readable

pa: Any = import_module("pyarrow")  # it has no types
pq: Any = import_module("pyarrow.parquet")


class ParquetSource:
    """A Parquet file as a source of leads, streamed: no more than a batch is held."""

    def __init__(self, location: str) -> None:
        self.location = location
        self._file = LeadFile(location)
        self._untouched = Untouched(self._file)

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns. Raises `SourceError`."""
        return list(self.schema.names)

    @property
    def header_lines(self) -> Mapping[str, int]:
        """A Parquet file has no lines."""
        return {}

    @property
    def fingerprint(self) -> str:
        """A digest of the file's content and its size. Raises `SourceError`."""
        return self._untouched.fingerprint

    @property
    def description(self) -> str:
        """The format, its compression and the number of columns."""
        return f"Parquet, {self.compression}, {len(self.header)} columns"

    @cached_property
    def schema(self) -> Any:
        """The Arrow schema. Raises `SourceError`."""
        with self._opened() as file:
            schema = file.schema_arrow
        names = schema.names
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated or not names:
            what = f'several columns are named "{repeated[0]}"' if repeated else "the file has no columns"
            raise SourceError(f"{self.location}: {what}; write it anew with one name a column")
        for field in schema:
            if not is_readable(field.type):
                raise SourceError(
                    f'{self.location}: column "{field.name}" holds {field.type}, which has no text; leave it out'
                )
        return schema

    @cached_property
    def compression(self) -> str:
        """How the first column is compressed. Raises `SourceError`."""
        with self._opened() as file:
            described = file.metadata
            groups = described.num_row_groups and described.num_columns
            return str(described.row_group(0).column(0).compression).lower() if groups else "snappy"

    def batches(self, size: int) -> Iterator[SourceBatch]:
        """Give the leads in order, `size` at a time. Raises `SourceError`."""
        for table in self.tables(size):
            columns = zip(table.column_names, table.columns, strict=True)
            yield SourceBatch(pl.DataFrame([cell_texts(column).alias(name) for name, column in columns]))

    def tables(self, size: int) -> Iterator[Any]:
        """Give the leads as Arrow tables, `size` at a time. Raises `SourceError`."""
        schema = self.schema
        with self._opened() as file:
            for batch in file.iter_batches(size):
                yield pa.Table.from_batches([batch], schema)
        self._untouched.check()

    @contextmanager
    def _opened(self) -> Generator[Any]:
        self._untouched.check()
        try:
            with pq.ParquetFile(self.location, pre_buffer=False) as file:
                yield file
        except (pa.ArrowException, OSError) as error:
            reason = str(error).partition("\n")[0]
            raise SourceError(f"{self.location}: the file is no sound Parquet ({reason}); fetch it again") from error
