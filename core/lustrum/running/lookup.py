"""What the engine is given about the leads of a batch: what the ledger, the journals and the feed know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from lustrum.contracts.ports import Clock
from lustrum.engine.given import Batch, Budget, Given, Memo
from lustrum.engine.providers import Providers
from lustrum.planning.actions import Waiting
from lustrum.planning.plan import Plan
from lustrum.running.activities import Activities
from lustrum.running.calls import JournaledCalls
from lustrum.running.ledger import Ledger
from lustrum.words.fields import parse_cells


@dataclass(frozen=True)
class Lookup:
    """Looks leads up for one run; without `activities` nothing is asked about them."""

    run: str
    plan: Plan
    source: str
    ledger: Ledger
    clock: Clock
    activities: Activities | None
    in_place: bool = True
    no_wait: bool = False
    memo: Memo = field(default_factory=Memo)
    providers: Providers = field(default_factory=Providers)

    def complete(self, batch: Batch) -> Batch:
        """Add the kept fields to a batch: what the latest applied run has left there."""
        schema = self.plan.schema
        if not schema.kept:
            return batch
        keys = batch.keys.to_list()
        known = self.ledger.applied_runs.kept(list(_distinct(batch)))
        columns = [
            parse_cells(pl.Series([known.get(name, {}).get(key) for key in keys], dtype=pl.String), kind).alias(name)
            for name, kind in schema.types.items()
            if name in schema.kept
        ]
        return replace(batch, frame=batch.frame.with_columns(columns))

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
            written={} if self.in_place else known.written(counted),
            qualified=known.qualifications(counted),
            in_place=self.in_place,
            parked=known.parked(leads) if _has_waits(self.plan) else nothing.parked,
            activities=self.activities.of(keys) if self.activities else nothing.activities,
            consumed=known.consumed(leads) if self.plan.triggers else nothing.consumed,
            budgets=budgets,
            no_wait=self.no_wait,
            memo=self.memo,
            providers=self.providers,
            clock=self.clock,
            calls=JournaledCalls(self.ledger, self.run),
        )


def _distinct(batch: Batch) -> pl.Series:
    return batch.keys.drop_nulls().unique(maintain_order=True)


def _has_waits(plan: Plan) -> bool:
    return any(isinstance(variant.action, Waiting) for entry in plan.entries() for variant in entry.variants)
