"""What the caller of a run decides, and where its leads come from and go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lustrum.contracts.sources import Sink, Source

BATCH_SIZE = 100_000


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the caller of a run decides; what is left out the project decides.

    With `no_wait` a lead does not wait longer than can be slept; `tokens` are values of my tokens, for this run only.
    `resume` goes on with the last run if it did not come to its end; where it cannot, `restart` lets a new one begin.
    `accepted` names the guards that may be exceeded. `full` takes leads through that have not changed too;
    `only_quarantined` takes only those through that the last run left in quarantine. `undoes` is the run of which a
    part is taken back. `workers` is the number of worker processes: 0 for none, left out as many as pay. With `memory`,
    in bytes, the size of batches is found out. With `profile` the summary says where the time
    went, and no worker helps.
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
    resume: bool = False
    restart: bool = False
    accepted: tuple[str, ...] = ()
    full: bool = False
    only_quarantined: bool = False
    undoes: str = ""
    workers: int | None = None
    memory: int | None = None
    profile: bool = False

    @property
    def lasting(self) -> dict[str, Any]:
        """What the ledger keeps of them, beside campaigns, source, batch size and tokens."""
        return {
            name: getattr(self, name) for name in ("limit", "no_wait", "dry_run", "full", "only_quarantined", "undoes")
        }


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a run: the source, the sink, where it writes, and by what all that is read is known."""

    source: Source
    sink: Sink
    target: str
    fingerprint: str

    @property
    def in_place(self) -> bool:
        """Whether the leads go where they came from."""
        if "://" in self.target:
            return self.source.location == self.target
        return Path(self.source.location).resolve() == Path(self.target).resolve()
