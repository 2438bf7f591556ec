"""How a run ended, as figures and plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lustrum.running.guards import Tripped
from lustrum.running.journal.seen import library_versions
from lustrum.running.totals import Totals
from lustrum.words.errors import Problem

Status = Literal["applied", "dry", "stopped", "aborted", "interrupted", "broken"]
"""How a run may end; the ledger also knows `running`, `applying`, `undone`, and `undo` for a run that undid another."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended."""

    run: str
    status: Status
    campaigns: tuple[str, ...]
    source: str
    description: str
    totals: Totals
    quarantine_allowed: bool
    tripped: tuple[Tripped, ...] = ()
    aborted: str | None = None
    warnings: tuple[Problem, ...] = ()
    complaints: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    outputs: dict[str, str] = field(default_factory=dict[str, str])
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    columns: tuple[str, ...] = ()
    costs: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def exit_code(self) -> int:
        """Give the exit code: 0 done, 1 more in quarantine than allowed, 3 stopped, nothing applied."""
        if self.status in ("stopped", "aborted"):
            return 3
        return 0 if self.quarantine_allowed else 1

    def as_dict(self) -> dict[str, Any]:
        """Give the summary as plain data."""
        return {
            "run": self.run,
            "status": self.status,
            "campaigns": list(self.campaigns),
            "source": self.source,
            "dialect": self.description,
            **self.totals.as_dict(),
            "columns": list(self.columns),
            "guards": [str(trip) for trip in self.tripped],
            "tripped": [trip.as_dict() for trip in self.tripped],
            "aborted": self.aborted,
            "warnings": [str(problem) for problem in self.warnings],
            "complaints": list(self.complaints),
            "raised_at": list(self.raised),
            "learnt": dict(self.facts),
            "outputs": dict(self.outputs),
            "versions": library_versions(),
            "seconds": {what: round(seconds, 6) for what, seconds in self.costs.items()},
            "exit_code": self.exit_code,
        }
