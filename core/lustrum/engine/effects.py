"""Effects happen once: the key of each is the lead, the entry and what its conditions and templates read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b

import polars as pl

from lustrum.engine.columns import parts_of, where
from lustrum.engine.ending import Ended
from lustrum.engine.walk import Walk
from lustrum.planning.actions import Requisition, Waiting
from lustrum.planning.bindings import StepCall
from lustrum.planning.campaign_tree import Entry, Repeat
from lustrum.words.fields import render_cells

Adding = StepCall | Requisition | Waiting
"""What may add up, and then happens once."""

ALREADY_DONE = "already_done"
_SHOWN = [pl.col(f"effect_{name}").alias(name) for name in ("type", "subject", "text")]


def effect_keys(walk: Walk, entry: Entry, action: Adding, rows: pl.Series) -> pl.Series:
    """Give the key of what the entry would do to each of the rows, as hexadecimal text.

    Fields the entry itself writes are left out: a score that it raised is no reason to raise it again. Where an
    activity set the campaign off, its id stands in place of the fields.
    """
    fields = _reasons(entry, action)
    columns = [render_cells(walk.state.take(name, rows)).to_list() for name in fields]
    if walk.state.activity and not entry.repeat.whatever_reason:
        fields, columns = [], [walk.state.activity.take("id", rows).to_list()]
    elif entry.repeat.whatever_reason:
        fields, columns = [], []
    keys = walk.state.batch.keys.gather(rows).to_list()
    cells: Iterable[tuple[str | None, ...]] = zip(*columns, strict=True) if columns else ((),) * len(keys)
    digests = [_digest(entry.path, key, *fields, *values) for key, values in zip(keys, cells, strict=True)]
    return pl.Series("effect", digests, dtype=pl.String)


def _reasons(entry: Entry, action: Adding) -> list[str]:
    checks = [check for check in (entry.when, *(variant.check for variant in entry.variants)) if check]
    read = frozenset[str]().union(*(check.reads for check in checks), *(option.reads for option in action.rendered))
    return sorted(read - set(action.fields_written))


def happening(walk: Walk, rows: pl.Series) -> pl.Series:
    """Give when what happens to the rows happens: at the time of the activity that set it off, else the run's start."""
    if walk.state.activity:
        return walk.state.activity.take("date_of_activity", rows).alias("at")
    return pl.Series("at", [walk.given.start_utc]).new_from_index(0, len(rows))


def _digest(*parts: str | None) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        text = b"-" if part is None else b"+" + part.encode()
        digest.update(len(text).to_bytes(4, "big") + text)
    return digest.hexdigest()


def part_done(walk: Walk, entry: Entry, keys: pl.Series, rows: pl.Series) -> pl.DataFrame:
    """Skip the rows whose effect has happened, in this run or an applied one; give `row`, `effect` of the others."""
    fresh, done = part_happened(walk, entry, pl.DataFrame([rows.alias("row"), keys.alias("effect")]))
    walk.records.skip(entry.path, done["row"], ALREADY_DONE)
    return fresh


def part_happened(walk: Walk, entry: Entry, keys: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part `row`, `effect` into what has not happened yet, and what has, in this run or an applied one."""
    times = happening(walk, keys["row"]).to_list()
    said = [_is_done(walk, entry.repeat, key, at) for key, at in zip(keys["effect"].to_list(), times, strict=True)]
    done = pl.Series(said, dtype=pl.Boolean)
    return keys.filter(~done), keys.filter(done)


def _is_done(walk: Walk, repeat: Repeat, key: str, at: datetime) -> bool:
    in_run = walk.records.effects_done.get(key)
    if in_run is not None:
        return not (repeat.whatever_reason and _may_repeat(repeat, in_run, at))
    happened = walk.given.effects.get(key)
    return happened is not None and not _may_repeat(repeat, happened, at)


def _may_repeat(repeat: Repeat, happened: datetime, at: datetime) -> bool:
    return repeat.every is not None and at - happened >= repeat.every


def note_effects(
    walk: Walk,
    entry: Entry,
    call: StepCall,
    keys: pl.DataFrame,
    ended: Ended,
    begun: Mapping[str, pl.Series],
) -> None:
    """Write down the effects of the leads for which the step answered, and not a steward in its place."""
    stewards = [pl.col(f"decided:{number}") for number in range(len(call.writes))]
    own = ~pl.all_horizontal(stewards) if stewards else pl.lit(True)
    answered = [where(frame, frame["status"] == "answered") for frame in (*ended.done, *ended.given_up)]
    if not any(map(len, answered)):
        return
    happened = parts_of(answered).filter(own).join(keys, on="row", maintain_order="left")
    frame = happened.select("row", "effect", *_SHOWN)
    for write in call.writes[:1]:
        before, after = begun[write.field].gather(frame["row"]), walk.state.take(write.field, frame["row"])
        frame = frame.with_columns(render_cells(before).alias("before"), render_cells(after).alias("after"))
    effect = call.step.signature.effect
    kind = effect.__name__.lower() if effect else call.step.name
    timed = frame.with_columns(happening(walk, frame["row"]))
    walk.records.effect(timed, {"path": entry.path, "kind": kind})
