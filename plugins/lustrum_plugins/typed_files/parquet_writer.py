"""Writing tables into a Parquet file whose columns of nothing may still become columns of text."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

pa: Any = import_module("pyarrow")  # it has no types
pq: Any = import_module("pyarrow.parquet")


def with_text(schema: Any, name: str) -> Any:
    """Give a schema in which a column is text."""
    return schema.set(schema.names.index(name), schema.field(name).with_type(pa.string()))


class WideningWriter:
    """Writes tables into the file at `path`, of which `stream` is the open end.

    Where a table has another type for a column of nothing than those before it, these are written anew.
    """

    def __init__(self, stream: BinaryIO, path: Path, schema: Any, compression: str) -> None:
        self._stream = stream
        self._path = path
        self._compression = compression
        self._writer = self._opened(schema)

    def write(self, table: Any) -> None:
        """Write a table as the next rows."""
        if not table.schema.equals(self._writer.schema):
            self._widen(table.schema)
        self._writer.write_table(table)

    def close(self) -> None:
        """End the file with what it says of itself."""
        self._writer.close()

    def _opened(self, schema: Any) -> Any:
        return pq.ParquetWriter(self._stream, schema, compression=self._compression)

    def _widen(self, schema: Any) -> None:
        self.close()
        self._stream.flush()
        before = self._path.with_name(f"{self._path.name}.narrow")
        try:
            shutil.copyfile(self._path, before)
            self._stream.seek(0)
            self._stream.truncate()
            self._writer = self._opened(schema)
            self._write_again(before, schema)
        finally:
            before.unlink(missing_ok=True)

    def _write_again(self, before: Path, schema: Any) -> None:
        with pq.ParquetFile(before) as file:
            for group in range(file.num_row_groups):
                self._writer.write_table(file.read_row_group(group).cast(schema))
