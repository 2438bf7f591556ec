"""The changes of a run, lead by lead, as a sink meets them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from lustrum.contracts.sources import CellChanges
from lustrum.words.errors import SinkError

Edit = Mapping[int, str | None]
"""The new texts of one lead by the position of their columns; None empties a cell."""

_NONE: Edit = {}


class Edits:
    """Hands out the edits of the leads in order; leads after the last batch have none."""

    def __init__(self, location: str, changes: Iterable[CellChanges], columns: Sequence[str]) -> None:
        self.taken = 0
        self._location = location
        self._positions = {column: position for position, column in enumerate(columns)}
        self._edits = self._per_lead(changes)

    def take(self, leads: int) -> list[Edit]:
        """Give the edits of the next leads. Raises `SinkError` for a column nobody knows."""
        edits = list(islice(self._edits, leads))
        self.taken += leads
        return edits + [_NONE] * (leads - len(edits))

    def finish(self) -> None:
        """Make sure that every edit met its lead. Raises `SinkError`."""
        if next(self._edits, None) is not None:
            raise SinkError(
                f"{self._location}: the changes are for more leads than the {self.taken} of the source; "
                "it must have changed since it was read: run again"
            )

    def _per_lead(self, changes: Iterable[CellChanges]) -> Iterator[Edit]:
        for batch in changes:
            edits = self._by_row(batch)
            for row in range(batch.rows):
                yield edits.get(row, _NONE)

    def _by_row(self, batch: CellChanges) -> dict[int, dict[int, str | None]]:
        edits: dict[int, dict[int, str | None]] = {}
        for column, cells in batch.cells.items():
            if column not in self._positions:
                raise SinkError(f'{self._location}: a change for "{column}", which is neither a column nor a new one')
            position = self._positions[column]
            for row, text in cells.iter_rows():
                edits.setdefault(row, {})[position] = text
        if edits and not 0 <= min(edits) <= max(edits) < batch.rows:
            raise SinkError(f"{self._location}: a change for a lead outside its batch of {batch.rows}")
        return edits
