"""The keys met so far in a source, so that a repeated one is noticed wherever it comes again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from lustrum.running.key_runs import Found, High, KeyRun, Low

_BLANKS = "".join(character for character in map(chr, range(0x3001)) if character.isspace())
_HIGH, _LOW = 20_261_124, 20_261_125
"""Two hashes tell keys apart: 96 bits together, 12 bytes a key."""
_LONGEST = 1_000_000
"""Keys in a run: to merge some takes four times their memory for a while."""


def missing(keys: pl.Series) -> pl.Series:
    """Say which keys are empty.

    >>> missing(pl.Series(["7", " ", None])).to_list()
    [False, True, True]
    """
    return (keys.str.strip_chars(_BLANKS) == "").fill_null(value=True)


class KeysMet:
    """Remembers keys in runs of growing length: a new one is merged with those that are no longer, up to some length.

    What is longer lies in a file on the disk of `folder`, if one is given: many keys then take no memory.

    >>> met = KeysMet()
    >>> met.repeated(pl.Series(["1", "2", "1"])).to_list(), met.repeated(pl.Series(["2", "3"])).to_list()
    ([False, False, True], [True, False])
    >>> "3" in met, "4" in met
    (True, False)
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._runs: list[KeyRun] = []

    def __contains__(self, key: str) -> bool:
        return bool(self._known(KeyRun(*_hashes(pl.Series([key]))))[0])

    def repeated(self, keys: pl.Series) -> pl.Series:
        """Say which keys were met before, here or in earlier calls, and remember all; there is no empty key."""
        high, low = _hashes(keys)
        order = np.argsort(high, kind="stable")
        first = keys.is_first_distinct().to_numpy()[order]
        sorted_keys = KeyRun(high[order], low[order])
        known = self._known(sorted_keys)
        fresh = first & ~known
        if fresh.any():
            self._add(KeyRun(sorted_keys.high[fresh], sorted_keys.low[fresh]))
        repeated = np.empty(len(keys), dtype=np.bool_)
        repeated[order] = ~fresh
        return pl.Series(repeated)

    def _known(self, keys: KeyRun) -> Found:
        found = np.zeros(len(keys), dtype=np.bool_)
        for run in self._runs:
            found |= keys.within(run)
        return found

    def _add(self, run: KeyRun) -> None:
        while self._runs and len(self._runs[-1]) <= len(run) <= _LONGEST // 2:
            run = run.merged(self._runs.pop())
        self._runs.append(run.put_away(self._folder) if self._folder and len(run) > _LONGEST // 2 else run)


def _hashes(keys: pl.Series) -> tuple[High, Low]:
    high, low = (keys.hash(seed).to_numpy() for seed in (_HIGH, _LOW))
    return high, low.astype(np.uint32)
