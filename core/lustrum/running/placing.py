"""Giving files their names: all room is there before the first gets its own, and all have them in the end, or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path

from lustrum.running.disk import file_digest, lasting_file
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.originals import put_back
from lustrum.words.errors import SinkError


def make_room(paths: Iterable[Path]) -> None:
    """See that every file can get its name, before the first one does."""
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.resolve().parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise SinkError(f"{path} is a folder, and a file is to stand there; nothing was applied: move it away")


@contextmanager
def near(prepared: Mapping[str, Path], places: Mapping[str, Path]) -> Generator[dict[str, Path]]:
    """Give files where they only need their names: from another file system by a copy beside the place of each."""
    copied = {name: place.with_name(f".{place.name}.part") for name, place in places.items() if name in prepared}
    copied = {name: beside for name, beside in copied.items() if _is_elsewhere(prepared[name], beside)}
    try:
        for name, beside in copied.items():
            with prepared[name].open("rb") as original, lasting_file(beside) as copy:
                shutil.copyfileobj(original, copy)
        yield {**prepared, **copied}
    finally:
        for beside in copied.values():
            beside.unlink(missing_ok=True)


@contextmanager
def held_room(leads: Path, place: Path) -> Generator[Path]:
    """Hold the room that leads need on another file system: a file of their size, to be removed before they come."""
    target = place.resolve()
    held = target.with_name(f".{target.name}.room")
    try:
        if leads.is_file() and _is_elsewhere(leads, held) and (size := leads.stat().st_size):
            with lasting_file(held) as file:
                if hasattr(os, "posix_fallocate"):  # not everywhere; then the copy of the leads itself must find room
                    os.posix_fallocate(file.fileno(), 0, size)
        yield held
    finally:
        held.unlink(missing_ok=True)


@contextmanager
def together(journal: Journal, beside: Mapping[str, Path], leads: Path) -> Generator[None]:
    """Put the files beside the leads back, from the folder of the run, where the leads do not get their name."""
    try:
        yield
    except BaseException:
        if not (leads.is_file() and file_digest(leads) == journal.noted_digest()):
            for name, place in beside.items():
                put_back(journal.folder, name, place)
        raise


def _is_elsewhere(prepared: Path, place: Path) -> bool:
    return prepared.stat().st_dev != place.parent.stat().st_dev
