"""Going on with a run that did not come to its end, or applying one that was held back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from lustrum.files.locations import located, noted
from lustrum.files.settings import Allow
from lustrum.planning.plan import Plan
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.ledger import APPLIED, BROKEN, RUNNING, Ledger
from lustrum.running.options import BATCH_SIZE, RunOptions
from lustrum.running.summary import Summary
from lustrum.running.totals import Totals
from lustrum.words.errors import UsageError

INTERRUPTED, DRY, STOPPED = "interrupted", "dry", "stopped"
_UNENDED = (RUNNING, INTERRUPTED, BROKEN)
_HELD = (DRY, STOPPED)
ABORTED = "aborted"
"""Among the kept figures of a batch: the message of an entry that aborted the run."""


class CannotGoOn(UsageError):
    """A run cannot be gone on with as things stand now."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"{what}; `lustrum run --restart` starts again")


@dataclass(frozen=True, slots=True)
class Begun:
    """A run of the past as the ledger has it: what it was asked to do, and over what."""

    run: str
    status: str
    started: datetime
    plan: str
    source: str
    fingerprint: str
    options: RunOptions

    @property
    def is_applied(self) -> bool:
        """Whether its leads have their name, and only its end was not told."""
        return self.status == APPLIED

    def check(self, plan: Plan, fingerprint: str) -> None:
        """See that source and plan are what they were. Raises `CannotGoOn`."""
        if self.fingerprint != fingerprint:
            raise CannotGoOn(f"the source {self.source} or the feed has changed since run {self.run} began")
        if self.plan != plan.digest:
            raise CannotGoOn(
                "campaigns, settings, decisions, aliases, tables or the version of a plugin have changed since "
                f"run {self.run} began"
            )


class Done:
    """The figures of the batches that a run has committed before it was interrupted."""

    def __init__(self, journal: Journal) -> None:
        committed = journal.figures()
        said: list[str] = [figures.pop(ABORTED) for _, figures in committed.values() if ABORTED in figures]
        self.aborted = said[0] if said else None
        self._first = {number: figures for number, (origin, figures) in committed.items() if origin is None}
        self.next_number = max(committed, default=-1) + 1
        self.further = Totals()
        for origin, figures in committed.values():
            if origin is not None:
                self.further.merge(Totals.of(figures))

    def of(self, number: int) -> Totals | None:
        """Give what a batch of the source added to the run's figures, or None if it is still to be done."""
        found = self._first.get(number)
        return None if found is None else Totals.of(found)


def find_unended(ledger: Ledger, options: RunOptions) -> Begun | None:
    """Find the run to go on with: the one that is named, or the last, if it did not come to its end.

    Raises `CannotGoOn` where the caller wants something else of it.
    """
    for begun in _latest(ledger, options.run_id):
        if begun.status in _UNENDED and _same_kind(begun.options, options):
            return replace(begun, options=_agreed(begun, options, ledger.root))
        if begun.status == APPLIED:
            return begun if options.run_id else None
    return None


def _same_kind(begun: RunOptions, asked: RunOptions) -> bool:
    return all(getattr(begun, name) == getattr(asked, name) for name in ("dry_run", "only_quarantined", "undoes"))


def find_held(ledger: Ledger, run: str, accepted: tuple[str, ...]) -> Begun:
    """Find a run that was held back and may be applied. Raises `UsageError`."""
    for begun in _latest(ledger, None):
        if begun.run == run:
            break
        if begun.status == APPLIED:
            raise UsageError(
                f"run {begun.run} was applied after {run} began, so what {run} found may be done: run again"
            )
    else:
        raise UsageError(f"there was no run {run}")
    if begun.status not in _HELD:
        remedy = "; go on with it by `lustrum run --resume`" if begun.status in _UNENDED else ""
        raise UsageError(f"run {run} is not held back, it is {begun.status}{remedy}")
    stopped_by = [trip["guard"] for trip in json.loads((ledger.run(run) or {})["summary"]).get("tripped", ())]
    for name in accepted:
        if name not in stopped_by:
            by = f"it was stopped by: {', '.join(stopped_by)}" if stopped_by else "no guard stopped it"
            raise UsageError(f"the guard {name} did not stop run {run}; {by}")
    return replace(begun, options=replace(begun.options, dry_run=False, accepted=accepted))


def _latest(ledger: Ledger, run: str | None) -> Iterator[Begun]:
    for name in [run] if run else reversed(ledger.runs()):
        found = ledger.run(name)
        if found:
            yield _begun(ledger.root, found)


def _begun(root: Path, found: Mapping[str, Any]) -> Begun:
    asked = {"leads": found["source"], **json.loads(found["options"])}
    if asked.get("out") is not None:
        asked["out"] = located(root, asked["out"])
    options = RunOptions(
        campaigns=tuple(json.loads(found["campaigns"])),
        run_id=found["run"],
        batch_size=found["batch_size"],
        tokens=json.loads(found["tokens"]),
        **asked,
    )
    started = datetime.fromisoformat(found["started"])
    return Begun(found["run"], found["status"], started, found["plan"], found["source"], found["fingerprint"], options)


def _agreed(begun: Begun, asked: RunOptions, root: Path) -> RunOptions:
    """Give what the run was asked at first, if the caller does not ask for something else now. Raises `CannotGoOn`."""
    first, usual = begun.options, RunOptions(batch_size=BATCH_SIZE)
    for name in ("campaigns", "leads", "out", "limit", "batch_size", "no_wait", "tokens", "full"):
        wanted = getattr(asked, name)
        if wanted != getattr(usual, name) and not _same(name, wanted, getattr(first, name), root):
            raise CannotGoOn(
                f"run {begun.run} began with another {name.replace('_', ' ')} ({getattr(first, name)}) than {wanted}; "
                "leave it out to go on with that run"
            )
    return replace(first, workers=asked.workers, memory=asked.memory, profile=asked.profile)


def _same(name: str, wanted: Any, first: Any, root: Path) -> bool:
    if name in ("leads", "out") and isinstance(wanted, str) and isinstance(first, str):
        return noted(root, wanted) == noted(root, first)
    return bool(wanted == first)


def told_again(ledger: Ledger, begun: Begun, allow: Allow) -> Summary:
    """Give the summary of a run that is applied, as far as the ledger has it."""
    found = ledger.run(begun.run) or {}
    known = json.loads(found["summary"])
    totals = Totals()
    for _, figures in ledger.figures(begun.run).values():
        totals.merge(Totals.of(figures))
    return Summary(
        run=begun.run,
        status="applied",
        campaigns=begun.options.campaigns,
        source=begun.source,
        description=known.get("dialect", ""),
        totals=totals,
        quarantine_allowed=not allow.quarantined.exceeded(totals.quarantined, of=totals.leads),
        complaints=(f"run {begun.run} was applied before; nothing was done",),
        outputs=known.get("outputs", {}),
    )
