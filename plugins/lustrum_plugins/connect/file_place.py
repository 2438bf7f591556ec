"""A file that is written beside its place, synced, and put into it at once."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lustrum.words.errors import SinkError


@dataclass(frozen=True, slots=True)
class FilePlace:
    """Where a file of leads is to stand, as its user named it."""

    location: str

    @contextmanager
    def writing(self, into: Path) -> Generator[BinaryIO]:
        """Open the file to be prepared in a folder; it lasts, or is gone where anything is raised."""
        if Path(self.location).is_dir():
            raise SinkError(f"{self.location}: this is a folder; name a file in it")
        path = self.prepared(into)
        with self._reporting():
            into.mkdir(parents=True, exist_ok=True)
            try:
                with path.open("wb") as stream:
                    yield stream
                    stream.flush()
                    os.fsync(stream.fileno())
            except BaseException:
                path.unlink(missing_ok=True)
                raise
            _sync_folder(into)

    def prepared(self, into: Path) -> Path:
        """Name the prepared file."""
        return into / f"{Path(self.location).name}.prepared"

    def publish(self, prepared: Path) -> None:
        """Put the prepared file in its place, atomically; a link is followed. Raises `SinkError`."""
        target = Path(self.location).resolve()
        with self._reporting():
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                shutil.copymode(target, prepared)
            _replace(prepared, target)
            _sync_folder(target.parent)

    @contextmanager
    def _reporting(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            reason = f"{error.strerror or error}"
            raise SinkError(f"{self.location}: the file cannot be written ({reason}); check its folder") from error


def _replace(prepared: Path, target: Path) -> None:
    try:
        prepared.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            with prepared.open("rb") as source, beside.open("wb") as copy:
                shutil.copyfileobj(source, copy)
                copy.flush()
                os.fsync(copy.fileno())
            shutil.copymode(prepared, beside)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        prepared.unlink()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
