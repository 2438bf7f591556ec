"""The files that a run replaced, kept in its folder so that it can be taken back."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from lustrum.running.disk import lasting_file, link_or_copy, rename_into_place, sync_folder

REPLACED = "replaced"


def keep_originals(folder: Path, files: Mapping[str, Path]) -> None:
    """Keep what stands in the place of some files, by name, in the folder of a run; once, before the first is replaced.

    A file costs nothing where it can be linked, else its size.
    """
    if (folder / REPLACED).exists():
        return
    prepared = folder / f"{REPLACED}.part"
    shutil.rmtree(prepared, ignore_errors=True)
    prepared.mkdir(mode=0o700)
    for name, path in files.items():
        if path.is_file():
            link_or_copy(path.resolve(), prepared / name)
    sync_folder(prepared)
    rename_into_place(prepared, folder / REPLACED)


def original(folder: Path, name: str) -> Path | None:
    """Give the file that stood in a place before a run, or None where none stood."""
    path = folder / REPLACED / name
    return path if path.is_file() else None


def put_back(folder: Path, name: str, place: Path) -> None:
    """Let a place be as it was before the run, at once: its file back, or none."""
    kept = original(folder, name)
    target = place.resolve()
    if kept is None:
        target.unlink(missing_ok=True)
        sync_folder(target.parent)
        return
    beside = target.with_name(f".{target.name}.undo")
    with kept.open("rb") as source, lasting_file(beside) as copy:
        shutil.copyfileobj(source, copy)
    shutil.copymode(kept, beside)
    rename_into_place(beside, target)


def forget_originals(folders: Iterable[Path]) -> None:
    """Let go of what some runs replaced: they can no longer be taken back as a whole."""
    for folder in folders:
        shutil.rmtree(folder / REPLACED, ignore_errors=True)
