"""How often a lead may go through a campaign, counted from applied runs."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from lustrum.engine.walk import Walk
from lustrum.planning.campaign_tree import Campaign, Qualification

ALREADY_QUALIFIED = "already_qualified"


def part_requalified(walk: Walk, campaign: Campaign, rows: pl.Series) -> pl.Series:
    """Skip the leads that have used up the campaign's qualification, note the others and give them.

    One that went through at another place of this run has used it up too; at the same place it is being tried again.
    """
    if campaign.qualification.every_time or not len(rows):
        return rows
    keys = walk.state.batch.keys.gather(rows).to_list()
    start = walk.given.start
    last = [walk.given.qualified.get((campaign.name, key)) for key in keys]
    elsewhere = walk.records.qualified_elsewhere(campaign.path, campaign.name)
    before = pl.Series([_is_used_up(campaign.qualification, then, start) for then in last], dtype=pl.Boolean)
    used = before | rows.is_in(elsewhere.implode())
    walk.records.skip(campaign.path, rows.filter(used), ALREADY_QUALIFIED)
    walk.records.qualified(campaign.path, campaign.name, rows.filter(~used))
    return rows.filter(~used)


def _is_used_up(rule: Qualification, last: datetime | None, start: datetime) -> bool:
    return last is not None and (rule.every is None or start - last < rule.every)
