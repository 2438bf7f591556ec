"""Root flows: a batch campaign once a batch, a trigger campaign once a wave of activities, each with its requests."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from lustrum.engine.flow import run_campaign
from lustrum.engine.waiting import WAITING, note_passed
from lustrum.engine.walk import Queued, Walk
from lustrum.engine.waves import Wave
from lustrum.planning.actions import Waiting
from lustrum.planning.campaign_tree import SEPARATOR, Campaign, Entry, Trigger


def run_root(walk: Walk, campaign: Campaign, rows: pl.Series) -> None:
    """Take the rows through a campaign nobody calls, then through what was requested on the way."""
    parked = _parked(walk, campaign)
    if campaign.trigger is None:
        _run_flow(walk, campaign, rows, parked)
        return
    for wave, resumed in list(_waves(walk, campaign, campaign.trigger, rows, parked)):
        walk.state.activity = wave
        walk.records.wave += 1
        fresh = wave.activities.filter(~pl.col("resumed"))
        walk.records.consume(campaign.path, campaign.name, fresh.select("row", pl.col("id").alias("activity")))
        _run_flow(walk, campaign, fresh["row"], resumed)
    walk.state.activity = None


def _run_flow(walk: Walk, campaign: Campaign, rows: pl.Series, parked: pl.DataFrame) -> None:
    due = parked.filter(pl.col("due") <= walk.given.start_utc)
    waiting = parked.filter(pl.col("due") > walk.given.start_utc)
    places = _resume(walk, campaign, due)
    _run_one(walk, campaign, rows, waiting, due)
    walk.queue.extend(Queued(place, rows.clear()) for place in places if place is not campaign)
    while walk.queue:
        queued = walk.queue.popleft()
        _run_one(walk, queued.campaign, queued.rows, waiting, due)


def _run_one(walk: Walk, campaign: Campaign, rows: pl.Series, waiting: pl.DataFrame, due: pl.DataFrame) -> None:
    """Run one campaign of the queue; who waits in it, or goes on in it, does not enter it anew."""
    own = pl.col("path").is_in([entry.path for entry in campaign.entries])
    held = waiting.filter(own)["row"]
    walk.records.skip(campaign.path, rows.filter(rows.is_in(held.implode())), WAITING)
    rows = rows.filter(~rows.is_in(pl.concat([held, due.filter(own)["row"]]).implode()))
    walk = walk.afresh()
    if campaign.gate:
        rows = walk.part_undecidable(campaign.path, campaign.gate, campaign.own_writes, rows)
    run_campaign(walk, campaign, rows)


def _parked(walk: Walk, root: Campaign) -> pl.DataFrame:
    """Give who is parked at a wait of a root campaign or of one that it requests, by row."""
    keys = walk.state.batch.keys
    rows = pl.DataFrame([walk.state.rows(), keys.alias("key"), walk.state.batch.trouble.is_null().alias("sound")])
    mine = pl.col("path").str.starts_with(root.path + SEPARATOR)
    return walk.given.parked.filter(mine).join(rows.filter("sound"), on="key", how="inner").drop("key", "sound")


def _resume(walk: Walk, root: Campaign, due: pl.DataFrame) -> list[Campaign]:
    """Set aside who goes on behind which wait, and give the campaigns they go on in."""
    if due.is_empty():
        return []
    return [campaign for campaign in root.tree() if sum(_resumes(walk, entry, due) for entry in campaign.entries)]


def _resumes(walk: Walk, entry: Entry, due: pl.DataFrame) -> bool:
    over = due.filter(pl.col("path") == entry.path)
    if over.is_empty() or not any(isinstance(variant.action, Waiting) for variant in entry.variants):
        return False
    walk.resumed[entry.path] = over["row"].sort()
    note_passed(walk, entry.path, over.select("row", "effect"))
    return True


def _waves(
    walk: Walk, campaign: Campaign, trigger: Trigger, rows: pl.Series, parked: pl.DataFrame
) -> Iterator[tuple[Wave, pl.DataFrame]]:
    """Give each wave with who goes on behind a wait in it: their activities come first, then the new ones in order."""
    due = parked.filter((pl.col("due") <= walk.given.start_utc) & pl.col("activity").is_not_null())
    old = _activities_of(walk, due).with_columns(pl.lit(True).alias("resumed"))
    new = _new_activities(walk, campaign, trigger, rows).with_columns(pl.lit(False).alias("resumed"))
    both = pl.concat([old.select(new.columns), new]).sort(
        "resumed", "date_of_activity", "id", descending=[True, False, False]
    )
    numbered = both.with_columns(pl.int_range(pl.len()).over("row").alias("wave"))
    for wave in numbered.sort("wave", "row").partition_by("wave", maintain_order=True):
        going = wave.filter("resumed").select("row", pl.col("id").alias("activity"))
        yield Wave(wave.drop("wave")), due.join(going, on=["row", "activity"], how="semi")


def _activities_of(walk: Walk, due: pl.DataFrame) -> pl.DataFrame:
    """Give the activities that parked leads wait with; of one the feed has lost, only the id is known."""
    ids = due.select("row", pl.col("activity").alias("id")).unique(maintain_order=True)
    return ids.join(walk.state.past.activities, on=["row", "id"], how="left", maintain_order="left")


def _new_activities(walk: Walk, campaign: Campaign, trigger: Trigger, rows: pl.Series) -> pl.DataFrame:
    found = pl.concat([walk.state.past.matching(asked) for asked in trigger.filters]).unique(["row", "id"])
    taken = [number for name, number in walk.given.consumed if name == campaign.name]
    return found.filter(pl.col("row").is_in(rows.implode()) & ~pl.col("id").is_in(taken))
