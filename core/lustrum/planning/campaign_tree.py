"""Campaigns with everything resolved, as they stand in the call tree: entries, variants, retries and repetitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from lustrum.files.guards import CampaignGuards
from lustrum.planning.actions import Action, Execution, Requisition
from lustrum.planning.bindings import Check, StepCall
from lustrum.words.durations import Waits
from lustrum.words.places import Place

if TYPE_CHECKING:
    from lustrum.words.conditions import ActivityFilter

OnFail = Literal["block", "stop", "continue", "abort"]
SEPARATOR = " > "
HOLD = timedelta(seconds=30)
"""Waits up to this are slept; for a longer one leads are put aside."""


@dataclass(frozen=True)
class Variant:
    """What an entry does where its choice holds; nothing where `action` is None."""

    check: Check | None
    action: Action | None


@dataclass(frozen=True, slots=True)
class Retry:
    """How an entry is tried again.

    `attempts` in all, a budget for transient failures (`transient_attempts`, `waits`, `deadline`; a wait beyond `hold`
    is not slept), the `codes` that are tried again (None: all), a repair and a goal.
    """

    attempts: int
    transient_attempts: int
    waits: Waits
    repair: Campaign | None
    until: Check | None
    deadline: timedelta | None = None
    hold: timedelta = HOLD
    codes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often what adds up may happen again: never (`every` is None), always (zero), or after so long.

    `whatever_reason` counts by lead and entry alone, not by what the entry's conditions and templates read.
    """

    every: timedelta | None = None
    whatever_reason: bool = False


@dataclass(frozen=True)
class Entry:
    """One place in a flow."""

    id: str
    path: str
    place: Place
    when: Check | None
    variants: tuple[Variant, ...]
    chosen: bool
    retry: Retry
    on_fail: OnFail
    needs: frozenset[str]
    repeat: Repeat

    @cached_property
    def calls(self) -> tuple[StepCall, ...]:
        """The step calls among its variants."""
        return tuple(variant.action for variant in self.variants if isinstance(variant.action, StepCall))

    @property
    def adds_up(self) -> bool:
        """Whether it does, in some choice, what must happen once."""
        return any(v.action.adds_up for v in self.variants if v.action and not isinstance(v.action, Execution))

    @property
    def name(self) -> str:
        """The step or campaign this entry uses."""
        return next((_action_name(variant) for variant in self.variants if variant.action), self.id)

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Its conditions: `when`, those of its choices, `until`."""
        found = [self.when, *(variant.check for variant in self.variants), self.retry.until]
        return tuple(check for check in found if check)

    @cached_property
    def fields_read(self) -> frozenset[str]:
        """All fields the entry may read: conditions, choices, parameters, tokens, needs, until, repair."""
        actions = [variant.action for variant in self.variants if variant.action]
        found = frozenset[str]().union(*(check.reads for check in self.checks))
        repair = self.retry.repair.fields_read if self.retry.repair else frozenset[str]()
        return found.union(self.needs, repair, *(action.fields_read for action in actions))

    @cached_property
    def fields_written(self) -> tuple[str, ...]:
        """All fields the entry may write, repairs included, in order."""
        actions = [variant.action for variant in self.variants if variant.action]
        own = [name for action in actions for name in action.fields_written]
        repair = self.retry.repair.fields_written if self.retry.repair else ()
        return tuple(dict.fromkeys([*own, *repair]))

    @cached_property
    def own_writes(self) -> tuple[str, ...]:
        """The fields of its steps and children, repairs left out: what becomes unsettled when it gives up."""
        actions = [variant.action for variant in self.variants if variant.action]
        return tuple(dict.fromkeys(name for action in actions for name in action.own_writes))


def _action_name(variant: Variant) -> str:
    action = variant.action
    if isinstance(action, Execution | Requisition):
        return action.campaign.name
    return action.name if action else ""


@dataclass(frozen=True, slots=True)
class Qualification:
    """How often a lead may go through a campaign: `every` is None for once ever, zero for every time.

    `when_changed` spares the run a lead that is as it was; what was found then counts for as long as it `holds`.
    """

    every: timedelta | None = timedelta(0)
    when_changed: bool = False
    holds: timedelta | None = None

    @property
    def every_time(self) -> bool:
        """Whether no history is needed."""
        return self.every == timedelta(0)


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a trigger campaign waits for: an activity that any of the filters matches."""

    filters: tuple[ActivityFilter, ...]


@dataclass(frozen=True)
class Campaign:
    """A smart list and a flow, as they stand at one place of the call tree."""

    name: str
    kind: str
    path: str
    place: Place
    gate: Check | None
    entries: tuple[Entry, ...]
    qualification: Qualification = Qualification()
    trigger: Trigger | None = None
    guards: CampaignGuards = field(default_factory=CampaignGuards)

    @cached_property
    def fields_read(self) -> frozenset[str]:
        """All fields read by the smart list and the flow."""
        gate = self.gate.reads if self.gate else frozenset[str]()
        return gate.union(*(entry.fields_read for entry in self.entries))

    @cached_property
    def fields_written(self) -> tuple[str, ...]:
        """All fields written by the flow, in order."""
        return tuple(dict.fromkeys(name for entry in self.entries for name in entry.fields_written))

    @cached_property
    def own_writes(self) -> tuple[str, ...]:
        """All fields written by the flow, those of repairs left out, in order."""
        return tuple(dict.fromkeys(name for entry in self.entries for name in entry.own_writes))

    @property
    def checks(self) -> Iterator[Check]:
        """Give every condition of the smart list and the flow, not those of other campaigns."""
        if self.gate:
            yield self.gate
        for entry in self.entries:
            yield from entry.checks

    def tree(self) -> Iterator[Campaign]:
        """Give the campaign and all that its entries execute, repair with or request."""
        yield self
        for entry in self.entries:
            for child in (*children(entry), *requested(entry)):
                yield from child.tree()

    def walk(self) -> Iterator[Entry]:
        """Give every entry of the flow, of its children and repairs and of what it requests, in order."""
        for entry in self.entries:
            yield entry
            for child in (*children(entry), *requested(entry)):
                yield from child.walk()


def children(entry: Entry) -> tuple[Campaign, ...]:
    """Give the campaigns an entry may execute: its children, then its repair."""
    executed = [v.action.campaign for v in entry.variants if isinstance(v.action, Execution)]
    return tuple([*executed, entry.retry.repair] if entry.retry.repair else executed)


def requested(entry: Entry) -> tuple[Campaign, ...]:
    """Give the campaigns an entry may request."""
    return tuple(v.action.campaign for v in entry.variants if isinstance(v.action, Requisition))
