"""The outline of a plan as plain data: what `lustrum explain` shows, and its JSON keys.

The keys are the attributes below. They are stable: one may be added, none is renamed without a new `format`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

FORMAT = "lustrum-plan/1"


@dataclass(frozen=True, slots=True)
class FieldOutline:
    """A field of the leads: its type, its column in the files, and whether the source lacks it."""

    name: str
    type: str
    column: str
    new: bool


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
class ActionOutline:
    """What is done where `when` holds (None: always, or for all others): a step, a child campaign, or nothing.

    `options` holds all options of a step, `given` names those that do not stand at their default, `tokens` those that
    are rendered for each lead.
    """

    does: Literal["use", "execute", "nothing"]
    name: str
    when: str | None = None
    plugin: str = ""
    version: str = ""
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    given: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    once: bool = False
    campaign: CampaignOutline | None = None


@dataclass(frozen=True, slots=True)
class RetryOutline:
    """How an entry is tried again; `wait` is the shortest and the longest wait between transient failures."""

    attempts: int
    strategies: tuple[str, ...]
    transient_attempts: int
    wait: str
    repair: CampaignOutline | None
    until: str | None


@dataclass(frozen=True, slots=True)
class EntryOutline:
    """One entry: where it stands, whom it takes, what it does, on what it depends, what happens when it fails.

    `number` counts within the flow and its callers (`2.1`); `actions` has one item, or one a choice.
    """

    number: str
    path: str
    id: str
    place: str
    verb: Literal["use", "execute"]
    name: str
    when: str | None
    chosen: bool
    actions: tuple[ActionOutline, ...]
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    needs: tuple[Need, ...]
    retry: RetryOutline
    on_fail: str
    repeat: str | None

    @property
    def children(self) -> Iterator[CampaignOutline]:
        """Give the campaigns the entry may execute, its repair left out."""
        return (action.campaign for action in self.actions if action.campaign is not None)


@dataclass(frozen=True, slots=True)
class CampaignOutline:
    """A campaign at one place of the call tree; `smart_list` is the gate its leads pass."""

    name: str
    kind: str
    path: str
    place: str
    smart_list: str | None
    qualification: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    entries: tuple[EntryOutline, ...]


@dataclass(frozen=True, slots=True)
class PlanOutline:
    """A whole plan."""

    format: str
    project: str
    digest: str
    campaigns: tuple[CampaignOutline, ...]
    fields: tuple[FieldOutline, ...]
    warnings: tuple[str, ...]
