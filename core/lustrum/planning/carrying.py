"""Which fields are carried from run to run, where the leads do not go back to where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lustrum.planning.actions import Waiting
from lustrum.planning.bindings import Check
from lustrum.planning.campaign_tree import Campaign, Entry, requested
from lustrum.planning.plan import Schema


def carried_fields(roots: Iterable[Campaign], schema: Schema) -> frozenset[str]:
    """Name the fields that are written by what does not happen every night.

    The next run does not write them again, and the source does not have them: trigger and requested campaigns, those
    that hold a wait or qualify once, what a condition about the past or a kept field lets in, and steps that add up or
    remember what they wrote.
    """
    found = {name for root in roots for campaign in root.tree() for name in _carried(campaign, schema)}
    return frozenset(found - schema.kept)


def _carried(campaign: Campaign, schema: Schema) -> Iterator[str]:
    gate = [campaign.gate] if campaign.gate else []
    seldom = campaign.trigger is not None or not campaign.qualification.every_time or _asks_the_past(gate, schema)
    if seldom or any(isinstance(variant.action, Waiting) for entry in campaign.entries for variant in entry.variants):
        yield from campaign.fields_written
    for entry in campaign.entries:
        yield from (name for child in requested(entry) for name in child.fields_written)
        yield from entry.fields_written if _asks_the_past(entry.checks, schema) else _added(entry)


def _added(entry: Entry) -> Iterator[str]:
    for call in entry.calls:
        if call.adds_up or call.step.remembers:
            yield from call.fields_written


def _asks_the_past(checks: Iterable[Check], schema: Schema) -> bool:
    return any(check.activities or check.reads & schema.kept for check in checks)
