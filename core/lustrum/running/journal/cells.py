"""The cells of a batch that differ from the source in the end, wide: a row a lead, two columns a field at most.

That is what a sink takes, and what a lead gets again that is spared. The trail tells the same with all that led to it,
at eight times the size.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from lustrum.engine.columns import constant, flags, nowhere, where

_TEXT, _EMPTIED = "=", "-"
"""What begins the name of a column: the new texts of a field, and whether it was emptied, where any was."""


def wide(net: pl.DataFrame, height: int) -> pl.DataFrame:
    """Lay net changes of a batch of so many leads out by lead; those of which nothing changed are left out.

    >>> wide(pl.DataFrame({"row": [0, 2], "field": "city", "after": ["Bonn", None]}), 3).rows()
    [(0, 'Bonn', False), (2, None, True)]
    """
    nothing = constant(None, pl.String(), height)
    changed = nowhere(height)
    columns: dict[str, pl.Series] = {}
    for name, cells in _stretches(net):
        rows, texts = cells["row"], cells["after"]
        changed = changed.scatter(rows, values=True)
        text, emptied = f"{_TEXT}{name}", f"{_EMPTIED}{name}"
        columns[text] = columns.get(text, nothing.clone()).scatter(rows, texts)
        if texts.null_count():
            columns[emptied] = columns.get(emptied, nowhere(height)).scatter(rows.filter(texts.is_null()), values=True)
    named = [column.alias(name) for name, column in columns.items()]
    return where(pl.DataFrame([pl.int_range(height, dtype=pl.UInt32, eager=True).alias("row"), *named]), changed)


def by_field(cells: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give, field by field, the `row` and new `text` of each cell that changed, rows as they stand.

    >>> cells = wide(pl.DataFrame({"row": [0, 2], "field": "city", "after": ["Bonn", None]}), 3)
    >>> [(name, changes.rows()) for name, changes in by_field(cells)]
    [('city', [(0, 'Bonn'), (2, None)])]
    """
    for name in _fields(cells):
        told = _told(cells, name)
        yield name, pl.DataFrame([cells["row"].filter(told), cells[f"{_TEXT}{name}"].filter(told).alias("text")])


def only(cells: pl.DataFrame, fields: frozenset[str]) -> pl.DataFrame:
    """Leave out what is told of other fields than these, and leads of which nothing is left."""
    left = cells.select(name for name in cells.columns if name in ("row", "key") or name[1:] in fields)
    if left.width == cells.width:
        return cells
    changed = nowhere(left.height)
    for name in _fields(left):
        changed = changed | _told(left, name)
    return left.filter(changed)


def counted(cells: pl.DataFrame) -> tuple[dict[str, int], ...]:
    """Count the cells that changed and those that were emptied, by field."""
    changed = {name: int(_told(cells, name).sum()) for name in _fields(cells)}
    emptied = {name: int(flags(cells, f"{_EMPTIED}{name}").sum()) for name in changed}
    return tuple({name: count for name, count in counts.items() if count} for counts in (changed, emptied))


def _stretches(net: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give the rows of net changes that stand below each other and are of the same field; few stretches have all."""
    start = 0
    for length, name in net["field"].rle().struct.unnest().iter_rows():
        yield name, net.slice(start, length)
        start += length


def _fields(cells: pl.DataFrame) -> list[str]:
    return [column.removeprefix(_TEXT) for column in cells.columns if column.startswith(_TEXT)]


def _told(cells: pl.DataFrame, field: str) -> pl.Series:
    """Say which leads have a cell of a field that changed."""
    return cells[f"{_TEXT}{field}"].is_not_null() | flags(cells, f"{_EMPTIED}{field}")
