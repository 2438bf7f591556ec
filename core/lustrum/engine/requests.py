"""Requested campaigns: put into a queue, run when the root flow has ended."""

from __future__ import annotations

import polars as pl

from lustrum.engine.effects import ALREADY_DONE, effect_keys, happening, part_done_before
from lustrum.engine.walk import Queued, Walk
from lustrum.planning.actions import Requisition
from lustrum.planning.plan import Entry
from lustrum.words.outcomes import Outcome


def request_campaign(walk: Walk, entry: Entry, requisition: Requisition, rows: pl.Series) -> None:
    """Put a campaign into the queue for the rows that have not requested it yet, and note the effect.

    Where the leads do not go back to where they come from, what an earlier run's request did is not in the source: it
    is made again, and counts no second time.
    """
    keys = pl.DataFrame([rows.alias("row"), effect_keys(walk, entry, requisition, rows)])
    fresh, before, now = part_done_before(walk, entry, keys)
    if walk.given.in_place:
        now, before = pl.concat([now, before]), before.clear()
    walk.records.skip(entry.path, now["row"], ALREADY_DONE)
    asked = pl.concat([fresh, before])["row"].sort()
    if not len(asked):
        return
    walk.records.outcome(entry.path, asked, Outcome.UNCHANGED)
    effects = fresh.with_columns(happening(walk, fresh["row"]))
    walk.records.effect(effects, {"path": entry.path, "kind": requisition.name, "type": requisition.campaign.name})
    walk.queue.append(Queued(requisition.campaign, asked))
