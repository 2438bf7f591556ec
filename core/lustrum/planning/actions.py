"""What an entry does: use a step, execute or request a campaign, wait, or remove from the flow."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from lustrum.planning.bindings import RenderedOption, StepCall

if TYPE_CHECKING:
    from lustrum.planning.campaign_tree import Campaign

WAIT, REMOVE_FROM_FLOW = "wait", "remove_from_flow"


@dataclass(frozen=True)
class Execution:
    """An executable campaign, run here and now for the leads in hand."""

    campaign: Campaign

    @property
    def needed(self) -> frozenset[str]:
        """The fields of the child's smart list."""
        return self.campaign.gate.reads if self.campaign.gate else frozenset()

    @property
    def fields_read(self) -> frozenset[str]:
        """All fields the child reads."""
        return self.campaign.fields_read

    @property
    def fields_written(self) -> tuple[str, ...]:
        """All fields the child writes."""
        return self.campaign.fields_written

    @property
    def own_writes(self) -> tuple[str, ...]:
        """The fields the child writes, those of its repairs left out."""
        return self.campaign.own_writes


@dataclass(frozen=True)
class Silent:
    """What an entry does that neither reads nor writes a field of the lead: the caller depends on nothing in it."""

    fields_written: tuple[str, ...] = field(default=(), init=False)
    own_writes: tuple[str, ...] = field(default=(), init=False)
    rendered: tuple[RenderedOption, ...] = field(default=(), init=False)

    @property
    def needed(self) -> frozenset[str]:
        """The fields of the tokens in it."""
        return frozenset[str]().union(*(option.reads for option in self.rendered))

    @property
    def fields_read(self) -> frozenset[str]:
        """The same: it reads nothing else."""
        return self.needed


@dataclass(frozen=True)
class Requisition(Silent):
    """A campaign that is run after the root flow, beside the caller."""

    campaign: Campaign
    adds_up = True

    @property
    def name(self) -> str:
        """The kind of its effect."""
        return "request"


@dataclass(frozen=True)
class Removal(Silent):
    """`remove_from_flow`: the lead leaves this flow and its callers'."""

    adds_up = False

    @property
    def name(self) -> str:
        """The step's name in campaign files."""
        return REMOVE_FROM_FLOW


@dataclass(frozen=True)
class Waiting(Silent):
    """`wait`: for so long, or until the date or time that a text gives for each lead."""

    duration: timedelta | None
    until: RenderedOption | None
    adds_up = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "rendered", (self.until,) if self.until else ())

    @property
    def name(self) -> str:
        """The step's name in campaign files, and the kind of its effect."""
        return WAIT


Action = StepCall | Execution | Requisition | Removal | Waiting
