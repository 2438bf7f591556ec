"""The bytes of a file of leads: streamed, fingerprinted, decompressed where its suffix says so."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, cast

from lustrum.words.errors import SourceError

CHUNK = 1 << 21


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What tells that a file was not touched meanwhile."""

    size: int
    modified: int
    inode: int


@dataclass(frozen=True, slots=True)
class LeadFile:
    """A file, by the location its user gave."""

    location: str

    def start(self, size: int) -> bytes:
        """Read the first `size` bytes. Raises `SourceError`."""
        with self._reporting(), self._open() as stream:
            return stream.read(size)

    def chunks(self, skip: int = 0) -> Iterator[bytes]:
        """Stream the bytes after the first `skip`. Raises `SourceError`."""
        with self._reporting(), self._open() as stream:
            stream.read(skip)
            while chunk := stream.read(CHUNK):
                yield chunk

    def fingerprint(self) -> str:
        """Digest the content as it lies on the disk, and its size. Raises `SourceError`."""
        with self._reporting(), Path(self.location).open("rb") as stream:
            return f"{hashlib.file_digest(stream, 'blake2b').hexdigest()}-{stream.tell()}"

    def snapshot(self) -> Snapshot:
        """Note size and time of the file. Raises `SourceError`."""
        with self._reporting():
            status = Path(self.location).stat()
            return Snapshot(status.st_size, status.st_mtime_ns, status.st_ino)

    def _open(self) -> BinaryIO:
        match Path(self.location).suffix.lower():
            case ".gz":
                return cast("BinaryIO", gzip.open(self.location, "rb"))
            case ".bz2":
                return cast("BinaryIO", bz2.open(self.location, "rb"))
            case _:
                return Path(self.location).open("rb")

    @contextmanager
    def _reporting(self) -> Generator[None]:
        try:
            yield
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(f"{self.location}: {_what(error)}") from error


class Untouched:
    """A file that is read more than once, and must be each time what it was at first."""

    def __init__(self, file: LeadFile) -> None:
        self._file = file

    @cached_property
    def fingerprint(self) -> str:
        """Digest the content, and its size. Raises `SourceError`."""
        self.check()
        return self._file.fingerprint()

    @cached_property
    def _snapshot(self) -> Snapshot:
        return self._file.snapshot()

    def check(self) -> None:
        """Make sure that nobody has changed the file meanwhile. Raises `SourceError`."""
        known = self._snapshot
        if self._file.snapshot() != known:
            raise SourceError(f"{self._file.location}: the file was changed while it was being read; start again")


def _what(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file; check the path"
        case IsADirectoryError():
            return "this is a folder; name a file of leads in it"
        case PermissionError():
            return "the file may not be read; ask for the right to read it"
        case OSError(strerror=str(reason)):
            return f"the file cannot be read ({reason}); try again or copy it"
        case _:
            return f"the compressed file is damaged ({error}); fetch it again"
