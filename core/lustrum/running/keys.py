"""The keys met so far in a source, so that a repeated one is noticed wherever it comes again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

_BLANKS = "".join(character for character in map(chr, range(0x3001)) if character.isspace())
_HIGH, _LOW = 20_261_124, 20_261_125
"""Two hashes tell keys apart: 96 bits together, 12 bytes a key."""
_LONGEST = 2_000_000
"""Keys in a run: to merge some takes three times their memory for a while."""

High: TypeAlias = npt.NDArray[np.uint64]
Low: TypeAlias = npt.NDArray[np.uint32]
Run: TypeAlias = tuple[High, Low]
"""Some keys in the order of their high hashes."""


def missing(keys: pl.Series) -> pl.Series:
    """Say which keys are empty.

    >>> missing(pl.Series(["7", " ", None])).to_list()
    [False, True, True]
    """
    return (keys.str.strip_chars(_BLANKS) == "").fill_null(value=True)


@dataclass
class KeysMet:
    """Remembers keys in runs of growing length: a new one is merged with those that are no longer, up to some length.

    >>> met = KeysMet()
    >>> met.repeated(pl.Series(["1", "2", "1"])).to_list(), met.repeated(pl.Series(["2", "3"])).to_list()
    ([False, False, True], [True, False])
    >>> "3" in met, "4" in met
    (True, False)
    """

    _runs: list[Run] = field(default_factory=list[Run])

    def __contains__(self, key: str) -> bool:
        return bool(self._known(*_hashes(pl.Series([key])))[0])

    def repeated(self, keys: pl.Series) -> pl.Series:
        """Say which keys were met before, here or in earlier calls, and remember all; there is no empty key."""
        high, low = _hashes(keys)
        known = self._known(high, low)
        first = keys.is_first_distinct().to_numpy()
        fresh = first & ~known
        if fresh.any():
            self._add(high[fresh], low[fresh])
        return pl.Series(known | ~first)

    def _known(self, high: High, low: Low) -> npt.NDArray[np.bool_]:
        found = np.zeros(len(high), dtype=np.bool_)
        for run in self._runs:
            found |= _within(run, high, low)
        return found

    def _add(self, high: High, low: Low) -> None:
        while self._runs and len(self._runs[-1][0]) <= len(high) <= _LONGEST // 2:
            earlier = self._runs.pop()
            high, low = np.concatenate([earlier[0], high]), np.concatenate([earlier[1], low])
        order = np.argsort(high, kind="stable")
        self._runs.append((high[order], low[order]))


def _hashes(keys: pl.Series) -> Run:
    high, low = (keys.hash(seed).to_numpy() for seed in (_HIGH, _LOW))
    return high, low.astype(np.uint32)


def _within(run: Run, high: High, low: Low) -> npt.NDArray[np.bool_]:
    at = np.searchsorted(run[0], high)
    near = np.minimum(at, len(run[0]) - 1)
    same = np.equal(run[0][near], high)
    found = np.logical_and(same, np.equal(run[1][near], low))
    for doubtful in np.flatnonzero(same & ~found):  # two keys in one high hash: once in billions of files
        until = int(np.searchsorted(run[0], high[doubtful : doubtful + 1], side="right")[0])
        found[doubtful] = bool((run[1][at[doubtful] : until] == low[doubtful]).any())
    return found
