"""The story of a lead as plain data: what `lustrum why` shows, and its JSON keys.

Cells are text as in a file, times are ISO 8601. Nothing is told that the journal does not have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that a run changed in the end."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Write:
    """One write to a cell, and whose it was; `candidates` are the readings that lost."""

    field: str
    before: str | None
    after: str | None
    step: str
    plugin: str
    version: str | None
    attempt: int
    reason: str | None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """An ask that did not answer: the attempt, how often was asked so far, and the seconds until the next, if any."""

    attempt: int
    tries: int
    code: str | None
    wait: float | None


@dataclass(frozen=True, slots=True)
class Happening:
    """An effect: what kind, and what happened; `type` is that of a moment or the name of a requested campaign."""

    kind: str
    type: str | None
    subject: str | None
    text: str | None
    before: str | None
    after: str | None
    at: str | None


@dataclass(frozen=True, slots=True)
class Parking:
    """The lead waits here, until when, and with which activity."""

    due: str | None
    activity: str | None


@dataclass(frozen=True, slots=True)
class Holding:
    """Why the lead stands in quarantine: the field that could not be settled (None: the whole lead) and from what."""

    field: str | None
    step: str | None
    path: str | None
    code: str | None
    message: str | None
    attempts: int | None
    inputs: str | None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryStory:
    """What was done to the lead at a path: that of an entry, or of a campaign.

    `campaign` is named where the lead went through its smart list, `choice` is the number of the choice taken (from 1)
    with its `condition` where it is known. `outcome` is what the entry came to in the end (None: it is a campaign);
    `code` and `message` say why, `candidates` the readings that an entry which failed hesitated between.
    """

    path: str
    campaign: str | None = None
    choice: int | None = None
    condition: str | None = None
    outcome: str | None = None
    code: str | None = None
    message: str | None = None
    candidates: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    writes: tuple[Write, ...] = ()
    effects: tuple[Happening, ...] = ()
    parked: tuple[Parking, ...] = ()
    activities: tuple[str, ...] = ()
    quarantine: tuple[Holding, ...] = ()


@dataclass(frozen=True, slots=True)
class RunStory:
    """What a run did to the lead: entry by entry in the order of the flow, and what came of it.

    `carried` is what the lead began with although the source did not have it: the last run had left it so. `net` is
    what differs from the source, `quarantine` what is no entry's doing, `qualified` the campaigns whose qualification
    the lead used up. `versions` are those of lustrum and of the libraries it needs, as the run had them; `updated`
    those that were others in the run told before, with that other version (None: it was not there).
    """

    run: str
    status: str
    started: str
    campaigns: tuple[str, ...]
    source: str
    plan: str
    carried: tuple[Write, ...]
    entries: tuple[EntryStory, ...]
    net: tuple[Cell, ...]
    quarantine: tuple[Holding, ...]
    qualified: tuple[str, ...]
    versions: Mapping[str, str] = field(default_factory=dict[str, str])
    updated: Mapping[str, str | None] = field(default_factory=dict[str, str | None])


@dataclass(frozen=True, slots=True)
class Story:
    """All that the journal has of a lead, or of one of its fields, the latest run last."""

    key: str
    field: str | None
    runs: tuple[RunStory, ...]
