"""The changes of a run, as a sink meets them: of the next so many leads, or lead by lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from lustrum.contracts.sources import CellChanges
from lustrum.words.errors import SinkError
from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.raw_texts import RawTexts
from lustrum_plugins.connect.views import Flags, Places

Edit = Mapping[int, str]
"""The new texts of one lead by the position of their columns."""


@dataclass(frozen=True, slots=True)
class ColumnEdits:
    """The leads in which a column changes, ascending; their new texts are those of a batch from `first` on."""

    rows: Places
    texts: RawTexts
    first: int = 0

    def among(self, start: int, end: int, moved: int) -> ColumnEdits:
        """Give those of some leads, counted anew."""
        first, last = np.searchsorted(self.rows, [start, end]).tolist()
        return ColumnEdits(self.rows[first:last] + moved, self.texts, self.first + first)

    def plain(self) -> pl.Series:
        """Give the texts as they are."""
        return self.texts.texts.slice(self.first, len(self.rows))

    def bound(self) -> Flags:
        """Say which texts must stand in quotes."""
        return self.texts.bound[self.first : self.first + len(self.rows)]

    def cells(self, quoted: Flags) -> pl.Series:
        """Give the texts as raw cells, in quotes where they must be and where it is said."""
        return self.texts.cells(quoted, self.first)


@dataclass(frozen=True, slots=True)
class Taken:
    """What changes in some leads, by the position of the column; `first` is the number of the first lead, from 1."""

    first: int
    leads: int
    columns: Mapping[int, Sequence[ColumnEdits]]

    def by_lead(self) -> Sequence[Edit]:
        """Give the edits of each lead."""
        edits: list[dict[int, str]] = [{} for _ in range(self.leads)]
        for position, parts in self.columns.items():
            for part in parts:
                for row, text in zip(part.rows.tolist(), part.plain().to_list(), strict=True):
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

    def __init__(self, location: str, changes: Iterable[CellChanges], columns: Sequence[str], dialect: Dialect) -> None:
        self.taken = 0
        self._location = location
        self._dialect = dialect
        self._positions = {column: position for position, column in enumerate(columns)}
        self._batches = map(self._batch, changes)
        self._batch_in_hand = _Batch(0)

    def take(self, leads: int) -> Taken:
        """Give the edits of the next leads. Raises `SinkError` for a column nobody knows."""
        found: dict[int, list[ColumnEdits]] = {}
        for position, column in self._parts(leads):
            found.setdefault(position, []).append(column)
        first, self.taken = self.taken + 1, self.taken + leads
        return Taken(first, leads, found)

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
        columns = {self._position(name): self._column(cells) for name, cells in changes.cells.items()}
        for column in columns.values():
            if len(column.rows) and column.rows[-1] >= changes.rows:
                raise SinkError(f"{self._location}: a change for a lead outside its batch of {changes.rows}")
        return _Batch(changes.rows, columns)

    def _position(self, column: str) -> int:
        if column not in self._positions:
            raise SinkError(f'{self._location}: a change for "{column}", which is neither a column nor a new one')
        return self._positions[column]

    def _column(self, cells: pl.DataFrame) -> ColumnEdits:
        texts = RawTexts(cells["text"].fill_null(""), self._dialect)
        return ColumnEdits(cells["row"].cast(pl.Int64).to_numpy(), texts)
