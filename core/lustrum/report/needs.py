"""On which fields an entry depends, and on whom for each."""

from __future__ import annotations

from collections.abc import Iterator

from lustrum.planning.actions import Execution
from lustrum.planning.campaign_tree import Entry
from lustrum.report.dependencies import Settlers
from lustrum.report.outline import Need


def needs_of(entry: Entry, settlers: Settlers) -> Iterator[Need]:
    """Give the fields an entry itself reads, in the order of their names."""
    own = set(entry.own_writes)
    blocking = _blocking(entry) - own
    for name in sorted(blocking | _looked_at(entry)):
        yield Need(name, settlers.get(name, ()), blocks=name in blocking, own=name in own)


def _blocking(entry: Entry) -> frozenset[str]:
    """Name the fields that block the entry while they are unsettled."""
    checks = [entry.when, *(variant.check for variant in entry.variants)]
    actions = [variant.action for variant in entry.variants if variant.action]
    asked = frozenset[str]().union(*(check.reads for check in checks if check))
    return asked.union(entry.needs, *(action.needed for action in actions))


def _looked_at(entry: Entry) -> frozenset[str]:
    """Name the fields the entry itself reads, though it can do without them; what a child reads its own entries say."""
    actions = [variant.action for variant in entry.variants]
    states = frozenset[str]().union(*(check.reads | check.asked for check in entry.checks))
    return states.union(*(action.fields_read for action in actions if action and not isinstance(action, Execution)))
