"""Plain records of a file, told by where their cells lie: nothing is copied before it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.views import Flags, Places, between


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A record that is no lead: how many leads come before it, its bytes, its line, why, and where it lies."""

    leads: int
    record: bytes
    line: int
    reason: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive plain records as UTF-8, and the number of their physical lines.

    `cells` has where the raw cells of the leads start and stop, lead by lead. `quoted` says which of them stand in
    quotes, `doubled` which hold a quote written twice; None where there is none.
    """

    data: bytes
    lines: int
    dialect: Dialect
    columns: int
    cells: Places
    quoted: Flags | None = None
    doubled: Flags | None = None
    rejected: Sequence[Spoilt] = ()

    @property
    def leads(self) -> int:
        """Count the records that are leads."""
        return len(self.cells) // self.columns

    def frame(self, header: Sequence[str]) -> pl.DataFrame:
        """Give the texts of the leads; empty ones are null."""
        places = self.cells if self.quoted is None else _inside_quotes(self.cells, self.quoted)
        cells = between(self.data, places, places[:, 0] < places[:, 1])
        step = 2 * self.columns
        columns = [pl.col("").gather_every(step, 2 * at).alias(name) for at, name in enumerate(header)]
        frame = cells.alias("").to_frame().select(columns)
        return frame if self.doubled is None else self._undoubled(frame, self.doubled)

    def _undoubled(self, frame: pl.DataFrame, doubled: Flags) -> pl.DataFrame:
        twice, once = self.dialect.quote * 2, self.dialect.quote
        columns = frame.get_columns()
        for at, column in enumerate(columns):
            rows = np.flatnonzero(doubled[at :: self.columns])
            if len(rows):
                columns[at] = column.scatter(rows, column.gather(rows).str.replace_all(twice, once, literal=True))
        return pl.DataFrame(columns)


def _inside_quotes(cells: Places, quoted: Flags) -> Places:
    places = cells.copy()
    places[:, 0] += quoted
    places[:, 1] -= quoted
    return places
