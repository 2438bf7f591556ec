"""What the engine is given about the leads of a batch: what the ledger, the journals and the feed know of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from lustrum.engine.costs import Costs
from lustrum.engine.given import Batch, Budget, Given, Memo
from lustrum.engine.providers import Providers
from lustrum.planning.actions import Waiting
from lustrum.planning.plan import Plan
from lustrum.running.activities.activities import Activities
from lustrum.running.calls import JournaledCalls
from lustrum.running.clock import Timer
from lustrum.running.journal.applied_runs import Cells
from lustrum.running.journal.ledger import Ledger
from lustrum.words.fields import parse_cells


@dataclass(frozen=True)
class Lookup:
    """Looks leads up for one run; without `activities` nothing is asked about them."""

    run: str
    plan: Plan
    source: str
    ledger: Ledger
    clock: Timer
    activities: Activities | None
    in_place: bool = True
    no_wait: bool = False
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    memo: Memo = field(default_factory=Memo)
    providers: Providers = field(default_factory=Providers)
    costs: Costs = field(default_factory=Costs)

    @cached_property
    def _calls(self) -> JournaledCalls:
        """One port for the whole run: it counts the calls to each provider."""
        return JournaledCalls(self.ledger, self.run, self.clock)

    @property
    def carried(self) -> frozenset[str]:
        """The fields that go on from what the latest applied run wrote: none, where the source has it."""
        return frozenset() if self.in_place else self.plan.carried

    def complete(self, batch: Batch) -> Batch:
        """Add what the latest applied run left that the source does not have: kept fields, and carried ones."""
        schema, carried = self.plan.schema, self.carried
        if not schema.kept and not carried:
            return batch
        known = self.ledger.applied_runs.kept(_distinct(batch).to_list())
        sound = pl.select(pl.when(batch.trouble.is_null()).then(batch.keys)).to_series().to_list()
        cells = {name: _cells(sound, known.get(name, {})) for name in sorted(schema.kept | carried)}
        kept = [parse_cells(cells[name]["after"], schema.types[name]).alias(name) for name in sorted(schema.kept)]
        going = {name: cells[name] for name in sorted(carried)}
        return replace(batch, frame=batch.frame.with_columns(kept), carried=going)

    def given(self, batch: Batch, budgets: Mapping[tuple[str, str], Budget]) -> Given:
        """Look up what the engine is given beside the plan and the batch."""
        known, nothing = self.ledger.applied_runs, Given(self.run, self.plan.start)
        keys = _distinct(batch)
        leads = keys.to_list()
        counted = leads if self.plan.needs_history else []
        return Given(
            run=self.run,
            start=self.plan.start,
            source=Path(self.source).name,
            effects=known.effects(counted),
            qualified=known.qualifications(counted),
            parked=known.parked(leads) if _has_waits(self.plan) else nothing.parked,
            activities=self.activities.of(keys) if self.activities else nothing.activities,
            consumed=known.consumed(leads) if self.plan.triggers else nothing.consumed,
            budgets=budgets,
            no_wait=self.no_wait,
            facts=self.facts,
            memo=self.memo,
            providers=self.providers,
            costs=self.costs,
            clock=self.clock,
            calls=self._calls,
        )


def _cells(keys: Iterable[str | None], known: Mapping[str, Cells]) -> pl.DataFrame:
    """Lay cells out by lead: `before`, `after`, and whether there is anything `known`; nothing is of no lead."""
    found = [known.get(key) if key is not None else None for key in keys]
    rows = [(*(cell or (None, None)), cell is not None) for cell in found]
    return pl.DataFrame(rows, schema={"before": pl.String, "after": pl.String, "known": pl.Boolean}, orient="row")


def _distinct(batch: Batch) -> pl.Series:
    return batch.keys.drop_nulls().unique(maintain_order=True)


def _has_waits(plan: Plan) -> bool:
    return any(isinstance(variant.action, Waiting) for entry in plan.entries() for variant in entry.variants)
