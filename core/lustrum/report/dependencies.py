"""Which entries settle a field before another entry reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lustrum.planning.actions import Execution
from lustrum.planning.bindings import StepCall
from lustrum.planning.plan import Campaign, Entry

Settlers = Mapping[str, tuple[str, ...]]
"""By field, the paths of the entries that may have written it last; one that is not there is as in the source."""


def settlers_by_entry(campaigns: Iterable[Campaign]) -> dict[str, Settlers]:
    """Tell for each entry, by path, who may have written each field last when the entry begins.

    An entry that not every lead goes through (`when`, choices, a gate, a repair) stands beside those before it.
    """
    walk = _Walk()
    settlers: Settlers = {}
    for campaign in campaigns:
        settlers = walk.campaign(campaign, settlers)
    return walk.found


class _Walk:
    def __init__(self) -> None:
        self.found: dict[str, Settlers] = {}

    def campaign(self, campaign: Campaign, before: Settlers) -> Settlers:
        after = before
        for entry in campaign.entries:
            after = self._entry(entry, after)
        passed_by = campaign.gate is not None or not campaign.qualification.every_time
        return _either(before, after) if passed_by else after

    def _entry(self, entry: Entry, before: Settlers) -> Settlers:
        self.found[entry.path] = before
        after = _either(*(self._action(entry, variant.action, before) for variant in entry.variants))
        if entry.retry.repair is not None:
            after = _either(after, self.campaign(entry.retry.repair, before))
        passed_by = entry.when is not None or entry.variants[-1].check is not None
        return _either(before, after) if passed_by else after

    def _action(self, entry: Entry, action: StepCall | Execution | None, before: Settlers) -> Settlers:
        if action is None:
            return before
        if isinstance(action, Execution):
            return self.campaign(action.campaign, before)
        return {**before, **dict.fromkeys(action.fields_written, (entry.path,))}


def _either(*ways: Settlers) -> Settlers:
    fields = dict.fromkeys(name for way in ways for name in way)
    return {name: tuple(dict.fromkeys(path for way in ways for path in way.get(name, ()))) for name in fields}
