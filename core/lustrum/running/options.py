"""What the caller of a run decides, and where its leads come from and go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lustrum.contracts.sources import Sink, Source

BATCH_SIZE = 100_000


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the caller of a run decides; what is left out the project decides.

    With `no_wait` a lead does not wait longer than can be slept; `tokens` are values of my tokens, for this run only.
    """

    campaigns: tuple[str, ...] = ()
    leads: str | None = None
    out: str | None = None
    dry_run: bool = False
    limit: int | None = None
    run_id: str | None = None
    batch_size: int = BATCH_SIZE
    no_wait: bool = False
    tokens: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a run: the source, the sink and where it writes."""

    source: Source
    sink: Sink
    target: str

    @property
    def in_place(self) -> bool:
        """Whether the leads go where they came from."""
        return "://" not in self.target and Path(self.source.location).resolve() == Path(self.target).resolve()
