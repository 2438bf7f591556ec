"""The outline of a plan as plain data: what `lustrum explain` shows, and its JSON keys.

The keys are the attributes below. They are stable: one may be added, none is renamed without a new `format`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lustrum.report.action_outline import ActionOutline
from lustrum.report.condition_outline import ActivityOutline, ConditionOutline
from lustrum.report.field_users import FieldUsers

FORMAT = "lustrum-plan/2"
Verb = Literal["use", "execute", "request", "wait"]
CountedBy = Literal["fields", "activity", "lead"]


@dataclass(frozen=True, slots=True)
class FieldOutline:
    """A field of the leads: its type, its column in the files, and whether the source lacks it.

    One that is `kept` is no column of the output: the journal keeps it. One that is `carried` begins as the last run
    left it, where the leads do not go back to where they come from. `users` says who reads and writes it in the
    campaigns that are run and in what they execute, `requested` the same of requested campaigns, on which no caller
    depends.
    """

    name: str
    type: str
    column: str
    new: bool
    kept: bool
    carried: bool
    users: FieldUsers
    requested: FieldUsers


@dataclass(frozen=True, slots=True)
class Need:
    """A field an entry reads: who may have written it last (nobody: the source), and whether it blocks while unsettled.

    `own` marks a field the entry also writes, which never blocks it.
    """

    field: str
    settled_by: tuple[str, ...]
    blocks: bool
    own: bool = False


@dataclass(frozen=True, slots=True)
class RetryOutline:
    """How an entry is tried again.

    `wait` is as campaign files have it: the waits between transient failures. `deadline` is how long those of a lead
    may take together, `hold` how long one may be to be slept; `codes` are those that are tried again (None: all).
    """

    attempts: int
    strategies: tuple[str, ...]
    transient_attempts: int
    wait: str
    deadline: str | None
    hold: str
    codes: tuple[str, ...] | None
    repair: CampaignOutline | None
    until: ConditionOutline | None


@dataclass(frozen=True, slots=True)
class EntryOutline:
    """One entry: where it stands, whom it takes, what it does, on what it depends, what happens when it fails.

    `number` counts within the flow and its callers (`2.1`); `actions` has one item, or one a choice. `repeat` is how
    often what adds up happens for a lead (None: nothing does), and `counted_by` what makes it another time: the fields
    that conditions and templates read, the activity that set the campaign off, or nothing but the lead.
    """

    number: str
    path: str
    id: str
    place: str
    verb: Verb
    name: str
    when: ConditionOutline | None
    chosen: bool
    actions: tuple[ActionOutline, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    needs: tuple[Need, ...]
    retry: RetryOutline
    on_fail: str
    repeat: str | None
    counted_by: CountedBy

    @property
    def children(self) -> Iterator[CampaignOutline]:
        """Give the campaigns the entry may execute or request, its repair left out."""
        return (action.campaign for action in self.actions if action.campaign is not None)


@dataclass(frozen=True, slots=True)
class CampaignOutline:
    """A campaign at one place of the call tree.

    `smart_list` is the gate its leads pass, `trigger` what a trigger campaign waits for: any of these.
    """

    name: str
    kind: str
    path: str
    place: str
    trigger: tuple[ActivityOutline, ...]
    smart_list: ConditionOutline | None
    qualification: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    entries: tuple[EntryOutline, ...]


@dataclass(frozen=True, slots=True)
class SmartListOutline:
    """A named smart list that conditions refer to: what it stands for, and where it is referred to."""

    name: str
    condition: str
    used_at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionOutline:
    """What a steward decided about a cell."""

    scope: str
    key: str | None
    field: str
    before: str | None
    after: str | None
    verdict: str
    until: str | None
    who: str
    when: str
    place: str | None


@dataclass(frozen=True, slots=True)
class PlanOutline:
    """A whole plan; `attributes` has the types of the activities' attributes that are not text."""

    format: str
    project: str
    digest: str
    key: str | None
    campaigns: tuple[CampaignOutline, ...]
    fields: tuple[FieldOutline, ...]
    attributes: dict[str, str]
    smart_lists: tuple[SmartListOutline, ...]
    decisions: tuple[DecisionOutline, ...]
    warnings: tuple[str, ...]
