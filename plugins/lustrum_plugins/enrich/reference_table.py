"""A reference table: what a file says about a key, found at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from lustrum_plugins.enrich.folding import Fold, fold
from lustrum_plugins.enrich.table_file import TableWrong, records

Key = tuple[str, ...]
Readings = tuple[tuple[str, ...], ...]
"""For each column taken, the different values that the rows of one key have; none where their cells are empty."""


class Row(NamedTuple):
    """What a table says of a key: the line of its first row, the key as it is written there, and the readings."""

    line: int
    shown: Key
    readings: Readings


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a table make the key, which are taken, what does not count in a key, and where aliases stand."""

    keys: tuple[str, ...]
    taken: tuple[str, ...]
    ignored: tuple[Fold, ...] = ("case",)
    aliases: str | None = None

    @property
    def columns(self) -> list[str]:
        """All columns that are read."""
        return [*self.keys, *self.taken, *([self.aliases] if self.aliases else [])]

    def key(self, cells: Iterable[str]) -> Key:
        """Make the key of some cells: spaces around and the ways Unicode composes a letter do not count.

        >>> Layout(("company",), ("industry",)).key([" Straße "])
        ('strasse',)
        """
        return tuple(fold(cell, self.ignored) for cell in cells)


@dataclass(frozen=True)
class ReferenceTable:
    """The rows of a table by key, and the keys that their aliases stand for."""

    layout: Layout
    rows: Mapping[Key, Row]
    aliases: Mapping[Key, tuple[Key, ...]]

    def find(self, cells: Iterable[str]) -> Row | None:
        """Give what the table says about these cells, or None where it has no such row."""
        return self.rows.get(self.layout.key(cells))

    def by_alias(self, cells: Iterable[str]) -> list[Row]:
        """Give the rows for which these cells are another spelling."""
        return [self.rows[key] for key in self.aliases.get(self.layout.key(cells), ())]

    def beside(self, key: Key) -> Mapping[str, Row]:
        """Give the rows by the first part of their key, of those that agree in the others."""
        return self._by_rest.get(key[1:], {})

    @cached_property
    def _by_rest(self) -> Mapping[Key, Mapping[str, Row]]:
        found: dict[Key, dict[str, Row]] = {}
        for key, row in self.rows.items():
            found.setdefault(key[1:], {})[key[0]] = row
        return found


def open_table(path: Path, layout: Layout) -> ReferenceTable | TableWrong:
    """Read a table, or give the one read before for as long as the file stays the same; so with what is wrong in it."""
    try:
        status = path.stat()
    except OSError as error:
        return TableWrong(f"{path.name} cannot be read: {error.strerror}")
    return _read(path, layout, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=16)
def _read(path: Path, layout: Layout, changed: int, size: int) -> ReferenceTable | TableWrong:
    del changed, size  # they tell one state of the file from the next
    try:
        return _table(path, layout)
    except TableWrong as error:
        return error


def _table(path: Path, layout: Layout) -> ReferenceTable:
    width = len(layout.keys)
    found: dict[Key, tuple[int, Key, list[dict[str, None]]]] = {}
    aliases: dict[Key, dict[Key, None]] = {}
    for line, cells in records(path, layout.columns):
        key, values = layout.key(cells[:width]), cells[width : width + len(layout.taken)]
        if all(key):
            _, _, readings = found.setdefault(key, (line, cells[:width], [{} for _ in values]))
            for reading, value in zip(readings, values, strict=True):
                reading.update({value: None} if value else {})
            for alias in _others(cells[-1]) if layout.aliases else ():
                aliases.setdefault((*layout.key([alias]), *key[1:]), {})[key] = None
    rows = {key: Row(line, shown, tuple(map(tuple, readings))) for key, (line, shown, readings) in found.items()}
    return ReferenceTable(layout, rows, {alias: tuple(keys) for alias, keys in aliases.items()})


def _others(cell: str) -> list[str]:
    """Part the other spellings in a cell: `;` or `|` stands between them."""
    return [alias for alias in map(str.strip, cell.replace("|", ";").split(";")) if alias]
