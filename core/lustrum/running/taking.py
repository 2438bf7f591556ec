"""Taking one batch through: what is known of its leads, the engine, what the next run is to know, the figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from lustrum.engine.given import Batch
from lustrum.engine.replies import STEP_RAISED
from lustrum.engine.result import Result
from lustrum.running.batches import Incoming, unreadable
from lustrum.running.incremental import Incremental
from lustrum.running.journal.trails import Replay
from lustrum.running.lookup import Lookup
from lustrum.running.totals import Totals


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch: its leads with what was known of them, the result, what was `seen`, the figures.

    The result is about the leads that went through, `replay` about those that were spared.
    """

    batch: Batch
    result: Result
    seen: pl.DataFrame
    figures: Totals
    replay: Replay = field(default_factory=Replay.nothing)

    @property
    def raised(self) -> list[str]:
        """What steps raised, with the place of each."""
        details = self.result.details
        return details.filter(pl.col("code") == STEP_RAISED)["message"].drop_nulls().to_list()


@dataclass(frozen=True, slots=True)
class Taking:
    """Takes batches of one run through, each by itself.

    `watched` are the paths of the campaigns that are counted by themselves, by name.
    """

    lookup: Lookup
    incremental: Incremental
    watched: Mapping[str, tuple[str, ...]]
    execute: Callable[[Batch], Result]
    remembers: bool = True

    def take(self, incoming: Incoming, number: int) -> Taken:
        """Take a batch through the campaigns, by its number in the run; nothing is written."""
        batch = self.lookup.complete(incoming.batch)
        result, seen, replay = self.incremental.take(batch, self.execute, number)
        figures = Totals(spared=len(result.keys) - result.leads.height)
        figures.add(result, self.watched)
        figures.replay(replay, self.watched)
        figures.rejects.update(reject.reason for reject in incoming.rejects)
        figures.unreadable.update(unreadable(incoming.batch))
        return Taken(batch, result, seen if self.remembers else seen.clear(), figures, replay)
