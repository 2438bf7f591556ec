"""What happens in a run, a JSON object a line, for machines that collect logs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from lustrum.contracts.hookspecs import hookimpl


class JsonLog:
    """An observer that writes what it hears to the error stream: `time`, `level`, `event` and what belongs to it."""

    @hookimpl
    def lustrum_run_started(self, run: str, campaigns: Sequence[str], source: str, target: str) -> None:
        """Tell that a run starts."""
        write_event("run_started", run=run, campaigns=list(campaigns), source=source, target=target)

    @hookimpl
    def lustrum_batch_committed(self, run: str, batch: int, figures: Mapping[str, Any]) -> None:
        """Tell the figures of a batch that are not nothing."""
        write_event(
            "batch_committed", run=run, batch=batch, **{name: count for name, count in figures.items() if count}
        )

    @hookimpl
    def lustrum_guards_tripped(self, run: str, guards: Sequence[Mapping[str, Any]]) -> None:
        """Tell which guards stop the run."""
        write_event("guards_tripped", "warning", run=run, guards=[dict(guard) for guard in guards])

    @hookimpl
    def lustrum_run_finished(self, run: str, status: str, summary: Mapping[str, Any]) -> None:
        """Tell how the run ended, with its whole summary."""
        level = "info" if status in ("applied", "dry") else "error"
        write_event("run_finished", level, run=run, status=status, summary=dict(summary))


def write_event(event: str, level: str = "info", **details: Any) -> None:
    """Write one line to the error stream."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = json.dumps({"time": at, "level": level, "event": event, **details}, ensure_ascii=False, default=str)
    sys.stderr.write(f"{line}\n")
