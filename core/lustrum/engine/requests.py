"""Requested campaigns: put into a queue, run when the root flow has ended."""

from __future__ import annotations

import polars as pl

from lustrum.engine.effects import effect_keys, happening, part_done
from lustrum.engine.walk import Queued, Walk
from lustrum.planning.actions import Requisition
from lustrum.planning.campaign_tree import Entry
from lustrum.words.outcomes import Outcome


def request_campaign(walk: Walk, entry: Entry, requisition: Requisition, rows: pl.Series) -> None:
    """Put a campaign into the queue for the rows that have not requested it yet, and note the effect."""
    keys = part_done(walk, entry, effect_keys(walk, entry, requisition, rows), rows)
    if keys.is_empty():
        return
    walk.records.outcome(entry.path, keys["row"], Outcome.UNCHANGED)
    effects = keys.with_columns(happening(walk, keys["row"]))
    walk.records.effect(effects, {"path": entry.path, "kind": requisition.name, "type": requisition.campaign.name})
    walk.queue.append(Queued(requisition.campaign, keys["row"]))
