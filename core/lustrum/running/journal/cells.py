"""The cells of a batch that differ from the source in the end, wide: a row a lead, two columns a field at most.

That is what a sink takes, and what a lead gets again that is spared. The trail tells the same with all that led to it,
at eight times the size.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from lustrum.engine.columns import constant, flags, nowhere

_TEXT, _EMPTIED = "=", "-"
"""What begins the name of a column: the new texts of a field, and whether it was emptied, where any was."""


def wide(net: pl.DataFrame, height: int) -> pl.DataFrame:
    """Lay net changes of a batch of so many leads out by lead; those of which nothing changed are left out.

    >>> net = pl.DataFrame({"row": [0, 2], "field": "city", "after": ["Bonn", None]}, schema_overrides={"row": pl.UInt32})
    >>> wide(net, 3).rows()
    [(0, 'Bonn', False), (2, None, True)]
    """
    changed = nowhere(height)
    columns: list[pl.Series] = []
    for (name,), cells in net.partition_by("field", as_dict=True, maintain_order=True).items():
        rows, texts = cells["row"], cells["after"]
        changed = changed.scatter(rows, values=True)
        columns.append(constant(None, pl.String(), height).scatter(rows, texts).alias(f"{_TEXT}{name}"))
        if texts.null_count():
            emptied = rows.filter(texts.is_null())
            columns.append(nowhere(height).scatter(emptied, values=True).alias(f"{_EMPTIED}{name}"))
    return pl.DataFrame([pl.int_range(height, dtype=pl.UInt32, eager=True).alias("row"), *columns]).filter(changed)


def by_field(cells: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give, field by field, the `row` and new `text` of each cell that changed, rows as they stand.

    >>> net = pl.DataFrame({"row": [0, 2], "field": "city", "after": ["Bonn", None]}, schema_overrides={"row": pl.UInt32})
    >>> [(name, cells.rows()) for name, cells in by_field(wide(net, 3))]
    [('city', [(0, 'Bonn'), (2, None)])]
    """
    for column in cells.columns:
        if column.startswith(_TEXT):
            name, texts = column.removeprefix(_TEXT), cells[column]
            told = texts.is_not_null() | flags(cells, f"{_EMPTIED}{name}")
            yield name, pl.DataFrame([cells["row"].filter(told), texts.filter(told).alias("text")])


def only(cells: pl.DataFrame, fields: frozenset[str]) -> pl.DataFrame:
    """Leave out what is told of other fields than these, and leads of which nothing is left."""
    left = cells.select(name for name in cells.columns if name in ("row", "key") or name[1:] in fields)
    if left.width == cells.width:
        return cells
    changed = [left[name].is_not_null() for name in left.columns if name.startswith(_TEXT)]
    changed += [flags(left, name) for name in left.columns if name.startswith(_EMPTIED)]
    return left.filter(pl.DataFrame(changed).select(pl.any_horizontal(pl.all())).to_series()) if changed else left.clear()


def counted(cells: pl.DataFrame) -> tuple[dict[str, int], dict[str, int]]:
    """Count the cells that changed and those that were emptied, by field."""
    changed: dict[str, int] = {}
    emptied: dict[str, int] = {}
    for column in cells.columns:
        name = column[1:]
        if column.startswith(_TEXT):
            changed[name] = changed.get(name, 0) + cells[column].len() - cells[column].null_count()
        elif column.startswith(_EMPTIED):
            emptied[name] = int(cells[column].sum())
            changed[name] = changed.get(name, 0) + emptied[name]
    return ({name: n for name, n in changed.items() if n}, {name: n for name, n in emptied.items() if n})
