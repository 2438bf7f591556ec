"""The engine's one function."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from lustrum.engine.carrying import lasting_cells, note_carried
from lustrum.engine.columns import constant, nowhere, shaped
from lustrum.engine.decisions import DecisionBook
from lustrum.engine.given import Batch, Given
from lustrum.engine.past import Past
from lustrum.engine.records import Records
from lustrum.engine.result import NET_SCHEMA, QUARANTINE_SCHEMA, Result
from lustrum.engine.roots import run_root
from lustrum.engine.state import LeadState
from lustrum.engine.walk import Aborted, Walk
from lustrum.planning.plan import Plan
from lustrum.words.fields import render_cells


def execute(plan: Plan, batch: Batch, given: Given) -> Result:
    """Take a batch of leads through the plan's campaigns.

    The same arguments and the same answers from `given.calls` give the same result, whatever other leads are in the
    batch. Leads in trouble (no key, a repeated key) are left as they are and stand in the quarantine.
    """
    past = Past(batch.keys, given.activities, plan.attributes, given.start)
    state = LeadState(batch, dict(plan.schema.types), past)
    records = Records(batch.height)
    note_carried(state, records)
    decisions = DecisionBook(plan.decisions, given.start.date(), given.source)
    rows = state.rows().filter(batch.trouble.is_null())
    walk = Walk(state, records, given, decisions)
    aborted = None
    try:
        for campaign in plan.campaigns:
            run_root(walk, campaign, walk.still_in(rows))
    except Aborted as stop:
        aborted = str(stop)
    result = _result(plan, batch, state, records, aborted)
    return result.without(walk.gone) if walk.gone else result


def _result(plan: Plan, batch: Batch, state: LeadState, records: Records, aborted: str | None) -> Result:
    differing = {name: _differing(name, state) for name in plan.fields_written}
    quarantine, net = _quarantine(state), _net(state, differing)
    return Result(
        leads=pl.DataFrame([state.columns[name].alias(name) for name in plan.schema.types]),
        keys=batch.keys,
        net=net,
        trail=records.trail_frame(differing),
        outcomes=records.outcomes_frame([entry.path for entry in plan.entries()]),
        details=records.details_frame(),
        effects=records.effects_frame(),
        quarantine=quarantine,
        qualified=records.qualified_frame(quarantine),
        attempts=records.notes("attempts"),
        choices=records.notes("choices"),
        executed=records.notes("executed"),
        parked=records.notes("parked"),
        consumed=records.consumed_frame(quarantine),
        pending=records.notes("pending"),
        lasting=lasting_cells(plan, state, net),
        aborted=aborted,
    )


def _differing(name: str, state: LeadState) -> pl.Series:
    before, after = state.initial[name], state.columns[name]
    if before is after:
        return nowhere(state.height)
    return before.ne_missing(after) | state.cleared(name)


def _net(state: LeadState, differing: Mapping[str, pl.Series]) -> pl.DataFrame:
    frames = [_net_of(name, state, rows) for name, rows in differing.items() if rows.any()]
    return pl.concat(frames) if frames else pl.DataFrame(schema=dict(NET_SCHEMA))


def _net_of(name: str, state: LeadState, differing: pl.Series) -> pl.DataFrame:
    cells = [
        state.rows().filter(differing).alias("row"),
        state.found(name).filter(differing).alias("before"),
        render_cells(state.columns[name].filter(differing)).alias("after"),
    ]
    return pl.DataFrame([cells[0], constant(name, pl.String(), len(cells[0]), "field"), *cells[1:]])


def _quarantine(state: LeadState) -> pl.DataFrame:
    marked = [_marked(name, state) for name in state.unsettled_fields()]
    unsettled = [_described(pl.concat(marked), state)] if marked else []
    return pl.concat([_troubled(state), *unsettled]).sort("row", maintain_order=True)


def _described(marked: pl.DataFrame, state: LeadState) -> pl.DataFrame:
    return shaped(state.describe_roots(marked, ~nowhere(marked.height)), QUARANTINE_SCHEMA)


def _troubled(state: LeadState) -> pl.DataFrame:
    trouble = state.batch.trouble
    frame = pl.DataFrame([state.rows().alias("row"), trouble.alias("code")]).drop_nulls()
    return shaped(frame, QUARANTINE_SCHEMA, {"message": "the lead is left as it is", "inputs": "{}"})


def _marked(name: str, state: LeadState) -> pl.DataFrame:
    rows = state.rows()
    marked = pl.DataFrame([rows.alias("row"), state.roots(name, rows).alias("root")]).drop_nulls()
    return marked.with_columns(field=pl.lit(name))
