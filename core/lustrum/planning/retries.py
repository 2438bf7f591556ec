"""From `retry:` as it is written, at an entry or as a default, to how the entry is tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from lustrum.files.flow import Entry as EntryModel
from lustrum.files.flow import Retry as RetryModel
from lustrum.files.project import Project
from lustrum.planning.actions import Action
from lustrum.planning.bindings import Check, StepCall
from lustrum.planning.campaign_tree import SEPARATOR, Campaign, Retry, Variant
from lustrum.planning.checks import Checks, PlaceOf
from lustrum.planning.findings import Findings
from lustrum.planning.flow_place import Context, FlowPlace
from lustrum.words.durations import DurationError, Waits, parse_duration, parse_waits
from lustrum.words.outcomes import Attempt
from lustrum.words.places import Place

PlanChild = Callable[[FlowPlace, str, Place, str, Context], Campaign | None]

NO_WAITS = Waits((timedelta(0),))
NO_RETRY = Retry(attempts=1, transient_attempts=1, waits=NO_WAITS, repair=None, until=None)
"""What holds for entries that answer at once or never: requests, waits and removals."""
_FINAL = frozenset({"step_raised", "retry_later"})
"""Codes of failures that are never tried again."""


@dataclass(frozen=True, slots=True)
class RetryPlanner:
    """Plans the retry loops of entries; `plan_child` plans a repair."""

    project: Project
    checks: Checks
    findings: Findings
    plan_child: PlanChild

    def plan(self, flow: FlowPlace, entry: EntryModel, variants: Iterable[Variant]) -> Retry:
        """Plan how an entry is tried again: as it says itself, else as its campaign does, else as the project does."""
        if entry.verb not in ("use", "execute"):
            return NO_RETRY
        variants = tuple(variants)
        model, place = self._model(flow, entry)
        retry = Retry(
            attempts=max((_attempts(each.action, model.attempts) for each in variants if each.action), default=1),
            transient_attempts=model.transient.attempts,
            waits=self._waits(model, place),
            repair=self._repair(flow, entry, model, place),
            until=self.checks.compile(model.until, flow.context.values, place, "until"),
            deadline=self._length(model.transient.deadline, place, "deadline"),
            hold=self._length(model.transient.hold, place, "hold") or timedelta(0),
            codes=self._codes(model, place),
        )
        self._warn(flow, entry, retry, variants, place)
        return retry

    def _model(self, flow: FlowPlace, entry: EntryModel) -> tuple[RetryModel, PlaceOf]:
        """Give what is said nearest to the entry, and how to find the line of a part of it."""
        if entry.retry:
            return entry.retry, partial(flow.place, "retry")
        if default := flow.source.model.defaults.retry:
            return default, partial(flow.source.place, "defaults", "retry")
        return self.project.model.defaults.retry or RetryModel(), partial(self.project.place, "defaults", "retry")

    def _waits(self, model: RetryModel, place: PlaceOf) -> Waits:
        try:
            return parse_waits(model.transient.wait)
        except DurationError as error:
            self.findings.wrong(place("transient", "wait"), str(error))
            return NO_WAITS

    def _length(self, text: str | None, place: PlaceOf, key: str) -> timedelta | None:
        try:
            return None if text is None else parse_duration(text)
        except DurationError as error:
            self.findings.wrong(place("transient", key), str(error))
            return None

    def _repair(self, flow: FlowPlace, entry: EntryModel, model: RetryModel, place: PlaceOf) -> Campaign | None:
        """Plan the repair, which has its own tokens; one that is a default does not repair itself."""
        if model.repair is None or (entry.retry is None and model.repair in flow.context.stack):
            return None
        path = f"{flow.path}{SEPARATOR}{model.repair}"
        return self.plan_child(flow, model.repair, place("repair"), path, Context({}, flow.context.stack))

    def _codes(self, model: RetryModel, place: PlaceOf) -> frozenset[str] | None:
        if "on" not in model.model_fields_set:
            return None
        if not model.on:
            self.findings.wrong(place("on"), "on names no code", "name the codes that are tried again, or leave it out")
        for number, code in enumerate(model.on):
            if code in model.on[:number]:
                self.findings.wrong(place("on", number), f'the code "{code}" stands here twice', "remove one of them")
            if code in _FINAL:
                self.findings.wrong(place("on", number), f"what failed as {code} is never tried again", "remove it")
        return frozenset(model.on)

    def _warn(
        self, flow: FlowPlace, entry: EntryModel, retry: Retry, variants: Iterable[Variant], place: PlaceOf
    ) -> None:
        """Warn of what is lawful and comes to nothing."""
        if retry.deadline is not None and retry.deadline < retry.waits.of(1):
            what = "the deadline is over before the first wait is, so nothing that may pass is tried again"
            self.findings.warn(place("transient", "deadline"), what, "write a longer one, or a shorter wait")
        if entry.verb == "execute" and entry.retry and "transient" in entry.retry.model_fields_set:
            what = f"{entry.target} fails transiently nowhere but in its own entries, which have budgets of their own"
            self.findings.warn(place("transient"), what, "write it there, or as the default of a campaign")
        if retry.until and not _may_change(retry.until, retry, variants):
            what = f"nothing that {flow.path} writes can make its until hold"
            self.findings.warn(place("until"), what, "leads for which it does not hold fail there; name what it writes")


def _may_change(until: Check, retry: Retry, variants: Iterable[Variant]) -> bool:
    written = {name for variant in variants if variant.action for name in variant.action.fields_written}
    repaired = retry.repair.fields_written if retry.repair else ()
    return not written.union(repaired).isdisjoint(until.reads | until.asked)


def _attempts(call: Action, told: int | None) -> int:
    """Count the attempts that can differ: no more than a step has strategies, as many as told where it has none."""
    if not isinstance(call, StepCall):
        return told or 1
    strategies = len(call.step.strategies)
    if not strategies:
        return (told or 1) if Attempt in call.step.signature.injected.values() else 1
    return min(told or strategies, strategies)
