"""Walking leads through a campaign: the gate, then entry by entry, each ended for a lead before its next begins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import polars as pl

from lustrum.engine.answers import with_columns_of
from lustrum.engine.asking import ask_step
from lustrum.engine.columns import constant, nowhere, parts_of
from lustrum.engine.effects import effect_keys, note_effects, part_done
from lustrum.engine.ending import end_entry
from lustrum.engine.qualification import part_requalified
from lustrum.engine.requests import request_campaign
from lustrum.engine.retry import RetryLoop
from lustrum.engine.waiting import wait
from lustrum.engine.walk import Walk
from lustrum.engine.writing import write_answers
from lustrum.planning.actions import Action, Execution, Removal, Requisition, Waiting
from lustrum.planning.bindings import StepCall
from lustrum.planning.campaign_tree import Campaign, Entry, Variant
from lustrum.words.outcomes import Outcome


def run_campaign(walk: Walk, campaign: Campaign, rows: pl.Series) -> pl.Series:
    """Take the rows through a campaign; give those that met its smart list.

    Leads that were parked at one of its waits, and whose time has come, go on behind it.
    """
    rows = walk.still_in(rows)
    if campaign.gate and len(rows):
        holds = walk.holds(campaign.gate, rows)
        walk.records.skip(campaign.path, rows.filter(~holds), "not_qualified")
        rows = rows.filter(holds)
    rows = part_requalified(walk, campaign, rows)
    walk.records.executed(campaign.path, campaign.name, rows)
    going = rows
    for entry in campaign.entries:
        with walk.given.costs.of(entry.path):
            run_entry(walk, entry, walk.still_in(going))
        going = walk.with_resumed(entry.path, going)
    return rows


def run_entry(walk: Walk, entry: Entry, rows: pl.Series) -> None:
    """Take the rows through one entry: its `when`, its choices, then the step or child with its retry loop."""
    rows = _part_when(walk, entry, rows)
    for number, (variant, chosen) in enumerate(list(_choose(walk, entry, rows)), 1):
        if entry.chosen:
            walk.records.note("choices", pl.DataFrame([chosen]), {"path": entry.path, "choice": number})
        if len(chosen):
            _run_variant(walk, entry, variant, chosen)


def _part_when(walk: Walk, entry: Entry, rows: pl.Series) -> pl.Series:
    if entry.when is None or not len(rows):
        return rows
    rows = walk.part_undecidable(entry.path, entry.when, entry.own_writes, rows)
    holds = walk.holds(entry.when, rows)
    walk.records.skip(entry.path, rows.filter(~holds), "when")
    return rows.filter(holds)


def _choose(walk: Walk, entry: Entry, rows: pl.Series) -> Iterator[tuple[Variant, pl.Series]]:
    for variant in entry.variants:
        if variant.check is None:
            yield variant, rows
            return
        rows = walk.part_undecidable(entry.path, variant.check, entry.own_writes, rows)
        holds = walk.holds(variant.check, rows)
        yield variant, rows.filter(holds)
        rows = rows.filter(~holds)
    walk.records.skip(entry.path, rows, "no_choice")


def _run_variant(walk: Walk, entry: Entry, variant: Variant, rows: pl.Series) -> None:
    action = variant.action
    if action is None:
        walk.records.skip(entry.path, rows, "nothing")
        return
    writes = action.own_writes
    if isinstance(action, Execution) and action.campaign.gate:
        rows = walk.part_undecidable(entry.path, action.campaign.gate, writes, rows)
    needed = entry.needs if isinstance(action, Execution) else entry.needs | action.needed
    rows = walk.part_blocked(entry.path, needed - _asked(entry, variant), writes, rows)
    if len(rows):
        _act(walk, entry, action, rows)


def _asked(entry: Entry, variant: Variant) -> frozenset[str]:
    """Name the fields whose failure the entry asks about: it takes them as they stand."""
    return frozenset[str]().union(*(check.asked for check in (entry.when, variant.check) if check))


def _act(walk: Walk, entry: Entry, action: Action, rows: pl.Series) -> None:
    match action:
        case StepCall():
            _run_step(walk, entry, action, rows)
        case Execution():
            _run_child(walk, entry, action, rows)
        case Requisition():
            request_campaign(walk, entry, action, rows)
        case Waiting():
            wait(walk, entry, action, rows)
        case Removal():
            walk.records.outcome(entry.path, rows, Outcome.UNCHANGED)
            walk.removed.update(rows.to_list())


def _run_step(walk: Walk, entry: Entry, call: StepCall, rows: pl.Series) -> None:
    before = {name: walk.state.columns[name] for name in call.fields_written}
    keys = pl.DataFrame()
    if call.adds_up:
        keys = part_done(walk, entry, effect_keys(walk, entry, call, rows), rows)
        rows = keys["row"]
    if not len(rows):
        return
    ask = partial(_ask, walk, entry, call, before, keys)
    ended = RetryLoop(walk, entry, call.fields_read, ask, partial(_repair, walk), call.adds_up).run(rows)
    if call.adds_up:
        note_effects(walk, entry, call, keys, ended, before)
    end_entry(walk, entry, call, ended, before)


def _ask(
    walk: Walk,
    entry: Entry,
    call: StepCall,
    begun: Mapping[str, pl.Series],
    keys: pl.DataFrame,
    rows: pl.Series,
    attempt: int,
    tries: pl.Series,
) -> pl.DataFrame:
    tried = pl.DataFrame([rows.alias("row"), tries.alias("attempt")])
    answers = with_columns_of(ask_step(call, walk.state, rows, attempt, walk.given, keys), tried)
    written = write_answers(walk, entry, call, answers, begun)
    return written[[name for name in written.columns if not name.startswith(("value:", "keep:")) and name != "attempt"]]


def _run_child(walk: Walk, entry: Entry, execution: Execution, rows: pl.Series) -> None:
    child = execution.campaign
    before = {name: walk.state.columns[name] for name in child.fields_written}
    marks = walk.state.marks(child.fields_written)
    ask = partial(_execute, walk, child, marks, len(walk.state.give_ups))
    loop = RetryLoop(walk, entry, child.fields_read, ask, partial(_repair, walk))
    ended = loop.run(rows)
    if entry.on_fail == "continue" and ended.given_up:
        walk.state.restore(marks, parts_of(ended.given_up)["row"])
    end_entry(walk, entry, None, ended, before)


def _execute(
    walk: Walk,
    child: Campaign,
    marks: Mapping[str, pl.Series],
    known: int,
    rows: pl.Series,
    _attempt: int,
    tries: pl.Series,
) -> pl.DataFrame:
    walk.state.restore(marks, walk.still_in(rows.filter(tries > 1)))
    qualified = run_campaign(walk, child, rows)
    roots = walk.state.latest_roots(child.fields_written, rows)
    failed = (roots >= known).fill_null(False)
    is_through = len(qualified) == len(rows)
    skipped = nowhere(len(rows)) if is_through else ~rows.is_in(qualified.implode())
    skipped &= tries == 1
    status = pl.when(failed).then(pl.lit("failed")).when(skipped).then(pl.lit("skipped")).otherwise(pl.lit("answered"))
    answers = pl.DataFrame([rows.alias("row"), roots.alias("root")]).with_columns(status.alias("status"))
    described = walk.state.describe_roots(answers, failed, known)
    if skipped.any():
        described = described.with_columns(
            pl.when(skipped & ~failed).then(pl.lit("not_qualified")).otherwise("code").alias("code")
        )
    return described.hstack([constant(None, pl.Float64(), len(rows), "retry_after")])


def _repair(walk: Walk, repair: Campaign, rows: pl.Series) -> None:
    run_campaign(walk.repairing(), repair, rows)
