"""Which entries settle a field before another entry reads it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from lustrum.planning.actions import Action, Execution, Removal, Requisition, Waiting
from lustrum.planning.campaign_tree import Campaign, Entry

Settlers = Mapping[str, tuple[str, ...]]
"""By field, the paths of the entries that may have written it last; one that is not there is as in the source."""


def settlers_by_entry(campaigns: Iterable[Campaign]) -> dict[str, Settlers]:
    """Tell for each entry, by path, who may have written each field last when the entry begins.

    An entry that not every lead goes through (`when`, choices, a gate, a repair) stands beside those before it, and
    what follows a place where leads may leave the flow beside what came before it. What is requested comes after the
    root flow, in the order of the requests; a trigger campaign is looked at as if one activity set it off.
    """
    walk = _Walk()
    settlers: Settlers = {}
    for campaign in campaigns:
        settlers = walk.root(campaign, settlers)
    return walk.found


class _Walk:
    def __init__(self) -> None:
        self.found: dict[str, Settlers] = {}
        self._requests: deque[Campaign] = deque()
        self._left: list[Settlers] = []

    def root(self, campaign: Campaign, before: Settlers) -> Settlers:
        """Walk a root flow, then what was requested on the way."""
        after = self._flow(campaign, before)
        while self._requests:
            after = _either(after, self._flow(self._requests.popleft(), after))
        return after

    def _flow(self, campaign: Campaign, before: Settlers) -> Settlers:
        """Walk a flow that leads leave for themselves: a root, a requested campaign, a repair."""
        outer, self._left = self._left, []
        after = _either(self._campaign(campaign, before), *self._left)
        self._left = outer
        return after

    def _campaign(self, campaign: Campaign, before: Settlers) -> Settlers:
        after = before
        for entry in campaign.entries:
            after = self._entry(entry, after)
        passed_by = campaign.gate is not None or not campaign.qualification.every_time
        return _either(before, after) if passed_by else after

    def _entry(self, entry: Entry, before: Settlers) -> Settlers:
        self.found[entry.path] = before
        after = _either(*(self._action(entry, variant.action, before) for variant in entry.variants))
        if entry.retry.repair is not None:
            after = _either(after, self._flow(entry.retry.repair, before))
        if entry.on_fail == "stop":
            self._left.append(after)
        passed_by = entry.when is not None or entry.variants[-1].check is not None
        return _either(before, after) if passed_by else after

    def _action(self, entry: Entry, action: Action | None, before: Settlers) -> Settlers:
        match action:
            case None:
                return before
            case Execution():
                return self._campaign(action.campaign, before)
            case Requisition():
                self._requests.append(action.campaign)
                return before
            case Waiting() | Removal():
                self._left.append(before)
                return before
            case _:
                return {**before, **dict.fromkeys(action.fields_written, (entry.path,))}


def _either(*ways: Settlers) -> Settlers:
    fields = dict.fromkeys(name for way in ways for name in way)
    return {name: tuple(dict.fromkeys(path for way in ways for path in way.get(name, ()))) for name in fields}
