"""Merging a step's answers into the leads: decisions first, then the cells, each change written down."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from lustrum.engine.columns import nowhere, where
from lustrum.engine.walk import Walk
from lustrum.planning.bindings import StepCall, Write
from lustrum.planning.campaign_tree import Entry
from lustrum.words.fields import parse_cells, render_cells

_TOLD = ("row", "attempt", "reason", "candidates")


def write_answers(
    walk: Walk, entry: Entry, call: StepCall, answers: pl.DataFrame, begun: Mapping[str, pl.Series]
) -> pl.DataFrame:
    """Write the answered cells and give the answers back, with what stewards decided worked in.

    A failed lead whose every written field is decided counts as answered; `decided:n` says which writes were.
    """
    for number, write in enumerate(call.writes):
        answers = _decide(walk, number, write, answers, begun[write.field])
    answers = _answered_by_decisions(call, answers)
    for number, write in enumerate(call.writes):
        _write(walk, entry, call, number, write, answers)
    return answers


def _decide(walk: Walk, number: int, write: Write, answers: pl.DataFrame, begun: pl.Series) -> pl.DataFrame:
    name = f"decided:{number}"
    if not walk.decisions.concerns(write.field):
        return answers.hstack([nowhere(answers.height, name)])
    rows = answers["row"]
    proposed = answers[f"value:{number}"]
    found = _as_found(walk, write, rows, begun.gather(rows))
    words = walk.decisions.words(write.field, walk.state.batch.keys.gather(rows), found, render_cells(proposed))
    decided = words["decided"]
    after = parse_cells(words["after"], write.type)
    return answers.with_columns(
        decided.alias(name),
        after.zip_with(decided, proposed).alias(f"value:{number}"),
        (answers[f"keep:{number}"] & ~decided).alias(f"keep:{number}"),
        words["by"].zip_with(decided, answers["reason"]).alias("reason"),
    )


def _answered_by_decisions(call: StepCall, answers: pl.DataFrame) -> pl.DataFrame:
    if not any(answers[f"decided:{number}"].any() for number in range(len(call.writes))):
        return answers
    decided = pl.all_horizontal(f"decided:{number}" for number in range(len(call.writes)))
    return answers.with_columns(pl.when(decided).then(pl.lit("answered")).otherwise("status").alias("status"))


def _write(walk: Walk, entry: Entry, call: StepCall, number: int, write: Write, answers: pl.DataFrame) -> None:
    merged = (answers["status"] == "answered") | answers[f"decided:{number}"]
    written = merged & ~answers[f"keep:{number}"]
    if not written.any():
        return
    told = pl.DataFrame([*(answers[name] for name in _TOLD), answers[f"value:{number}"].alias("after")])
    chosen = told if written.all() else where(told, written)
    rows, after = chosen["row"], chosen["after"]
    before = walk.state.take(write.field, rows)
    changed = before.ne_missing(after) | walk.state.is_unreadable(write.field, rows)
    if changed.any():
        _note(walk, entry, call, write, where(chosen, changed), before.filter(changed))
    walk.state.put(write.field, rows, after)


def _note(walk: Walk, entry: Entry, call: StepCall, write: Write, chosen: pl.DataFrame, before: pl.Series) -> None:
    found, written = _as_found(walk, write, chosen["row"], before), render_cells(chosen["after"])
    frame = chosen[list(_TOLD)].hstack([found.alias("before"), written.alias("after")])
    origin = {"plugin": call.origin.plugin, "version": call.origin.version}
    walk.records.change(frame, {"field": write.field, "step": call.step.name, "path": entry.path, **origin})


def _as_found(walk: Walk, write: Write, rows: pl.Series, before: pl.Series) -> pl.Series:
    raw = walk.state.batch.raw.get(write.field)
    texts = render_cells(before)
    if raw is None:
        return texts
    untouched = walk.state.initial[write.field].gather(rows).eq_missing(before)
    untouched = untouched & (before.is_not_null() | walk.state.is_unreadable(write.field, rows))
    return raw.gather(rows).zip_with(untouched, texts)
