"""The runs of a project, as people name them and as they ended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lustrum.running.journal.ledger import Ledger

LAST = "last"
LISTED = 5
"""How many of the last runs a message names."""

_NONE = "there was no run in {} yet; begin with: lustrum run"
_STATUS: Mapping[str, str] = {
    "dry": "dry run, not applied",
    "stopped": "stopped by a guard, not applied",
    "aborted": "aborted, not applied",
    "interrupted": "interrupted, not applied",
    "broken": "broken off, not applied",
    "running": "not ended",
    "undo": "took another run back",
}


def status_text(status: str) -> str:
    """Say how a run ended.

    >>> status_text("applied"), status_text("dry")
    ('applied', 'dry run, not applied')
    """
    return _STATUS.get(status, status)


def open_past(root: Path) -> Ledger:
    """Open the ledger of a project in which there were runs. Raises `UsageError` where there is none."""
    from lustrum.running.journal.folders import FOLDER
    from lustrum.running.journal.journal import Journal
    from lustrum.words.errors import UsageError

    if not (root / FOLDER).is_dir():
        raise UsageError(_NONE.format(root))
    return Journal.open_ledger(root)


def find_run(ledger: Ledger, run: str) -> str:
    """Give the id of a run that is named by it, or as `last`: one that undid another, or was undone, is not meant.

    Raises `UsageError`.
    """
    from lustrum.running.journal.ledger import UNDO, UNDONE
    from lustrum.words.errors import UsageError
    from lustrum.words.nearest import did_you_mean

    runs = ledger.runs()
    if run in runs:
        return run
    if not runs:
        raise UsageError(_NONE.format("this project"))
    if run == LAST:
        return next((name for name in reversed(runs) if ledger.status(name) not in (UNDO, UNDONE)), runs[-1])
    listed = f"the last runs: {', '.join(reversed(runs[-LISTED:]))}"
    hint = did_you_mean(run, runs)
    raise UsageError(f"there was no run {run}; {hint} {listed}" if hint else f"there was no run {run}; {listed}")
