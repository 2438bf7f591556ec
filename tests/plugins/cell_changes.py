from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from lustrum.contracts.sources import CELL_SCHEMA, CellChanges

Cells = Mapping[str, Mapping[int, str | None]]


def changed(rows: int, cells: Cells) -> CellChanges:
    """Lay out the new texts of cells, by column and row, as a sink takes them."""
    return CellChanges(
        rows,
        {
            name: pl.DataFrame({"row": list(texts), "text": list(texts.values())}, CELL_SCHEMA).sort("row")
            for name, texts in cells.items()
        },
    )
