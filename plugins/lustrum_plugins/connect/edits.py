"""The changes of a run, as a sink meets them: of the next so many leads, or lead by lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from lustrum.contracts.sources import CellChanges
from lustrum.words.errors import SinkError
from lustrum_plugins.connect.views import Places

Edit = Mapping[int, str]
"""The new texts of one lead by the position of their columns."""


@dataclass(frozen=True, slots=True)
class ColumnEdits:
    """The leads in which a column changes, ascending, and their new texts; an empty one empties the cell."""

    rows: Places
    texts: pl.Series

    def among(self, start: int, end: int, moved: int) -> ColumnEdits:
        """Give those of some leads, counted anew."""
        first, last = np.searchsorted(self.rows, [start, end]).tolist()
        return ColumnEdits(self.rows[first:last] + moved, self.texts.slice(first, last - first))


@dataclass(frozen=True, slots=True)
class Taken:
    """What changes in some leads, by the position of the column; `first` is the number of the first lead, from 1."""

    first: int
    leads: int
    columns: Mapping[int, ColumnEdits]

    def by_lead(self) -> Sequence[Edit]:
        """Give the edits of each lead."""
        edits: list[dict[int, str]] = [{} for _ in range(self.leads)]
        for position, column in self.columns.items():
            for row, text in zip(column.rows.tolist(), column.texts.to_list(), strict=True):
                edits[row][position] = text
        return edits


@dataclass(slots=True)
class _Batch:
    """What is left of the changes of a batch."""

    leads: int
    columns: Mapping[int, ColumnEdits] = field(default_factory=dict[int, ColumnEdits])
    used: int = 0


class Edits:
    """Hands out the edits of the leads in order; leads after the last batch have none."""

    def __init__(self, location: str, changes: Iterable[CellChanges], columns: Sequence[str]) -> None:
        self.taken = 0
        self._location = location
        self._positions = {column: position for position, column in enumerate(columns)}
        self._batches = map(self._batch, changes)
        self._batch_in_hand = _Batch(0)

    def take(self, leads: int) -> Taken:
        """Give the edits of the next leads. Raises `SinkError` for a column nobody knows."""
        found: dict[int, list[ColumnEdits]] = {}
        for position, column in self._parts(leads):
            found.setdefault(position, []).append(column)
        first, self.taken = self.taken + 1, self.taken + leads
        return Taken(first, leads, {position: _together(parts) for position, parts in found.items()})

    def finish(self) -> None:
        """Make sure that every edit met its lead. Raises `SinkError`."""
        if self._goes_on():
            raise SinkError(
                f"{self._location}: the changes are for more leads than the {self.taken} of the source; "
                "it must have changed since it was read: run again"
            )

    def _parts(self, leads: int) -> Iterator[tuple[int, ColumnEdits]]:
        done = 0
        while done < leads and self._goes_on():
            batch = self._batch_in_hand
            start, end = batch.used, min(batch.leads, batch.used + leads - done)
            for position, column in batch.columns.items():
                part = column.among(start, end, done - start)
                if len(part.rows):
                    yield position, part
            batch.used = end
            done += end - start

    def _goes_on(self) -> bool:
        """Look for leads of a batch that were not handed out yet."""
        while self._batch_in_hand.used == self._batch_in_hand.leads:
            following = next(self._batches, None)
            if following is None:
                return False
            self._batch_in_hand = following
        return True

    def _batch(self, changes: CellChanges) -> _Batch:
        columns = {self._position(name): _column(cells) for name, cells in changes.cells.items()}
        for column in columns.values():
            if len(column.rows) and column.rows[-1] >= changes.rows:
                raise SinkError(f"{self._location}: a change for a lead outside its batch of {changes.rows}")
        return _Batch(changes.rows, columns)

    def _position(self, column: str) -> int:
        if column not in self._positions:
            raise SinkError(f'{self._location}: a change for "{column}", which is neither a column nor a new one')
        return self._positions[column]


def _column(cells: pl.DataFrame) -> ColumnEdits:
    return ColumnEdits(cells["row"].cast(pl.Int64).to_numpy(), cells["text"].fill_null(""))


def _together(parts: Sequence[ColumnEdits]) -> ColumnEdits:
    if len(parts) == 1:
        return parts[0]
    return ColumnEdits(np.concatenate([part.rows for part in parts]), pl.concat([part.texts for part in parts]))
