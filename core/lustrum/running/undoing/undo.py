"""Taking a run back: the files it replaced are put back, and its effects count no longer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lustrum.files.locations import located
from lustrum.files.project import Project
from lustrum.planning.registry import Registry
from lustrum.running.apply import file_places
from lustrum.running.clock import new_run_id, run_start
from lustrum.running.disk import file_digest
from lustrum.running.journal.folders import run_folder
from lustrum.running.journal.journal import APPLIED_NOTE, Journal
from lustrum.running.journal.ledger import APPLIED, Ledger
from lustrum.running.journal.originals import REPLACED, original, put_back
from lustrum.running.journal.records import RunRecord
from lustrum.running.lock import only_one
from lustrum.running.settling import settle_unfinished
from lustrum.words.errors import UsageError


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a run back did; `calls` are those to the outside that it had made and that nobody can take back."""

    run: str
    undoes: str
    restored: tuple[str, ...]
    removed: tuple[str, ...]
    effects: dict[str, int]
    calls: int


def undo_run(project: Project, registry: Registry, run: str) -> Undone:
    """Take the last applied run back as a whole, so that the files are what they were, byte for byte.

    Raises `UsageError` where that would take back more than the run did.
    """
    with only_one(project.root), Journal.open_ledger(project.root) as ledger:
        settle_unfinished(ledger, registry)
        folder = run_folder(project.root, run)
        places = _places(ledger, project.root, run)
        start = run_start(project.model.timezone)
        undone = _undone(ledger, run, new_run_id(start), folder, places)
        for name, place in places.items():
            put_back(folder, name, place)
        ledger.undo(run, _record(start, ledger, undone), asdict(undone))
        return undone


def writes_files(root: Path, run: str) -> bool:
    """Say whether a run replaced a file, which can be put back as a whole; a table is changed cell by cell."""
    note = run_folder(root, run) / APPLIED_NOTE
    return not note.is_file() or "://" not in str(json.loads(note.read_bytes())["target"])


def _places(ledger: Ledger, root: Path, run: str) -> dict[str, Path]:
    """Give the files of a run, the leads last. Raises `UsageError` where they are not to be put back."""
    if ledger.status(run) != APPLIED:
        raise UsageError(f"run {run} is not applied, it is {ledger.status(run) or 'unknown'}; there is nothing to undo")
    for later in _later(ledger, run):
        raise UsageError(f"run {later} was applied after {run}: undo {later} first")
    folder = run_folder(root, run)
    if not (folder / REPLACED).is_dir() or not (folder / APPLIED_NOTE).is_file():
        raise UsageError(
            f"what run {run} replaced is not kept: `journal: originals` in lustrum.yaml says for how many runs it is"
        )
    note = json.loads((folder / APPLIED_NOTE).read_bytes())
    places = file_places(root, located(root, note["target"]))
    _check_untouched(run, folder, places["leads"], note["digest"])
    sides = {name: place for name, place in places.items() if name in note["beside"]}
    return {**sides, "leads": places["leads"]}


def _check_untouched(run: str, folder: Path, leads: Path, digest: str) -> None:
    """See that the leads are what the run wrote, or what an undo that was interrupted put back."""
    kept = original(folder, "leads")
    found = file_digest(leads) if leads.is_file() else None
    if found not in (digest, file_digest(kept) if kept else None):
        raise UsageError(f"{leads} is no longer what run {run} wrote; undoing it would lose what was changed since")


def _later(ledger: Ledger, run: str) -> Iterator[str]:
    for other in reversed(ledger.runs()):
        if other == run:
            return
        if ledger.status(other) == APPLIED:
            yield other


def _undone(ledger: Ledger, run: str, own: str, folder: Path, places: dict[str, Path]) -> Undone:
    back = [str(place) for name, place in places.items() if original(folder, name)]
    gone = [str(place) for name, place in places.items() if not original(folder, name)]
    return Undone(own, run, tuple(back), tuple(gone), ledger.effects_of(run), ledger.calls_of(run))


def _record(start: datetime, ledger: Ledger, undone: Undone) -> RunRecord:
    found: dict[str, Any] = ledger.run(undone.undoes) or {}
    return RunRecord(undone.run, start, (), found["plan"], found["source"], found["fingerprint"], found["batch_size"])
