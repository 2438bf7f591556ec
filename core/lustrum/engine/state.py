"""The leads of a batch while they go through the flow: their values, which fields are unsettled, who is still in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from lustrum.engine.columns import constant, nowhere, patched, shaped, where, without
from lustrum.engine.given import Batch
from lustrum.engine.past import Past
from lustrum.engine.waves import Wave
from lustrum.words.fields import FieldType, parse_cells, render_cells
from lustrum.words.tokens import trigger_column

ROW = pl.UInt32()
GIVE_UP_SCHEMA: Mapping[str, pl.DataType] = {
    "row": ROW,
    "root": pl.Int32(),
    "step": pl.String(),
    "path": pl.String(),
    "code": pl.String(),
    "message": pl.String(),
    "attempts": pl.Int32(),
    "inputs": pl.String(),
    "candidates": pl.String(),
}


def picked(column: pl.Series, rows: pl.Series) -> pl.Series:
    """Give the cells of some rows, each named once; of all rows in their order the column itself."""
    return column if len(rows) == len(column) and rows.is_sorted() else column[rows]


@dataclass(frozen=True, slots=True)
class GiveUp:
    """An entry gave up on some leads: `rows` with code, message, attempts, inputs, candidates of each."""

    number: int
    path: str
    step: str
    rows: pl.DataFrame


class LeadState:
    """Current values and states, by field; whole columns are replaced, so that one taken earlier stays as it was."""

    def __init__(self, batch: Batch, types: dict[str, FieldType], past: Past | None = None) -> None:
        self.height = batch.height
        self.batch = batch
        self.types = types
        self.columns: dict[str, pl.Series] = {
            name: batch.frame[name] if name in batch.frame.columns else self._empty(name, kind.dtype)
            for name, kind in types.items()
        }
        self.initial = dict(self.columns)
        self.unreadable = {name: found for name, found in self._unreadable_cells() if found.any()}
        self._lost = dict(self.unreadable)
        self.give_ups: list[GiveUp] = []
        self._unsettled: dict[str, pl.Series] = {}
        self.activity: Wave | None = None
        self.past = past or Past.unknown(batch.keys)
        self.carried = {name: rows for name, rows in self._carry() if len(rows)}

    def _empty(self, name: str, dtype: pl.DataType) -> pl.Series:
        return constant(None, dtype, self.height, name)

    def _unreadable_cells(self) -> Iterator[tuple[str, pl.Series]]:
        """Find the cells whose text is no value of their field's type, until something is written there."""
        for name, raw in self.batch.raw.items():
            yield name, raw.is_not_null() & self.columns[name].is_null()

    def _carry(self) -> Iterator[tuple[str, pl.Series]]:
        """Let the leads go on from what the last run wrote where the source still says what it said then."""
        for name, kept in self.batch.carried.items():
            same = kept["known"] & self.batch.trouble.is_null() & self.found(name).eq_missing(kept["before"])
            rows = self.rows().filter(same)
            yield name, rows
            self.put(name, rows, parse_cells(kept["after"].filter(same), self.types[name]))

    def found(self, field: str) -> pl.Series:
        """Give the text of a field as the source has it."""
        raw = self.batch.raw.get(field)
        return render_cells(self.initial[field]) if raw is None else raw

    def is_unreadable(self, field: str, rows: pl.Series) -> pl.Series:
        """Say for which rows the cell still holds a text that is no value of its field's type."""
        if field not in self.unreadable:
            return nowhere(len(rows))
        return picked(self.unreadable[field], rows)

    def cleared(self, field: str) -> pl.Series:
        """Say for which leads something was written over such a text."""
        lost = self._lost.get(field)
        return nowhere(self.height) if lost is None else lost & ~self.unreadable[field]

    def trigger(self, name: str, rows: pl.Series) -> pl.Series:
        """Give what the activity that set the campaign off says of a trigger token, as text."""
        column = trigger_column(name)
        if self.activity is None:
            return constant(None, pl.String(), len(rows), column)
        return self.activity.attribute(name, rows).alias(column)

    def rows(self) -> pl.Series:
        """Give all row numbers."""
        return pl.int_range(self.height, dtype=ROW, eager=True).alias("row")

    def take(self, field: str, rows: pl.Series) -> pl.Series:
        """Give the values of a field for some rows."""
        return picked(self.columns[field], rows)

    def settled(self, field: str, rows: pl.Series) -> pl.Series:
        """Give the values of a field for some rows, empty where it is unsettled."""
        values = self.take(field, rows)
        if not self.may_be_unsettled(field):
            return values
        unsettled = self.is_unsettled(field, rows)
        if not unsettled.any():
            return values
        return values.zip_with(~unsettled, constant(None, values.dtype, len(values), values.name))

    def put(self, field: str, rows: pl.Series, values: pl.Series) -> None:
        """Set the values of a field for some rows, and settle it there."""
        self.columns[field] = self.columns[field].clone().scatter(rows, values)
        if field in self.unreadable:
            self.unreadable[field] = self.unreadable[field].clone().scatter(rows, False)
        self.settle(field, rows)

    def unsettle(self, fields: Iterable[str], rows: pl.Series, numbers: pl.Series) -> None:
        """Mark fields as unsettled for some rows, by the number of the give-up at the root of each."""
        for field in fields:
            self._unsettled[field] = self._states(field).clone().scatter(rows, numbers)

    def settle(self, field: str, rows: pl.Series) -> None:
        """Mark a field as settled for some rows."""
        if field in self._unsettled:
            nothing = constant(None, pl.Int32(), len(rows))
            self._unsettled[field] = self._unsettled[field].clone().scatter(rows, nothing)

    def roots(self, field: str, rows: pl.Series) -> pl.Series:
        """Give, for some rows, the number of the give-up that left the field unsettled, or null."""
        return picked(self._states(field), rows)

    def is_unsettled(self, field: str, rows: pl.Series) -> pl.Series:
        """Say for which rows a field is unsettled."""
        return self.roots(field, rows).is_not_null() if self.may_be_unsettled(field) else nowhere(len(rows))

    def marks(self, fields: Iterable[str]) -> dict[str, pl.Series]:
        """Give the present marks of some fields, to be restored by `restore`."""
        return {field: self._states(field) for field in fields}

    def restore(self, marks: Mapping[str, pl.Series], rows: pl.Series) -> None:
        """Set the marks of some rows back to what they were; a field settled since then stays settled."""
        for field, states in marks.items():
            marked = rows.filter(self.is_unsettled(field, rows))
            if len(marked):
                self.unsettle([field], marked, states[marked])

    def latest_roots(self, fields: Iterable[str], rows: pl.Series) -> pl.Series:
        """Give, for each row, the number of the latest give-up that left any of the fields unsettled, or null."""
        known = [self.roots(field, rows).alias(field) for field in fields if self.may_be_unsettled(field)]
        if not known:
            return constant(None, pl.Int32(), len(rows), "root")
        return pl.DataFrame(known).select(pl.max_horizontal(pl.all()).alias("root")).to_series()

    def give_up(self, path: str, step: str, rows: pl.DataFrame) -> int:
        """Note that an entry gave up on leads (`row`, and what is known of each: `GIVE_UP_SCHEMA`); give its number."""
        self.give_ups.append(GiveUp(len(self.give_ups), path, step, rows))
        return len(self.give_ups) - 1

    def describe_roots(self, rows: pl.DataFrame, which: pl.Series, since: int = 0) -> pl.DataFrame:
        """Add to rows with a column `root` what that give-up said: step, path, code, message and the rest.

        Nothing is added to rows that `which` leaves out, and of give-ups with a number below `since`.
        """
        told = [(name, dtype) for name, dtype in GIVE_UP_SCHEMA.items() if name not in rows.columns]
        wide = rows.hstack([constant(None, dtype, rows.height, name) for name, dtype in told])
        if not which.any():
            return wide
        known = pl.concat(self._said(give_up) for give_up in self.give_ups[since:])
        asked = where(rows, which)[["row", "root"]]
        found = asked.join(known, on=["row", "root"], how="left", maintain_order="left")
        return patched(wide, which.arg_true(), found[[name for name, _ in told]])

    def _said(self, give_up: GiveUp) -> pl.DataFrame:
        common = {"root": give_up.number, "step": give_up.step, "path": give_up.path}
        return shaped(without(give_up.rows, common), GIVE_UP_SCHEMA, common)

    def may_be_unsettled(self, field: str) -> bool:
        """Say whether any lead of the batch ever had the field unsettled."""
        return field in self._unsettled

    def unsettled_fields(self) -> list[str]:
        """Name the fields that were ever unsettled for some lead, in the schema's order, whatever the batch."""
        return [name for name in self.types if name in self._unsettled]

    def _states(self, field: str) -> pl.Series:
        known = self._unsettled.get(field)
        return known if known is not None else self._empty(field, pl.Int32())
