"""Making a run real: everything prepared and synced in the run's folder, then renamed one by one, leads last."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from lustrum.contracts.sources import Sink, Source
from lustrum.planning.plan import Plan
from lustrum.running.disk import rename_into_place
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.originals import keep_originals
from lustrum.running.outputs import COLUMNS, cell_changes, makes_alerts, new_columns, side_files, write_all
from lustrum.running.placing import held_room, make_room, near, together
from lustrum.words.errors import LustrumError, SinkError


def apply_run(journal: Journal, plan: Plan, source: Source, sink: Sink, target: str) -> dict[str, str]:
    """Write the leads and the files beside them; give the path of each by name.

    Raises `SinkError`; until the first rename nothing is to be seen. The ledger knows when the leads are about to get
    their name, and that they have it, so that a run which ends in between can be told from the file.
    """
    into = journal.folder / "prepared"
    into.mkdir(mode=0o700, exist_ok=True)
    places = file_places(journal.root, target)
    file = places["leads"]
    try:
        with _sink_errors(target):
            names = [name for name in COLUMNS if name != "alerts" or _needs_alerts(plan, file)]
            beside = {name: places[name] for name in names}
            leads, sides = _prepare(journal, plan, source, sink, names, into)
            make_room([file, *beside.values()])
            kept = {} if "://" in target else beside
            if kept:
                keep_originals(journal.folder, {"leads": file, **kept})
            journal.note_target(target, leads, names)
            with near(sides, beside) as prepared, held_room(leads, file) as room, together(journal, kept, file):
                for name, path in prepared.items():
                    rename_into_place(path, beside[name])
                journal.applying()
                room.unlink(missing_ok=True)
                sink.publish(leads)
            journal.applied()
    finally:
        shutil.rmtree(into, ignore_errors=True)
    return {"leads": target, **{name: str(path) for name, path in beside.items()}}


def _prepare(
    journal: Journal, plan: Plan, source: Source, sink: Sink, names: Iterable[str], into: Path
) -> tuple[Path, dict[str, Path]]:
    """Prepare the leads, and beside them, in another thread, the files named."""
    files = side_files(journal, plan.start.isoformat(), names)
    cells = cell_changes(journal, plan.schema)
    with ThreadPoolExecutor(1) as thread:
        beside = thread.submit(write_all, files, into)
        leads = sink.prepare(source, cells, new_columns(plan.schema), into)
        return leads, beside.result()


def file_places(root: Path, target: str) -> dict[str, Path]:
    """Name the files of a run: `leads`, and those beside them; where leads go to an address, the others go to `out`."""
    file = root / "out" / "leads.csv" if "://" in target else Path(target)
    return {"leads": file, **{name: side_path(file, name) for name in COLUMNS}}


def _needs_alerts(plan: Plan, file: Path) -> bool:
    """Say whether the alerts are written: also where none can be, so that nobody is sent those of an earlier run."""
    earlier = side_path(file, "alerts")
    return makes_alerts(plan) or (earlier.is_file() and _header(earlier) == ",".join(COLUMNS["alerts"]))


def _header(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as lines:
        return lines.readline().rstrip("\n")


@contextmanager
def _sink_errors(target: str) -> Generator[None]:
    """Turn whatever a sink or the disk raises into a `SinkError` that names the target."""
    try:
        yield
    except LustrumError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise SinkError(f"{target}: {reason}; nothing was applied: mend the folder or disk and run again") from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a sink that calls `sys.exit` has applied nothing either
        raise SinkError(f"{target}: the sink raised {type(error).__name__}: {error}; nothing was applied") from error


def side_path(leads: Path, name: str) -> Path:
    """Name a file beside the leads: `out/leads.csv` has `out/leads.changes.csv`."""
    return leads.with_name(f"{leads.stem}.{name}.csv")
