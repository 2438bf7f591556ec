"""Making a run real: everything prepared and synced in the run's folder, then renamed one by one, leads last."""

from __future__ import annotations

import shutil
from pathlib import Path

from lustrum.contracts.sources import Sink, Source
from lustrum.planning.plan import Plan
from lustrum.running.disk import lasting_file, rename_into_place
from lustrum.running.journal import Journal
from lustrum.running.outputs import cell_changes, write_side_files
from lustrum.words.errors import SinkError


def apply_run(journal: Journal, plan: Plan, source: Source, sink: Sink, target: Path) -> None:
    """Write the leads and the files beside them. Raises `SinkError`; until the first rename nothing is to be seen."""
    into = journal.folder / "prepared"
    into.mkdir(mode=0o700, exist_ok=True)
    new = [plan.schema.column(name) for name in plan.schema.new]
    leads = sink.prepare(source, cell_changes(journal, plan.schema), new, into)
    sides = write_side_files(journal, plan.start.isoformat(), into)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for name, prepared in sides.items():
            _publish(prepared, side_path(target, name))
    except OSError as error:
        raise SinkError(f"{target.parent}: {error.strerror or error}; nothing was applied") from error
    sink.publish(leads)
    shutil.rmtree(into, ignore_errors=True)


def side_path(target: Path, name: str) -> Path:
    """Name a file beside the leads: `out/leads.csv` has `out/leads.changes.csv`."""
    return target.with_name(f"{target.stem}.{name}.csv")


def _publish(prepared: Path, target: Path) -> None:
    """Put a file in its place at once, from another file system by a copy beside the place."""
    if prepared.stat().st_dev != target.parent.stat().st_dev:
        beside = target.with_name(f".{target.name}.part")
        with prepared.open("rb") as original, lasting_file(beside) as copy:
            shutil.copyfileobj(original, copy)
        prepared = beside
    rename_into_place(prepared, target)
