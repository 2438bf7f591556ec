"""What travels along while a batch walks through its campaigns, and how conditions are asked on the way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import polars as pl

from lustrum.engine.decisions import DecisionBook
from lustrum.engine.given import Given
from lustrum.engine.records import Records
from lustrum.engine.state import LeadState
from lustrum.planning.bindings import Check
from lustrum.planning.campaign_tree import Campaign
from lustrum.words.conditions import failed_column
from lustrum.words.outcomes import Outcome


class Aborted(Exception):  # never leaves the engine: it becomes a field of the Result
    """An entry with `on_fail: abort` gave up."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A campaign requested for some rows."""

    campaign: Campaign
    rows: pl.Series


@dataclass(frozen=True)
class Walk:
    """The batch on its way.

    `removed` holds the rows that left the flow, `gone` those that left the batch; `queue` what was requested;
    `resumed` the rows that go on behind a wait, by its path; `in_repair` is true inside a repair.
    """

    state: LeadState
    records: Records
    given: Given
    decisions: DecisionBook
    removed: set[int] = field(default_factory=set[int])
    gone: set[int] = field(default_factory=set[int])
    queue: deque[Queued] = field(default_factory=deque[Queued])
    resumed: dict[str, pl.Series] = field(default_factory=dict[str, pl.Series])
    in_repair: bool = False

    def afresh(self) -> Walk:
        """Give the walk of another root flow: nobody is removed there."""
        return replace(self, removed=set())

    def repairing(self) -> Walk:
        """Give the walk of a repair: who is removed there is removed only there, and giving up leaves no mark."""
        return replace(self, removed=set(), in_repair=True)

    def still_in(self, rows: pl.Series) -> pl.Series:
        """Give those of the rows that have not left the flow."""
        out = self.removed | self.gone
        return rows.filter(~rows.is_in(list(out))) if out else rows

    def with_resumed(self, path: str, rows: pl.Series) -> pl.Series:
        """Add to the rows those that go on behind the wait at a path, once."""
        resumed = self.resumed.pop(path, None)
        return rows if resumed is None else pl.concat([rows, resumed]).unique().sort().alias("row")

    def holds(self, check: Check, rows: pl.Series) -> pl.Series:
        """Say for which rows the condition holds; inside a repair an unsettled field reads as empty."""
        columns = [self._seen(name, rows) for name in sorted(check.reads)]
        states = [self.state.is_unsettled(name, rows).alias(failed_column(name)) for name in sorted(check.asked)]
        triggers = [self.state.trigger(name, rows) for name in sorted(check.triggers)]
        past = [self.state.past.count(asked).gather(rows) for asked in check.activities]
        frame = pl.DataFrame([rows.alias("row number"), *columns, *states, *triggers, *past])
        return frame.select(check.expression.fill_null(False).alias("holds")).to_series()

    def _seen(self, name: str, rows: pl.Series) -> pl.Series:
        values = self.state.settled(name, rows) if self.in_repair else self.state.take(name, rows)
        return values.alias(name)

    def part_undecidable(self, path: str, check: Check, writes: Iterable[str], rows: pl.Series) -> pl.Series:
        """Block the rows for which a condition reads an unsettled field; inside a repair it reads it as empty.

        A field whose failure the condition asks about does not block: it is read as it stands.
        """
        return rows if self.in_repair else self.part_blocked(path, check.reads - check.asked, writes, rows)

    def part_blocked(self, path: str, needed: Iterable[str], writes: Iterable[str], rows: pl.Series) -> pl.Series:
        """Block the rows for which a needed field is unsettled, and give the others.

        A field the entry itself writes never blocks it. The fields a blocked entry would have written are left
        unsettled, with the root cause passed on.
        """
        fields = [name for name in sorted(set(needed) - set(writes)) if self.state.may_be_unsettled(name)]
        if not fields or not len(rows):
            return rows
        roots = pl.DataFrame([self.state.roots(name, rows).alias(name) for name in fields])
        root = roots.select(pl.min_horizontal(pl.all())).to_series().alias("root")
        blocked = root.is_not_null()
        if blocked.any():
            self._block(path, writes, rows.filter(blocked), root.filter(blocked))
        return rows.filter(~blocked)

    def _block(self, path: str, writes: Iterable[str], rows: pl.Series, roots: pl.Series) -> None:
        numbers: list[int] = roots.to_list()
        causes = pl.Series([self.state.give_ups[number].path for number in numbers], dtype=pl.String)
        messages = pl.select(pl.format("waits for what {} could not settle", causes)).to_series()
        frame = pl.DataFrame([rows.alias("row"), causes.alias("code"), messages.alias("message")])
        self.records.details(path, Outcome.BLOCKED, frame)
        if not self.in_repair:
            for name in writes:
                fresh = ~self.state.is_unsettled(name, rows)
                self.state.unsettle([name], rows.filter(fresh), roots.filter(fresh))
