"""A reference table: what a file says about a key, found at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lustrum_plugins.enrich.table_file import TableWrong, records

Key = tuple[str, ...]
Readings = tuple[tuple[str, ...], ...]
"""For each column taken, the different values that the rows of one key have; none where their cells are empty."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a table make the key, which are taken, and whether case counts."""

    keys: tuple[str, ...]
    taken: tuple[str, ...]
    ignore_case: bool = True

    def key(self, cells: Iterable[str]) -> Key:
        """Make the key of some cells: spaces around and the ways Unicode composes a letter do not count.

        >>> Layout(("company",), ("industry",)).key([" Straße "])
        ('strasse',)
        """
        texts = (unicodedata.normalize("NFD", cell.strip()) for cell in cells)
        if self.ignore_case:
            return tuple(unicodedata.normalize("NFD", text.casefold()) for text in texts)
        return tuple(texts)


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """The readings of a table by key."""

    layout: Layout
    readings: Mapping[Key, Readings]

    def find(self, cells: Iterable[str]) -> Readings | None:
        """Give what the table says about these cells, or None where it has no such row."""
        return self.readings.get(self.layout.key(cells))


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
        return ReferenceTable(layout, _readings(path, layout))
    except TableWrong as error:
        return error


def _readings(path: Path, layout: Layout) -> dict[Key, Readings]:
    found: dict[Key, list[dict[str, None]]] = {}
    for cells in records(path, [*layout.keys, *layout.taken]):
        key, values = layout.key(cells[: len(layout.keys)]), cells[len(layout.keys) :]
        if all(key):
            readings = found.setdefault(key, [{} for _ in values])
            for reading, value in zip(readings, values, strict=True):
                reading.update({value: None} if value else {})
    return {key: tuple(tuple(reading) for reading in readings) for key, readings in found.items()}
