"""The Parquet parts of several runs, each part as one relation that DuckDB is asked about.

Conditions are SQL of ours; what they compare with is bound, never pasted in. DuckDB is imported with the first
question, for that takes a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from lustrum.running.journal.journal import batch_folder
from lustrum.running.journal.parts import PARTS

if TYPE_CHECKING:
    import duckdb

Value: TypeAlias = str | int | Sequence[str]

THREADS = 2
"""A question is as quick with few: what it reads of the disk is little."""
_SETTINGS = {
    "threads": str(THREADS),
    "temp_directory": "",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""Nothing is fetched from anywhere, and nothing of the leads is spilt into files that nobody would erase."""
_PLACE = {"file_index": pl.UInt64(), "file_row_number": pl.Int64()}
_TYPES: Mapping[pl.DataType, str] = {
    pl.Boolean(): "BOOLEAN",
    pl.String(): "VARCHAR",
    pl.UInt32(): "UINTEGER",
    pl.Int32(): "INTEGER",
    pl.Int64(): "BIGINT",
    pl.UInt64(): "UBIGINT",
    pl.Float64(): "DOUBLE",
    pl.Datetime("us", "UTC"): "TIMESTAMPTZ",
}


class RunParts:
    """The parts of the batches of some runs, in their order; a part or column that is missing there is empty."""

    def __init__(self, root: Path, batches: Iterable[tuple[str, int]]) -> None:
        self._folders = [(run, batch_folder(root, run, number)) for run, number in batches]
        self._files: dict[str, list[tuple[str, Path]]] = {}

    def rows(self, part: str, condition: str, **values: Value) -> pl.DataFrame:
        """Give the rows of a part that meet a condition, with `key` and `run`, in the order of runs and batches."""
        schema = {**PARTS[part], "key": pl.String()}
        files = self._of_part(part)
        if not files:
            return pl.DataFrame(schema={**schema, "run": pl.String()})
        found = self._ask(f"FROM {_relation(schema)} WHERE {condition}", files, values).sort(*_PLACE)
        runs = pl.Series("run", [run for run, _ in files], dtype=pl.String)
        return found.select(pl.col(name).cast(kind) for name, kind in schema.items()).with_columns(
            runs.gather(found["file_index"])
        )

    def distinct(self, part: str, column: str, condition: str, most: int, **values: Value) -> set[str]:
        """Give the different texts of a column in the rows that meet a condition; `most` so many of them."""
        files = self._of_part(part)
        if not files:
            return set()
        relation = _relation({**PARTS[part], "key": pl.String()})
        told = f'"{column}" IS NOT NULL AND ({condition})'
        chosen = f'SELECT DISTINCT "{column}" FROM {relation} WHERE {told} LIMIT $most'  # noqa: S608  # our own names; values are bound
        return set(self._ask(chosen, files, {**values, "most": most})[column])

    def _ask(self, query: str, files: Iterable[tuple[str, Path]], values: Mapping[str, Value]) -> pl.DataFrame:
        bound = {"files": [_literal(path) for _, path in files], **values}
        return pl.DataFrame(self._connection.sql(query, params=bound))

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        return duckdb.connect(":memory:", config={**_SETTINGS})

    def _of_part(self, part: str) -> list[tuple[str, Path]]:
        """Find the files of a part, with the run of each; a run made before there was such a part has none."""
        if part not in self._files:
            paths = [(run, folder / f"{part}.parquet") for run, folder in self._folders]
            self._files[part] = [(run, path) for run, path in paths if path.is_file()]
        return self._files[part]


def _relation(schema: Mapping[str, pl.DataType]) -> str:
    """Write the relation of some files, bound as `$files`: the columns named, empty in files that lack them."""
    columns = ", ".join(f'CAST(NULL AS {_TYPES[kind]}) AS "{name}"' for name, kind in {**schema, **_PLACE}.items())
    names = ", ".join(f'"{name}"' for name in (*schema, *_PLACE))
    files = "read_parquet($files, union_by_name = true, hive_partitioning = false)"
    read = f"SELECT *, {', '.join(_PLACE)} FROM {files}"  # noqa: S608  # our own names; the paths are bound
    return f"(SELECT {names} FROM ((SELECT {columns} LIMIT 0) UNION ALL BY NAME ({read})))"  # noqa: S608  # as above


def _literal(path: Path) -> str:
    """Write a path so that no letter of it stands for others.

    >>> _literal(Path("leads [old]/why?"))
    'leads [[]old]/why[?]'
    """
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
