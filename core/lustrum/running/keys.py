"""The keys met so far in a source, so that a repeated one is noticed wherever it comes again."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from lustrum.running.key_runs import Found, High, KeyRun, Low

_BLANKS = "".join(character for character in map(chr, range(0x3001)) if character.isspace())
_HIGH, _LOW = 20_261_124, 20_261_125
"""Two hashes tell keys apart: 96 bits together, 12 bytes a key."""
_LONGEST = 1_000_000
"""Keys in a run: to merge some takes four times their memory for a while."""

Order: TypeAlias = npt.NDArray[np.intp]


def missing(keys: pl.Series) -> pl.Series:
    """Say which keys are empty.

    >>> missing(pl.Series(["7", " ", None])).to_list()
    [False, True, True]
    """
    return (keys.str.strip_chars(_BLANKS) == "").fill_null(value=True)


class KeysMet:
    """Remembers keys in runs of growing length: a new one is merged with those that are no longer, up to some length.

    Those that are long enough lie in files on the disk of `folder`, if one is given: very many keys take no memory.

    >>> met = KeysMet()
    >>> met.repeated(pl.Series(["1", "2", "1"])).to_list(), met.repeated(pl.Series(["2", "3"])).to_list()
    ([False, False, True], [True, False])
    >>> met.known(pl.Series(["3", "4"])).to_list()
    [True, False]
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._runs: list[KeyRun] = []

    def repeated(self, keys: pl.Series) -> pl.Series:
        """Say which keys were met before, here or in earlier calls, and remember all; there is no empty key."""
        run, order = _in_order(keys)
        fresh = keys.is_first_distinct().to_numpy()[order] & ~self._met(run)
        if fresh.any():
            self._add(KeyRun(run.high[fresh], run.low[fresh]))
        return _put_back(~fresh, order)

    def known(self, keys: pl.Series) -> pl.Series:
        """Say which keys were met before; they are not remembered."""
        run, order = _in_order(keys)
        return _put_back(self._met(run), order)

    def _met(self, keys: KeyRun) -> Found:
        found = np.zeros(len(keys), dtype=np.bool_)
        for run in self._runs:
            found |= keys.within(run)
        return found

    def _add(self, run: KeyRun) -> None:
        while self._runs and len(self._runs[-1]) <= len(run) <= _LONGEST // 2:
            run = run.merged(self._runs.pop())
        if self._folder and len(run) > _LONGEST // 2:
            run = run.put_away(self._folder)
        self._runs.append(run)


def _in_order(keys: pl.Series) -> tuple[KeyRun, Order]:
    """Give the hashes of keys in their order, in which they are found faster, and which key stands where in it."""
    high, low = _hashes(keys)
    order = np.argsort(high, kind="stable")
    return KeyRun(high[order], low[order]), order


def _put_back(found: Found, order: Order) -> pl.Series:
    there = np.empty_like(found)
    there[order] = found
    return pl.Series(there, dtype=pl.Boolean)


def _hashes(keys: pl.Series) -> tuple[High, Low]:
    high, low = (keys.hash(seed).to_numpy() for seed in (_HIGH, _LOW))
    return high, low.astype(np.uint32)
