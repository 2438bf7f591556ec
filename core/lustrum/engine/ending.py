"""How an entry ends for the leads it was run for: outcomes noted, giving up marked, the flow left or aborted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from lustrum.engine.columns import constant, nowhere, parts_of, where
from lustrum.engine.records import OUTCOMES
from lustrum.engine.state import picked
from lustrum.engine.walk import Aborted, Walk
from lustrum.planning.bindings import StepCall
from lustrum.planning.campaign_tree import Entry
from lustrum.words.outcomes import Outcome

UNTIL_NOT_MET = "until_not_met"
HAPPENED = ["row", "status", "code", "message"]
"""The columns of answers that tell what happened to a lead."""
_DETAILS = ["row", "code", "message"]
_WORDS = pl.Series([Outcome.UNCHANGED.value, Outcome.CHANGED.value], dtype=OUTCOMES)


@dataclass(frozen=True, slots=True)
class Ended:
    """The last answers of an entry, round by round: about the leads it is done with, and those it gave up on."""

    done: list[pl.DataFrame]
    given_up: list[pl.DataFrame]


def end_entry(walk: Walk, entry: Entry, call: StepCall | None, ended: Ended, before: Mapping[str, pl.Series]) -> None:
    """Note what the entry did to each lead; `call` is None for a child, whose own entries have left their marks."""
    if ended.done:
        _note_done(walk, entry, call, parts_of(frame[HAPPENED] for frame in ended.done), before)
    if ended.given_up:
        _give_up(walk, entry, call, _with_code(entry, parts_of(ended.given_up).sort("row")), before)


def _note_done(
    walk: Walk, entry: Entry, call: StepCall | None, done: pl.DataFrame, before: Mapping[str, pl.Series]
) -> None:
    is_skipped = done["status"] == "skipped"
    if not is_skipped.any():
        _note_changes(walk, entry, done["row"], before)
        return
    skipped = where(done, is_skipped).sort("row")
    if call is None:
        skipped = where(skipped, ~walk.records.noted(entry.path, skipped["row"]))
    if not skipped.is_empty():
        walk.records.details(entry.path, Outcome.SKIPPED, skipped[_DETAILS])
    _note_changes(walk, entry, done["row"].filter(~is_skipped), before)


def _note_changes(walk: Walk, entry: Entry, rows: pl.Series, before: Mapping[str, pl.Series]) -> None:
    if not len(rows):
        return
    changed = nowhere(len(rows))
    for name, column in before.items():
        changed = changed | picked(column, rows).ne_missing(walk.state.take(name, rows))
    walk.records.outcomes(entry.path, rows, _WORDS[changed.cast(pl.UInt32)])


def _with_code(entry: Entry, gave_up: pl.DataFrame) -> pl.DataFrame:
    until = entry.retry.until
    if until is None:
        return gave_up
    goal = f"not met: {until.text}"
    failed = pl.col("status") == "failed"
    return gave_up.with_columns(
        pl.when(failed).then("code").otherwise(pl.lit(UNTIL_NOT_MET)).alias("code"),
        pl.when(failed).then("message").otherwise(pl.lit(goal, pl.String)).alias("message"),
        pl.when(failed).then("candidates").alias("candidates"),
    )


def _give_up(walk: Walk, entry: Entry, call: StepCall | None, gave_up: pl.DataFrame, writes: Iterable[str]) -> None:
    walk.records.details(entry.path, Outcome.FAILED, gave_up[[*_DETAILS, "candidates"]])
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
        gave_up = where(gave_up, gave_up["status"] != "failed")
    told = [gave_up[name] for name in ("row", "code", "message", "inputs", "candidates")]
    said = pl.DataFrame([*told, gave_up["tries"].alias("attempts")])
    number = walk.state.give_up(entry.path, call.step.name if call else entry.name, said)
    decided = {write.field: f"decided:{index}" for index, write in enumerate(call.writes)} if call else {}
    for field in writes:
        rows = gave_up["row"].filter(~gave_up[decided[field]]) if field in decided else gave_up["row"]
        walk.state.unsettle([field], rows, constant(number, pl.Int32(), len(rows)))
