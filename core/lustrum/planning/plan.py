"""What a plan is: the campaigns of a run with everything resolved, and the fields of its leads, as frozen values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from lustrum.files.decisions import Decision
from lustrum.planning.campaign_tree import Campaign, Entry, Trigger
from lustrum.words.errors import Problem
from lustrum.words.fields import FieldType

if TYPE_CHECKING:
    from lustrum.words.conditions import ActivityFilter


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields of the leads: their types, the column each has in the source, and which are new.

    Of the new ones, those `kept` are no column of the output: lists and statuses, which the ledger keeps.
    """

    types: Mapping[str, FieldType]
    columns: Mapping[str, str]
    new: tuple[str, ...]
    key: str | None
    kept: frozenset[str] = frozenset()

    def column(self, name: str) -> str:
        """Name the column of a field in the source, or in the output for a new one."""
        return self.columns.get(name, name)


@dataclass(frozen=True)
class Plan:
    """All that a run needs to know before it sees a lead.

    `digest` stands for the plan of this start, `rules` for what is the same whenever it runs.
    """

    campaigns: tuple[Campaign, ...]
    schema: Schema
    decisions: tuple[Decision, ...]
    start: datetime
    digest: str
    warnings: tuple[Problem, ...] = field(default=())
    attributes: Mapping[str, FieldType] = field(default_factory=dict[str, FieldType])
    carried: frozenset[str] = frozenset()
    rules: str = ""

    @cached_property
    def fields_written(self) -> tuple[str, ...]:
        """All fields any campaign writes, requested ones included, in order."""
        return tuple(dict.fromkeys(name for tree in self.tree for name in tree.fields_written))

    @cached_property
    def tree(self) -> tuple[Campaign, ...]:
        """Every campaign at every place of the call tree."""
        return tuple(campaign for root in self.campaigns for campaign in root.tree())

    @cached_property
    def needs_history(self) -> bool:
        """Whether some entry adds up, or some campaign counts how often a lead goes through."""
        adding = any(entry.adds_up for entry in self.entries())
        return adding or any(not campaign.qualification.every_time for campaign in self.tree)

    @cached_property
    def activity_filters(self) -> frozenset[ActivityFilter]:
        """The questions about activities that any condition asks."""
        nothing: frozenset[ActivityFilter] = frozenset()
        return nothing.union(*(check.activities for campaign in self.tree for check in campaign.checks))

    @property
    def when_changed(self) -> bool:
        """Whether leads that are as they were need not go through."""
        return any(campaign.qualification.when_changed for campaign in self.campaigns)

    @property
    def holds(self) -> timedelta | None:
        """How long what was found for a lead counts, None for as long as the lead is as it was."""
        return min((root.qualification.holds for root in self.campaigns if root.qualification.holds), default=None)

    @cached_property
    def fields_used(self) -> tuple[str, ...]:
        """The fields of the source that any campaign reads or writes, and those it adds, sorted."""
        read = frozenset[str]().union(*(campaign.fields_read for campaign in self.tree))
        return tuple(sorted(read.union(self.fields_written) - self.schema.kept))

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """What its trigger campaigns wait for."""
        return tuple(campaign.trigger for campaign in self.campaigns if campaign.trigger)

    def entries(self) -> Iterator[Entry]:
        """Give every entry of every campaign, in order."""
        for campaign in self.campaigns:
            yield from campaign.walk()
