"""The pulse of a worker: what its steps are at, in a file that the run can read even while the worker hangs."""

from __future__ import annotations

import mmap
import os
from dataclasses import dataclass
from pathlib import Path

AT_ONCE = 1_000
"""So many leads at once may take a step as long as one input alone."""
_SIZE, _DIGEST = 128, 16
_CALLS, _STEP, _SHARES, _TRACED = range(4)
_TRACE = slice(64, 64 + _DIGEST)


@dataclass(frozen=True, slots=True)
class Beat:
    """One look at a pulse.

    `calls` is odd while a step is asked, `step` its number; `shares` is how many times as long as for one input that
    may take; `traced` is a digest of what it is asked, where the worker shows that.
    """

    calls: int
    step: int
    shares: int
    traced: bytes | None

    @property
    def asking(self) -> bool:
        """Whether a step is being asked."""
        return self.calls % 2 == 1


class Pulse:
    """The file of one worker; `make` it before the worker opens it."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _SIZE)
        self._cells = memoryview(self._map)[:64].cast("Q")

    @classmethod
    def make(cls, path: Path) -> Pulse:
        """Make the file, readable by its owner only."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(bytes(_SIZE))
        return cls(path)

    def begin(self, step: int, leads: int = 1) -> None:
        """Show that a step is asked, about how many leads at once."""
        cells = self._cells
        cells[_STEP] = step
        cells[_SHARES] = 1 + max(0, leads - 1) // AT_ONCE
        cells[_CALLS] += 1

    def end(self) -> None:
        """Show that it answered."""
        self._cells[_CALLS] += 1
        self._cells[_TRACED] = 0

    def trace(self, digest: bytes) -> None:
        """Show what is asked next."""
        self._map[_TRACE] = digest
        self._cells[_TRACED] = 1

    def look(self) -> Beat:
        """Read the pulse."""
        cells = self._cells
        traced = bytes(self._map[_TRACE]) if cells[_TRACED] else None
        return Beat(cells[_CALLS], cells[_STEP], cells[_SHARES], traced)

    def close(self) -> None:
        """Let go of the file."""
        self._cells.release()
        self._map.close()
