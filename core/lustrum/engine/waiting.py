"""Waits: slept where they are short, else the lead is parked until a later run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from lustrum.engine.effects import effect_keys, part_done
from lustrum.engine.inputs import render
from lustrum.engine.walk import Walk
from lustrum.planning.actions import Waiting
from lustrum.planning.campaign_tree import HOLD, Entry
from lustrum.words.outcomes import Outcome
from lustrum.words.tokens.dates import read_moment

PARKED, WAITING, NO_DATE = "parked", "waiting", "no_date"


def wait(walk: Walk, entry: Entry, waiting: Waiting, rows: pl.Series) -> None:
    """Let the rows wait: those whose time has come go on, the others are parked and leave the flow.

    A wait that is over is an effect: it is not waited for again.
    """
    fresh = part_done(walk, entry, effect_keys(walk, entry, waiting, rows), rows)
    timed = _readable(walk, entry, _with_due(walk, waiting, fresh))
    left = pl.col("due") - walk.given.start_utc
    soon = timed.filter(left <= HOLD)
    _sleep(walk, soon)
    note_passed(walk, entry.path, soon.select("row", "effect"))
    _park(walk, entry, timed.filter(left > HOLD))


def _with_due(walk: Walk, waiting: Waiting, keys: pl.DataFrame) -> pl.DataFrame:
    """Add when each lead may go on, or in `code` why nobody can say."""
    start = walk.given.start
    if waiting.until is None:
        due = pl.lit(walk.given.start_utc + (waiting.duration or timedelta(0)))
        return keys.with_columns(due.alias("due"), pl.lit(None, pl.String).alias("code"))
    texts = render(waiting.until, walk.state, keys["row"])
    read = {text: read_moment(text, start.tzinfo or UTC) for text in texts.unique().to_list()}
    known = {text: _in_utc(moment) if moment else None for text, moment in read.items()}
    dues = [known[text] for text in texts.to_list()]
    codes = [None if due else NO_DATE if text else "empty" for text, due in zip(texts.to_list(), dues, strict=True)]
    dtype = pl.Datetime("us", "UTC")
    return keys.with_columns(pl.Series("due", dues, dtype=dtype), pl.Series("code", codes, dtype=pl.String))


def _in_utc(moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


def _readable(walk: Walk, entry: Entry, timed: pl.DataFrame) -> pl.DataFrame:
    """Note the leads whose date is missing or none: they go on. Give the others."""
    walk.records.skip(entry.path, timed.filter(pl.col("code") == "empty")["row"], "empty")
    wrong = timed.filter(pl.col("code") == NO_DATE)
    if not wrong.is_empty():
        said = wrong.select("row", "code", message=pl.lit("the text of the wait is no date"))
        walk.records.details(entry.path, Outcome.FAILED, said)
    return timed.filter(pl.col("code").is_null())


def _sleep(walk: Walk, timed: pl.DataFrame) -> None:
    longest = timed["due"].max()
    if isinstance(longest, datetime) and longest > walk.given.start:
        walk.given.clock.sleep((longest - walk.given.start).total_seconds())


def _park(walk: Walk, entry: Entry, timed: pl.DataFrame) -> None:
    activity = walk.state.activity
    ids = activity.take("id", timed["row"]) if activity else pl.Series([None], dtype=pl.String)
    parked = timed.with_columns((ids if activity else ids.new_from_index(0, timed.height)).alias("activity"))
    walk.records.note("parked", parked, {"path": entry.path})
    walk.records.skip(entry.path, timed["row"], PARKED)
    walk.removed.update(timed["row"].to_list())


def note_passed(walk: Walk, path: str, keys: pl.DataFrame) -> None:
    """Note that a wait is over for some leads (`row`, `effect`)."""
    if keys.is_empty():
        return
    walk.records.outcome(path, keys["row"], Outcome.UNCHANGED)
    at = pl.lit(walk.given.start_utc).alias("at")
    walk.records.effect(keys.with_columns(at), {"path": path, "kind": "wait"})
