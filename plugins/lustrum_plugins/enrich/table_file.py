"""A table kept as a file: its header and its records as text, from CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import polars as pl

from lustrum.words.errors import LustrumError
from lustrum.words.fields import render_cells
from lustrum.words.nearest import did_you_mean

_SEPARATORS = ",;\t|"
_PARQUET = ".parquet"
SUFFIXES = frozenset({".csv", ".tsv", _PARQUET})


class TableWrong(LustrumError):
    """A table cannot be read, or lacks a column."""


def check_columns(path: Path, wanted: Sequence[str]) -> None:
    """Raise `TableWrong` unless each wanted column stands in the table exactly once."""
    columns = header(path)
    for column in wanted:
        if columns.count(column) > 1:
            raise TableWrong(f'{path.name} has {columns.count(column)} columns "{column}"; give each its own name')
        if column not in columns:
            remedy = did_you_mean(column, columns) or f"its columns are {', '.join(columns)}"
            raise TableWrong(f'{path.name} has no column "{column}"; {remedy}')


def header(path: Path) -> list[str]:
    """Name the columns of a table. Raises `TableWrong`."""
    if path.suffix.lower() == _PARQUET:
        return _read_parquet(path, rows=0).columns
    return next(_csv_records(path))[1]


Record = tuple[int, tuple[str, ...]]


def records(path: Path, columns: Sequence[str]) -> Iterator[Record]:
    """Give each record's line and its cells of the columns, without the spaces around them; an empty cell is `""`.

    The line is the one the record ends on; of a Parquet file, its row, counted from 1.
    """
    check_columns(path, columns)
    if path.suffix.lower() == _PARQUET:
        return _parquet_cells(path, columns)
    return _csv_cells(path, columns)


def _parquet_cells(path: Path, columns: Sequence[str]) -> Iterator[Record]:
    frame = _read_parquet(path)
    texts = [render_cells(frame[column]).str.strip_chars().fill_null("") for column in columns]
    return enumerate(zip(*texts, strict=True), start=1)


def _read_parquet(path: Path, rows: int | None = None) -> pl.DataFrame:
    try:
        return pl.read_parquet(path, n_rows=rows)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise TableWrong(f"{path.name} cannot be read as Parquet: {error}") from error


def _csv_cells(path: Path, columns: Sequence[str]) -> Iterator[Record]:
    rows = _csv_records(path)
    _, names = next(rows)
    places = [names.index(column) for column in columns]
    for line, row in rows:
        yield line, tuple(row[place].strip() for place in places)


def _csv_records(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _whole_records(path, file)
    except UnicodeDecodeError as error:
        raise TableWrong(f"{path.name} is not UTF-8; save it again as CSV in UTF-8") from error
    except OSError as error:
        raise TableWrong(f"{path.name} cannot be read: {error.strerror}") from error


def _whole_records(path: Path, file: TextIO) -> Iterator[tuple[int, list[str]]]:
    first = file.readline()
    file.seek(0)
    reader = csv.reader(file, delimiter=max(_SEPARATORS, key=first.count), strict=True)
    width = 0
    try:
        for record in filter(None, reader):
            width = width or len(record)
            if len(record) != width:
                raise TableWrong(f"{path.name}:{reader.line_num}: {len(record)} cells where the header has {width}")
            yield reader.line_num, record
    except csv.Error as error:
        raise TableWrong(f"{path.name}:{reader.line_num}: {error}") from error
    if not width:
        raise TableWrong(f"{path.name} is empty; its first line must name the columns")
