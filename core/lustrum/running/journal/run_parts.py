"""The Parquet parts of several runs, each part as one relation that DuckDB is asked about.

Conditions are SQL of ours; what they compare with is bound, never pasted in. DuckDB is imported with the first
question, for that takes a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from lustrum.running.journal.folders import batch_folder
from lustrum.running.journal.parts import PARTS
from lustrum.running.journal.trails import linked_trails, places_of

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


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a part of a batch; with a `trail` it is a linked one, of which only some leads count."""

    run: str
    path: Path
    trail: int = 0


class RunParts:
    """The parts of the batches of some runs, in their order; a part or column that is missing there is empty."""

    def __init__(self, root: Path, batches: Iterable[tuple[str, int]]) -> None:
        self._folders = [(run, batch_folder(root, run, number)) for run, number in batches]
        self._files: dict[str, list[_File]] = {}

    def rows(self, part: str, condition: str, **values: Value) -> pl.DataFrame:
        """Give the rows of a part that meet a condition, with `key` and `run`, in the order of runs and batches."""
        schema = {**PARTS[part], "key": pl.String()}
        files = self._of_part(part)
        if not files:
            return pl.DataFrame(schema={**schema, "run": pl.String()})
        found = self._ask(f"FROM {_relation(schema)} WHERE {condition}", files, values).sort(*_PLACE)
        runs = pl.Series("run", [file.run for file in files], dtype=pl.String)
        told = found.select(
            *(pl.col(name).cast(kind) for name, kind in schema.items()), runs.gather(found["file_index"]), "file_index"
        )
        return _in_their_places(told, files).drop("file_index")

    def distinct(self, part: str, column: str, condition: str, most: int, **values: Value) -> set[str]:
        """Give the different texts of a column in the rows that meet a condition; `most` so many of them."""
        files = self._of_part(part)
        if not files:
            return set()
        relation = _relation({**PARTS[part], "key": pl.String()})
        told = f'"{column}" IS NOT NULL AND ({condition})'
        chosen = f'SELECT DISTINCT "{column}" FROM {relation} WHERE {told} LIMIT $most'  # noqa: S608  # our own names; values are bound
        return set(self._ask(chosen, files, {**values, "most": most})[column])

    def _ask(self, query: str, files: Iterable[_File], values: Mapping[str, Value]) -> pl.DataFrame:
        bound = {"files": [_literal(file.path) for file in files], **values}
        return pl.DataFrame(self._connection.sql(query, params=bound))

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        return duckdb.connect(":memory:", config={**_SETTINGS})

    def _of_part(self, part: str) -> list[_File]:
        """Find the files of a part; a run made before there was such a part has none."""
        if part not in self._files:
            found = [file for run, folder in self._folders for file in _files_of(part, run, folder)]
            self._files[part] = [file for file in found if file.path.is_file()]
        return self._files[part]


def _files_of(part: str, run: str, folder: Path) -> Iterator[_File]:
    yield _File(run, folder / f"{part}.parquet")
    if part == "trail":
        yield from (_File(run, path, number) for number, path in linked_trails(folder).items())


def _in_their_places(rows: pl.DataFrame, files: Sequence[_File]) -> pl.DataFrame:
    """Leave out what linked trails tell of leads that have gone through since; of others, give the row of today."""
    parts = rows.partition_by("file_index", as_dict=True, maintain_order=True)
    return pl.concat([rows.clear(), *(_placed(found, files[int(index)]) for (index,), found in parts.items())])


def _placed(rows: pl.DataFrame, file: _File) -> pl.DataFrame:
    if not file.trail:
        return rows
    places = places_of(file.path.parent)
    leads = places.filter(places["trail"] == file.trail).select("place", today="row")
    found = rows.join(leads, left_on="row", right_on="place", how="inner", maintain_order="left")
    return found.with_columns(row="today").drop("today")


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
