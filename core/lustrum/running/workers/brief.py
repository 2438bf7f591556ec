"""What is said between a run and its workers: descriptions, never leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lustrum.running.totals import Totals

STEP_TIMED_OUT, WORKER_DIED = "step_timed_out", "worker_died"

Asked = tuple[str, bytes]
"""What a step is asked: its name, and a digest of the inputs and options."""
EVERYTHING = b""
"""In place of a digest: whatever the step is asked."""
Poisons = Mapping[Asked, str]
"""What a step must not be asked any more, with the code that it fails with."""


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a worker must know to plan as the run has, and to look leads up as it would.

    `before` is the run whose leads may be spared, `watched` are the paths of the campaigns that are counted by
    themselves, `pulse` is the file by which the worker shows what it is at.
    """

    root: Path
    run: str
    start: datetime
    header: tuple[str, ...]
    source: str
    campaigns: tuple[str, ...]
    tokens: Mapping[str, str]
    digest: str
    in_place: bool
    no_wait: bool
    only_quarantined: bool
    before: str | None
    facts: Mapping[str, str]
    watched: Mapping[str, tuple[str, ...]]
    pulse: Path


@dataclass(frozen=True, slots=True)
class Order:
    """One batch to be taken through, or, with `stretch`, some of its leads on trial: then nothing is written.

    The `guilty` leads, by row, are left as they are for the reason given. The others go through in so many `pieces`.
    With `tracing` the worker shows what its steps are asked.
    """

    ticket: int
    number: int
    guilty: Mapping[int, str] = field(default_factory=dict[int, str])
    pieces: int = 1
    stretch: tuple[int, int] | None = None
    tracing: bool = False
    poisons: Poisons = field(default_factory=dict[Asked, str])


@dataclass(frozen=True, slots=True)
class Report:
    """What became of an order: the figures, what steps raised, the outcomes by entry, why the run is aborted."""

    ticket: int
    figures: Totals = field(default_factory=Totals)
    leads: int = 0
    rejects: int = 0
    raised: tuple[str, ...] = ()
    outcomes: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    aborted: str | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker has planned, and goes to work; `steps` are the names of all steps, by their numbers."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The worker cannot do what one process could; the run must do it by itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class Raised:
    """Something was raised in the worker that is the run's to raise."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class Lost:
    """Workers ended over an order: with which code its leads fail, and how, in words."""

    code: str
    how: str


Answer = Ready | Refusal | Raised | Report
