"""What the ledger takes and gives: a run as it starts, a batch as it ends, the answer of an outside call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

Notes = Iterable[Sequence[str | None]]


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What the ledger knows of a run from its start."""

    run: str
    started: datetime
    campaigns: tuple[str, ...]
    plan: str
    source: str
    fingerprint: str
    batch_size: int
    tokens: Mapping[str, str] = field(default_factory=dict[str, str])
    in_place: bool = False
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """What the ledger notes of a batch: its leads and rejects, and rows that count once the run is applied.

    `origin` is the batch from which the leads of a further one come, `figures` what it adds to those of the run. The
    rows are: effects (lead, effect, kind, when), qualifications (lead, campaign, when), kept (lead, field, before,
    after), parked (lead, path, effect, due, activity), consumed (lead, campaign, activity). Times are ISO 8601 in UTC.
    """

    number: int
    leads: int
    rejects: int = 0
    origin: int | None = None
    effects: Notes = ()
    qualifications: Notes = ()
    kept: Notes = ()
    parked: Notes = ()
    consumed: Notes = ()
    figures: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def with_notes(self, notes: Mapping[str, Notes]) -> BatchRecord:
        """Add rows by table."""
        found: dict[str, Any] = dict(notes)
        return replace(self, **found)


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What an outside call was answered, and how long before the start of the run that asks."""

    answer: str
    age: timedelta
