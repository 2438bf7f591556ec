"""From `retry:` as it is written, at an entry or as a default, to how the entry is tried again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from lustrum.files.flow import Entry as EntryModel
from lustrum.files.flow import Retry as RetryModel
from lustrum.planning.bindings import StepCall
from lustrum.planning.checks import Checks
from lustrum.planning.findings import Findings
from lustrum.planning.flow_place import Context, FlowPlace
from lustrum.planning.plan import SEPARATOR, Campaign, Retry, Variant
from lustrum.words.durations import DurationError, parse_wait
from lustrum.words.outcomes import Attempt
from lustrum.words.places import Place

PlanChild = Callable[[FlowPlace, str, Place, str, Context], Campaign | None]


@dataclass(frozen=True, slots=True)
class RetryPlanner:
    """Plans the retry loops of entries; `defaults` are the project's, `plan_child` plans a repair."""

    defaults: RetryModel | None
    checks: Checks
    findings: Findings
    plan_child: PlanChild

    def plan(self, flow: FlowPlace, entry: EntryModel, variants: Iterable[Variant]) -> Retry:
        """Plan how an entry is tried again."""
        model = entry.retry or flow.source.model.defaults.retry or self.defaults or RetryModel()
        place = ("retry",)
        wait = (timedelta(0), timedelta(0))
        try:
            parsed = parse_wait(model.transient.wait[0])
            wait = (parsed.low, parsed.high)
        except DurationError as error:
            self.findings.wrong(flow.place(*place, "transient", "wait"), str(error))
        repair = None
        inherited = entry.retry is None and model.repair in flow.context.stack
        if model.repair is not None and not inherited:
            where = flow.place(*place, "repair")
            path = f"{flow.path}{SEPARATOR}{model.repair}"
            repair = self.plan_child(flow, model.repair, where, path, flow.context)
        until = self.checks.compile(model.until, flow.context.values, flow.place, *place, "until")
        attempts = max((_attempts(variant, model.attempts) for variant in variants), default=1)
        return Retry(attempts, model.transient.attempts, wait, repair, until)


def _attempts(variant: Variant, told: int | None) -> int:
    """Count the attempts that can differ: no more than a step has strategies, as many as told where it has none."""
    call = variant.action
    if not isinstance(call, StepCall):
        return told or 1
    strategies = len(call.step.strategies)
    if not strategies:
        return (told or 1) if Attempt in call.step.signature.injected.values() else 1
    return min(told or strategies, strategies)
