"""Writing to disk so that it lasts: everything synced before it gets its name."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def file_digest(path: Path) -> str:
    """Give a digest of a file's content, as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def lasting_file(path: Path) -> Generator[BinaryIO]:
    """Open a new file, readable by its owner only, that is synced when it is closed."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def link_or_copy(path: Path, place: Path) -> None:
    """Give a file, which will not be written to, a second name; where it cannot be linked, a copy with its rights."""
    try:
        os.link(path, place)
    except OSError:
        with path.open("rb") as source, lasting_file(place) as copy:
            shutil.copyfileobj(source, copy)
        shutil.copymode(path, place)


def rename_into_place(prepared: Path, target: Path) -> None:
    """Give a prepared file or folder its final name, at once, and make it last."""
    prepared.replace(target)
    sync_folder(target.parent)
