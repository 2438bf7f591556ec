"""Warnings about the order of entries: what is read before it is standardised, and repairs that come too late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lustrum.planning.actions import Execution
from lustrum.planning.campaign_tree import SEPARATOR, Campaign, Entry
from lustrum.planning.findings import Findings


def warn_about_order(roots: Iterable[Campaign], findings: Findings) -> None:
    """Warn where an entry reads a field that a later one standardises, or a repair writes what was already read."""
    for root in roots:
        leaves = list(_leaves(root))
        for position, entry in enumerate(leaves):
            _warn_early_reads(entry, leaves[:position], leaves[position + 1 :], findings)
        _warn_late_repairs(leaves, findings)


def _leaves(campaign: Campaign) -> Iterator[Entry]:
    for entry in campaign.entries:
        yield entry
        for variant in entry.variants:
            if isinstance(variant.action, Execution):
                yield from _leaves(variant.action.campaign)


def _reads(entry: Entry) -> frozenset[str]:
    """Name what an entry itself reads: of one that executes, its conditions and choices, not what its child reads."""
    checks = [entry.when, entry.retry.until, *(variant.check for variant in entry.variants)]
    own = frozenset[str]().union(*(check.reads for check in checks if check))
    return own.union(entry.needs, *(call.fields_read for call in entry.calls))


def _writes(entry: Entry) -> set[str]:
    return {name for call in entry.calls for name in call.fields_written}


def _standardises(entry: Entry) -> set[str]:
    """Name the fields an entry both reads and writes: what it brings into order."""
    return {
        name for call in entry.calls if not call.adds_up for name in call.fields_written if name in call.fields_read
    }


def _warn_early_reads(entry: Entry, before: list[Entry], after: list[Entry], findings: Findings) -> None:
    done = {name for earlier in before for name in _writes(earlier)}
    for later in after:
        _warn_moving_effects(entry, later, findings)
        if later.path.startswith(entry.path + SEPARATOR):
            continue
        early = (_reads(entry) & _standardises(later)) - done - _writes(entry)
        for name in sorted(early):
            what = f"{entry.path} reads {name} before {later.path} standardises it"
            findings.warn(entry.place, what, "change the order, if a second pass is not meant")


def _warn_moving_effects(entry: Entry, later: Entry, findings: Findings) -> None:
    """Warn where what adds up depends on a field that changes after it: the next run takes it for a new reason."""
    if not any(call.adds_up for call in entry.calls) or any(call.adds_up for call in later.calls):
        return
    for name in sorted((_reads(entry) - _writes(entry)) & _writes(later)):
        what = f"{entry.path} adds up by {name}, which {later.path} writes afterwards"
        findings.warn(entry.place, what, "put it behind, or it happens again in the next run")


def _warn_late_repairs(leaves: list[Entry], findings: Findings) -> None:
    for position, entry in enumerate(leaves):
        repair = entry.retry.repair
        if repair is None:
            continue
        for name in repair.fields_written:
            readers = [earlier.path for earlier in leaves[:position] if name in _reads(earlier)]
            if readers:
                what = f"the repair {repair.name} writes {name}, which {readers[0]} has already read"
                findings.warn(entry.place, what, "infer it in the flow, or the next run will change more")
