"""What `execute` gives back for a batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from lustrum.words.fields import render_cells

WRITE_SCHEMA: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),
    "field": pl.Categorical(),
    "before": pl.String(),
    "after": pl.String(),
    "step": pl.Categorical(),
    "plugin": pl.Categorical(),
    "version": pl.Categorical(),
    "path": pl.Categorical(),
    "attempt": pl.Int32(),
    "reason": pl.String(),
    "candidates": pl.String(),
}
TRAIL_SCHEMA: Mapping[str, pl.DataType] = {**WRITE_SCHEMA, "net": pl.Boolean()}
"""Every write to a cell, and whether the cell differs from the source in the end."""
NET_SCHEMA: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),
    "field": pl.String(),
    "before": pl.String(),
    "after": pl.String(),
}
DETAIL_SCHEMA: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),
    "path": pl.String(),
    "outcome": pl.String(),
    "code": pl.String(),
    "message": pl.String(),
    "candidates": pl.String(),
}
EFFECT_SCHEMA: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),
    "path": pl.String(),
    "kind": pl.String(),
    "effect": pl.String(),
    "type": pl.String(),
    "subject": pl.String(),
    "text": pl.String(),
    "before": pl.String(),
    "after": pl.String(),
    "at": pl.Datetime("us", "UTC"),
}
ATTEMPT_SCHEMA: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),
    "path": pl.Categorical(),
    "attempt": pl.Int32(),
    "tries": pl.Int32(),
    "code": pl.String(),
    "wait": pl.Float64(),
}
CHOICE_SCHEMA: Mapping[str, pl.DataType] = {"row": pl.UInt32(), "path": pl.Categorical(), "choice": pl.Int32()}
EXECUTED_SCHEMA: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),
    "path": pl.Categorical(),
    "campaign": pl.Categorical(),
}
PARKED_SCHEMA: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),
    "path": pl.String(),
    "effect": pl.String(),
    "due": pl.Datetime("us", "UTC"),
    "activity": pl.String(),
}
CONSUMED_SCHEMA: Mapping[str, pl.DataType] = {"row": pl.UInt32(), "campaign": pl.String(), "activity": pl.String()}
PENDING_SCHEMA: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),
    "path": pl.String(),
    "transients": pl.Int32(),
    "waited": pl.Float64(),
    "wait": pl.Float64(),
}
LASTING_SCHEMA = NET_SCHEMA
QUALIFIED_SCHEMA: Mapping[str, pl.DataType] = {"row": pl.UInt32(), "campaign": pl.String()}
QUARANTINE_SCHEMA: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),
    "step": pl.String(),
    "path": pl.String(),
    "code": pl.String(),
    "message": pl.String(),
    "attempts": pl.Int32(),
    "field": pl.String(),
    "inputs": pl.String(),
    "candidates": pl.String(),
}


@dataclass(frozen=True, slots=True)
class Result:
    """The leads as they shall be, and all that is to be known about how they became so.

    `net` holds one row a cell that differs from the source, `trail` every write. `outcomes` has one column an entry
    (by path) and one row a lead, null where the entry was not reached; `details` says why for what was skipped,
    failed or blocked. `candidates` are a JSON list of readings: of a failure those the step hesitated between, of a
    write those that lost. `qualified` says which leads used up a campaign's qualification. `aborted` is the message of
    an entry with `on_fail: abort` that gave up.

    `attempts` has a row for every ask that did not answer, with the seconds waited before the next; `choices` the
    number of the choice taken (from 1); `executed` who met the smart list of which campaign; `parked` who waits at
    which entry until when; `consumed` which activities trigger campaigns took. Leads in `pending` wait for a transient
    failure longer than can be slept: nothing else here speaks of them but `leads` and `outcomes`. `lasting` has the
    cells that the next run is to be told of, for the source does not have them: what kept fields became, and what is
    new about carried ones.
    """

    leads: pl.DataFrame
    keys: pl.Series
    net: pl.DataFrame
    trail: pl.DataFrame
    outcomes: pl.DataFrame
    details: pl.DataFrame
    effects: pl.DataFrame
    quarantine: pl.DataFrame
    qualified: pl.DataFrame
    attempts: pl.DataFrame
    choices: pl.DataFrame
    executed: pl.DataFrame
    parked: pl.DataFrame
    consumed: pl.DataFrame
    pending: pl.DataFrame
    lasting: pl.DataFrame
    aborted: str | None = None

    def without(self, rows: Iterable[int]) -> Result:
        """Leave out all that is said of some rows, but that they are pending."""
        gone = list(rows)
        kept = {name: getattr(self, name).filter(~pl.col("row").is_in(gone)) for name in BY_ROW}
        return replace(self, **kept)

    def texts(self, row: int) -> dict[str, str | None]:
        """Give one lead as the text that would stand in a file."""
        return {name: render_cells(self.leads[name].slice(row, 1))[0] for name in self.leads.columns}

    def counts(self) -> dict[str, dict[str, int]]:
        """Count, for each entry, the leads by outcome."""
        return {path: _tally(self.outcomes[path]) for path in self.outcomes.columns}


BY_ROW = (
    "net", "trail", "details", "effects", "quarantine", "qualified",
    "attempts", "choices", "executed", "parked", "consumed", "lasting",
)  # fmt: skip
"""The frames of a result that speak of leads by row."""


def net_of(trail: pl.DataFrame) -> pl.DataFrame:
    """Give the cells that differ in the end, as a trail tells of them: what each was at first, and is at last.

    Columns that are no part of a trail, such as the key of the lead, are kept.
    """
    columns = [*NET_SCHEMA, *(name for name in trail.columns if name not in TRAIL_SCHEMA)]
    written = trail.filter("net").select(columns).partition_by("field", maintain_order=True)
    named = (_once(cells).with_columns(pl.lit(cells["field"][0]).alias("field")) for cells in written)
    return pl.concat([texts(trail.clear().select(columns)), *named])


def texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Write categories, by which a trail tells its names, as the texts that they are."""
    return frame.with_columns(pl.col(pl.Categorical).cast(pl.String))


def _once(writes: pl.DataFrame) -> pl.DataFrame:
    """Make one row of all writes to a cell."""
    if _all_differ(writes["row"]):
        return writes
    cells = writes.group_by(pl.exclude("before", "after"), maintain_order=True)
    return cells.agg(pl.col("before").first(), pl.col("after").last()).select(writes.columns)


def _all_differ(rows: pl.Series) -> bool:
    """Say whether no row stands twice among some of a batch, of which there is one at least."""
    numbers = rows.to_numpy()
    met = np.zeros(int(numbers.max()) + 1, np.bool_)
    met[numbers] = True
    return int(np.count_nonzero(met)) == len(numbers)


def _tally(outcomes: pl.Series) -> dict[str, int]:
    counted = outcomes.drop_nulls().value_counts()
    return {str(outcome): int(number) for outcome, number in counted.rows()}
