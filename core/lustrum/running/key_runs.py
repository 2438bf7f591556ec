"""Runs of keys, by their hashes and in their order; long ones may lie in a file that has no name and ends with them."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

High: TypeAlias = npt.NDArray[np.uint64]
Low: TypeAlias = npt.NDArray[np.uint32]
Found: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class KeyRun:
    """Some keys in the order of their high hashes, 12 bytes each."""

    high: High
    low: Low
    file: mmap.mmap | None = None

    def __len__(self) -> int:
        return len(self.high)

    @classmethod
    def of(cls, high: High, low: Low) -> KeyRun:
        """Put hashes in order."""
        order = np.argsort(high, kind="stable")
        return cls(high[order], low[order])

    def merged(self, other: KeyRun) -> KeyRun:
        """Give the keys of both."""
        return KeyRun.of(np.concatenate([self.high, other.high]), np.concatenate([self.low, other.low]))

    def within(self, other: KeyRun) -> Found:
        """Say which keys of this run are in another, which is left in its file if it lies in one."""
        found = self._within(other)
        if other.file:
            other.file.madvise(mmap.MADV_DONTNEED)
        return found

    def _within(self, other: KeyRun) -> Found:
        at = np.searchsorted(other.high, self.high)
        near = np.minimum(at, len(other) - 1)
        same = np.equal(other.high[near], self.high)
        found = np.logical_and(same, np.equal(other.low[near], self.low))
        for doubtful in np.flatnonzero(same & ~found):  # two keys in one high hash: once in billions of files
            until = int(np.searchsorted(other.high, self.high[doubtful : doubtful + 1], side="right")[0])
            found[doubtful] = bool((other.low[at[doubtful] : until] == self.low[doubtful]).any())
        return found

    def put_away(self, folder: Path) -> KeyRun:
        """Give the same run out of a file on the disk of a folder, or where that is full, the run as it is."""
        try:
            with TemporaryFile(dir=folder) as stream:
                stream.write(self.high.tobytes())  # `tofile` keeps silent about what did not reach the disk
                stream.write(self.low.tobytes())
                stream.flush()
                file = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError:
            return self
        high = np.frombuffer(file, np.uint64, len(self))
        return KeyRun(high, np.frombuffer(file, np.uint32, len(self), high.nbytes), file)
