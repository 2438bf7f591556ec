"""How an entry ends for the leads it was run for: outcomes noted, giving up marked, the flow left or aborted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from lustrum.engine.records import OUTCOMES
from lustrum.engine.state import picked
from lustrum.engine.walk import Aborted, Walk
from lustrum.planning.bindings import StepCall
from lustrum.planning.plan import Entry
from lustrum.words.outcomes import Outcome

UNTIL_NOT_MET = "until_not_met"
_WORDS = pl.Series([Outcome.UNCHANGED.value, Outcome.CHANGED.value], dtype=OUTCOMES)


def end_entry(
    walk: Walk, entry: Entry, call: StepCall | None, answers: pl.DataFrame, before: Mapping[str, pl.Series]
) -> None:
    """Note what the entry did to each lead; `call` is None for a child, whose own entries have left their marks."""
    gave_up = answers.filter("open").sort("row")
    ended = answers.select("row", "status", "code", "message", "open").filter(~pl.col("open"))
    skipped = ended.filter(pl.col("status") == "skipped").sort("row")
    if call is None:
        skipped = skipped.filter(~walk.records.noted(entry.path, skipped["row"]))
    if not skipped.is_empty():
        walk.records.details(entry.path, Outcome.SKIPPED, skipped.select("row", "code", "message"))
    _note_changes(walk, entry, ended.filter(pl.col("status") != "skipped")["row"], before)
    if not gave_up.is_empty():
        _give_up(walk, entry, call, _with_code(entry, gave_up), before)


def _note_changes(walk: Walk, entry: Entry, rows: pl.Series, before: Mapping[str, pl.Series]) -> None:
    if not len(rows):
        return
    changed = pl.Series([False]).new_from_index(0, len(rows))
    for name, column in before.items():
        changed = changed | picked(column, rows).ne_missing(walk.state.take(name, rows))
    walk.records.outcomes(entry.path, rows, _WORDS.gather(changed.cast(pl.UInt32)))


def _with_code(entry: Entry, gave_up: pl.DataFrame) -> pl.DataFrame:
    until = entry.retry.until
    goal = f"not met: {until.text}" if until else None
    failed = pl.col("status") == "failed"
    return gave_up.with_columns(
        pl.when(failed).then("code").otherwise(pl.lit(UNTIL_NOT_MET)).alias("code"),
        pl.when(failed).then("message").otherwise(pl.lit(goal, pl.String)).alias("message"),
        pl.when(failed).then("candidates").alias("candidates"),
    )


def _give_up(walk: Walk, entry: Entry, call: StepCall | None, gave_up: pl.DataFrame, writes: Iterable[str]) -> None:
    walk.records.details(entry.path, Outcome.FAILED, gave_up.select("row", "code", "message", "candidates"))
    if entry.on_fail == "abort" and not walk.in_repair:
        code, message = gave_up.select("code", "message").row(0)
        raise Aborted(
            f"{entry.place}: {entry.path} gave up on {gave_up.height} leads ({code}: {message or 'no message'})"
        )
    if entry.on_fail != "continue" and not walk.in_repair:
        _unsettle(walk, entry, call, gave_up, writes)
    if entry.on_fail == "stop":
        walk.removed.update(gave_up["row"].to_list())


def _unsettle(walk: Walk, entry: Entry, call: StepCall | None, gave_up: pl.DataFrame, writes: Iterable[str]) -> None:
    if call is None:  # where the child failed, its own entries have left their marks
        gave_up = gave_up.filter(pl.col("status") != "failed")
    said = gave_up.select("row", "code", "message", pl.col("tries").alias("attempts"), "inputs", "candidates")
    number = walk.state.give_up(entry.path, call.step.name if call else entry.name, said)
    decided = {write.field: f"decided:{index}" for index, write in enumerate(call.writes)} if call else {}
    for field in writes:
        rows = gave_up.filter(~pl.col(decided[field]))["row"] if field in decided else gave_up["row"]
        walk.state.unsettle([field], rows, pl.Series([number], dtype=pl.Int32()).new_from_index(0, len(rows)))
