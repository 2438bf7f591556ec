"""Leads put aside because a provider asks for a longer wait than can be slept: they run again when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from lustrum.engine.given import Batch, Budget
from lustrum.engine.result import Result
from lustrum.running.clock import Timer
from lustrum.running.journal.batch_parts import Origin


@dataclass(frozen=True, slots=True)
class PutAside:
    """Leads of one batch that may run again at `due`, in seconds of the run's clock."""

    due: float
    batch: Batch
    origin: Origin


class Pending:
    """Remembers leads that wait, where each comes from, and how often each provider has put it off."""

    def __init__(self, clock: Timer) -> None:
        self._clock = clock
        self._waiting: list[PutAside] = []
        self._budgets: dict[tuple[str, str], Budget] = {}

    @property
    def budgets(self) -> dict[tuple[str, str], Budget]:
        """Give what each lead has used up so far, by its key and the entry's path."""
        return dict(self._budgets)

    def put_aside(self, batch: Batch, pending: pl.DataFrame, origin: Origin) -> None:
        """Remember the pending leads (`Result.pending`) of a batch; `origin` is that of each of its rows."""
        now = self._clock.elapsed()
        keys = batch.keys.gather(pending["row"]).to_list()
        for key, (path, transients, waited) in zip(
            keys, pending.select("path", "transients", "waited").iter_rows(), strict=True
        ):
            self._budgets[key, path] = (transients, waited)
        waits = pending.group_by("row").agg(pl.col("wait").max()).sort("wait", "row")
        for (wait,), leads in waits.group_by("wait", maintain_order=True):
            rows = leads["row"]
            here = Origin(origin.batch, origin.rows.gather(rows))
            self._waiting.append(PutAside(now + float(str(wait)), batch.gather(rows), here))

    def due(self) -> Iterator[PutAside]:
        """Wait for those who wait, until nobody does; give who can go on, by time, then in the order of the source.

        More may be put aside meanwhile.
        """
        while self._waiting:
            left = min(aside.due for aside in self._waiting) - self._clock.elapsed()
            if left > 0:
                self._clock.sleep(left)
            yield from self._take_due()

    def _take_due(self) -> list[PutAside]:
        first = min(aside.due for aside in self._waiting)
        now = max(first, self._clock.elapsed())
        taken = [aside for aside in self._waiting if aside.due <= now]
        self._waiting = [aside for aside in self._waiting if aside.due > now]
        batches = sorted({aside.origin.batch for aside in taken})
        return [_together([aside for aside in taken if aside.origin.batch == number]) for number in batches]


def _together(parts: list[PutAside]) -> PutAside:
    """Put leads of one batch together, in the order of the source."""
    rows = pl.concat([part.origin.rows for part in parts])
    batches = [part.batch for part in parts]
    batch = Batch(
        pl.concat([each.frame for each in batches]),
        pl.concat([each.keys for each in batches]),
        pl.concat([each.trouble for each in batches]),
        {name: pl.concat([each.raw[name] for each in batches]) for name in batches[0].raw},
        {name: pl.concat([each.carried[name] for each in batches]) for name in batches[0].carried},
    )
    order = rows.arg_sort()
    return PutAside(parts[0].due, batch.gather(order), Origin(parts[0].origin.batch, rows.gather(order)))


def settled(result: Result) -> Result:
    """Give a result that says nothing of its pending leads: what it says of them is forgotten."""
    if result.pending.is_empty():
        return result
    waiting = pl.int_range(len(result.keys), dtype=pl.UInt32, eager=True).is_in(result.pending["row"].implode())
    outcomes = result.outcomes.select(pl.when(~waiting).then(pl.all())) if result.outcomes.width else result.outcomes
    return replace(result, outcomes=outcomes)
