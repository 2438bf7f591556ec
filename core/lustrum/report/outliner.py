"""Drawing the outline of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from lustrum.planning.actions import Execution
from lustrum.planning.bindings import Check, StepCall
from lustrum.planning.plan import Campaign, Entry, Plan, Qualification, Repeat, Retry, Variant
from lustrum.report.dependencies import Settlers, settlers_by_entry
from lustrum.report.outline import (
    FORMAT,
    ActionOutline,
    CampaignOutline,
    EntryOutline,
    FieldOutline,
    Need,
    PlanOutline,
    RetryOutline,
)


def outline_plan(plan: Plan, root: Path) -> PlanOutline:
    """Outline a plan; files among the options are named relative to the project's folder `root`."""
    outliner = _Outliner(settlers_by_entry(plan.campaigns), root)
    schema = plan.schema
    fields = [
        FieldOutline(name, kind.value, schema.column(name), name in schema.new) for name, kind in schema.types.items()
    ]
    return PlanOutline(
        FORMAT,
        root.name,
        plan.digest,
        tuple(outliner.campaign(campaign, "") for campaign in plan.campaigns),
        tuple(fields),
        tuple(str(warning) for warning in plan.warnings),
    )


class _Outliner:
    def __init__(self, settlers: Mapping[str, Settlers], root: Path) -> None:
        self._settlers = settlers
        self._root = root

    def campaign(self, campaign: Campaign, number: str) -> CampaignOutline:
        return CampaignOutline(
            name=campaign.name,
            kind=campaign.kind,
            path=campaign.path,
            place=str(campaign.place),
            smart_list=_text(campaign.gate),
            qualification=_qualification(campaign.qualification),
            reads=tuple(sorted(campaign.fields_read)),
            writes=campaign.fields_written,
            entries=tuple(
                self._entry(entry, f"{number}{position}") for position, entry in enumerate(campaign.entries, start=1)
            ),
        )

    def _entry(self, entry: Entry, number: str) -> EntryOutline:
        actions = tuple(self._action(variant, f"{number}.") for variant in entry.variants)
        return EntryOutline(
            number=number,
            path=entry.path,
            id=entry.id,
            place=str(entry.place),
            verb="execute" if any(action.does == "execute" for action in actions) else "use",
            name=entry.name,
            when=_text(entry.when),
            chosen=entry.chosen,
            actions=actions,
            reads=tuple(sorted(entry.fields_read)),
            writes=entry.fields_written,
            needs=tuple(_needs(entry, self._settlers[entry.path])),
            retry=self._retry(entry, f"{number}r."),
            on_fail=entry.on_fail,
            repeat=_repeat(entry.repeat) if any(action.once for action in actions) else None,
        )

    def _action(self, variant: Variant, number: str) -> ActionOutline:
        when, action = _text(variant.check), variant.action
        if action is None:
            return ActionOutline("nothing", "", when)
        if isinstance(action, Execution):
            child = self.campaign(action.campaign, number)
            return ActionOutline("execute", child.name, when, reads=child.reads, writes=child.writes, campaign=child)
        return ActionOutline(
            does="use",
            name=action.step.name,
            when=when,
            plugin=action.origin.plugin,
            version=action.origin.version,
            options=self._options(action),
            given=tuple(_given(action)),
            tokens=tuple(option.option for option in action.rendered),
            reads=tuple(sorted(action.fields_read)),
            writes=action.fields_written,
            once=action.adds_up,
        )

    def _options(self, call: StepCall) -> dict[str, Any]:
        plain = call.step.options.adapter.dump_python(
            dict(call.options), mode="json", by_alias=True, warnings=False, fallback=str
        )
        return {name: self._relative(call.options[name], value) for name, value in plain.items()}

    def _relative(self, option: object, plain: object) -> object:
        inside = isinstance(option, Path) and option.is_relative_to(self._root)
        return option.relative_to(self._root).as_posix() if isinstance(option, Path) and inside else plain

    def _retry(self, entry: Entry, number: str) -> RetryOutline:
        retry = entry.retry
        return RetryOutline(
            attempts=retry.attempts,
            strategies=_strategies(entry),
            transient_attempts=retry.transient_attempts,
            wait=_wait(retry),
            repair=self.campaign(retry.repair, number) if retry.repair else None,
            until=_text(retry.until),
        )


def _text(check: Check | None) -> str | None:
    return check.text if check else None


def _strategies(entry: Entry) -> tuple[str, ...]:
    """Name the strategies that the attempts reach, of all steps the entry may use."""
    calls = [variant.action for variant in entry.variants if isinstance(variant.action, StepCall)]
    return tuple(dict.fromkeys(name for call in calls for name in call.step.strategies[: entry.retry.attempts]))


def _given(call: StepCall) -> Iterator[str]:
    defaults = call.step.options.defaults
    return (name for name, value in call.options.items() if name not in defaults or defaults[name] != value)


def _needs(entry: Entry, settlers: Settlers) -> Iterator[Need]:
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
    checks = [entry.when, entry.retry.until, *(variant.check for variant in entry.variants)]
    calls = [variant.action for variant in entry.variants if isinstance(variant.action, StepCall)]
    states = frozenset[str]().union(*(check.reads | check.asked for check in checks if check))
    return states.union(*(call.fields_read for call in calls))


def _qualification(rule: Qualification) -> str:
    if rule.every_time:
        return "every time"
    return "once" if rule.every is None else f"once every {duration_text(rule.every)}"


def _repeat(repeat: Repeat) -> str:
    if repeat.every is None:
        return "once"
    return f"every {duration_text(repeat.every)}" if repeat.every else "always"


def _wait(retry: Retry) -> str:
    low, high = (duration_text(wait) for wait in retry.wait)
    return low if low == high else f"{low}..{high}"


_UNITS: Iterable[tuple[str, timedelta]] = (
    ("d", timedelta(days=1)),
    ("h", timedelta(hours=1)),
    ("m", timedelta(minutes=1)),
    ("s", timedelta(seconds=1)),
)


def duration_text(length: timedelta) -> str:
    """Write a length of time as campaign files have it, in the largest unit that divides it.

    >>> duration_text(timedelta(hours=36)), duration_text(timedelta(days=30)), duration_text(timedelta(seconds=0.5))
    ('36h', '30d', '0.5s')
    """
    for unit, size in _UNITS:
        if length and not length % size:
            return f"{length // size}{unit}"
    return f"{length.total_seconds():g}s"
