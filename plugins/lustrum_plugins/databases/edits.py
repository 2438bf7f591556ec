"""What changes in the rows of a table, in a file between a run's end and its being applied: a line of JSON a row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from lustrum.contracts.sources import CellChanges
from lustrum_plugins.databases.cells import cell_text
from lustrum_plugins.databases.table_source import PAGE, TableSource

Cell = str | None


@dataclass(frozen=True, slots=True)
class RowEdit:
    """The key of a row, as text, and the cells that change in it, by column: what each was read as, and becomes."""

    key: tuple[Cell, ...]
    cells: Mapping[str, tuple[Cell, Cell]]


def row_edits(source: TableSource, changes: Iterable[CellChanges]) -> Iterator[RowEdit]:
    """Bring the changes of each batch together with the rows of the source, which is read to its end."""
    columns = source.table.columns
    rows = chain.from_iterable(zip(keys, cells, strict=True) for keys, cells in source.keyed(PAGE))
    for change in changes:
        edited = _by_row(change)
        for at, (key, cells) in enumerate(islice(rows, change.rows)):
            if at in edited:
                known = dict(zip(columns, cells, strict=True))
                yield RowEdit(
                    tuple(map(cell_text, key)),
                    {name: (known.get(name), after) for name, after in edited[at].items()},
                )
    for _ in rows:
        pass


def write_edits(file: TextIO, new_columns: Sequence[str], edits: Iterable[RowEdit]) -> None:
    """Write the columns that are new, and what changes."""
    file.write(json.dumps(list(new_columns)) + "\n")
    file.writelines(json.dumps([edit.key, dict(edit.cells)], ensure_ascii=False) + "\n" for edit in edits)


def read_edits(path: Path) -> tuple[list[str], Iterator[RowEdit]]:
    """Read what was written."""
    lines = _lines(path)
    return json.loads(next(lines)), map(_edit, lines)


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        yield from file


def _edit(line: str) -> RowEdit:
    key, cells = json.loads(line)
    return RowEdit(tuple(key), {name: (before, after) for name, (before, after) in cells.items()})


def _by_row(change: CellChanges) -> dict[int, dict[str, Cell]]:
    edited: dict[int, dict[str, Cell]] = {}
    for name, texts in change.cells.items():
        for row, text in texts.iter_rows():
            edited.setdefault(row, {})[name] = text
    return edited
