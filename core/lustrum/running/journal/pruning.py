"""Letting go of what the journal has of old runs; what keeps things from happening twice always stays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from lustrum.files.project import Project
from lustrum.running.clock import run_start
from lustrum.running.journal.folders import run_folder
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.ledger import Ledger
from lustrum.running.lock import only_one
from lustrum.words.durations import parse_duration


@dataclass(frozen=True, slots=True)
class Pruned:
    """The runs whose details are gone, and the bytes they had."""

    runs: tuple[str, ...]
    size: int


def prune(project: Project, older: timedelta | None = None, *, dry_run: bool = False) -> Pruned:
    """Remove the details of runs that began longer ago than `older` (default: as the project says).

    The ledger keeps every run, batch, effect, qualification, kept cell, wait, activity and answer. The last applied run
    over each source stays whole, whatever its age.
    """
    age = parse_duration(project.model.journal.details) if older is None else older
    with only_one(project.root), Journal.open_ledger(project.root) as ledger:
        found = list(_old(ledger, project.root, run_start(project.model.timezone) - age))
        size = sum(folder_size(run_folder(project.root, run)) for run in found)
        for run in () if dry_run else found:
            ledger.note_pruned(run)
            shutil.rmtree(run_folder(project.root, run))
        return Pruned(tuple(found), size)


def _old(ledger: Ledger, root: Path, before: datetime) -> Iterator[str]:
    kept = {ledger.applied_runs.last(source) for source in ledger.applied_runs.sources()}
    for run in ledger.runs():
        found = ledger.run(run) or {}
        if run not in kept and datetime.fromisoformat(found["started"]) < before and run_folder(root, run).is_dir():
            yield run


def folder_size(folder: Path) -> int:
    """Give the bytes of all files in a folder; of one that is linked elsewhere too, its share."""
    found = (path.stat() for path in folder.rglob("*") if path.is_file())
    return sum(file.st_size // file.st_nlink for file in found)
