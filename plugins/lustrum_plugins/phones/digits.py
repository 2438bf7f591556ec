"""The digits of many texts as one table, a row a text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lustrum_plugins.phones.states import LONGEST

END = 10
"""Stands behind the last digit."""
WIDTH = LONGEST + 1
HELD = 19
"""So many digits are held in 64 bits."""


@dataclass(frozen=True, eq=False, slots=True)
class Digits:
    """All digits in one long row, `WIDTH` places a text, and how many each text has; none where over `LONGEST`."""

    flat: NDArray[np.uint8]
    lengths: NDArray[np.int64]

    def of(self, rows: NDArray[np.bool_]) -> Digits:
        """Give those of some of the texts."""
        return Digits(self.flat.reshape(-1, WIDTH)[rows].ravel(), self.lengths[rows])

    def values(self) -> NDArray[np.uint64]:
        """Give the last `HELD` digits of each text as one number."""
        table = self.flat.reshape(-1, WIDTH)
        value = np.zeros(len(table), np.uint64)
        most = int(self.lengths.max(initial=0))
        for place in range(most):
            digit = table[:, place]
            is_out = (digit == END) | (place < self.lengths - HELD) if most > HELD else digit == END
            value = np.where(is_out, value, value * np.uint64(10) + digit)
        return value


def digits_of(texts: pl.Series) -> Digits:
    """Take the ASCII digits out of texts.

    >>> found = digits_of(pl.Series(["(030) 12", "-", "7"]))
    >>> found.lengths.tolist(), found.flat[:6].tolist()
    ([5, 0, 1], [0, 3, 0, 1, 2, 10])
    """
    signs = np.frombuffer((texts.str.join("").item() or "").encode(), np.uint8) - ord("0")
    ends = np.cumsum(texts.str.len_bytes().to_numpy(), dtype=np.int64)
    is_digit = signs < END
    seen = np.concatenate(([0], np.cumsum(is_digit, dtype=np.int64)))
    until = seen[ends]
    lengths = np.diff(until, prepend=0)
    return Digits(_rows(signs[is_digit], lengths), lengths)


def _rows(digits: NDArray[np.uint8], lengths: NDArray[np.int64]) -> NDArray[np.uint8]:
    table = np.full((len(lengths), WIDTH), END, np.uint8)
    if lengths.max(initial=0) > LONGEST:
        fits = lengths <= LONGEST
        digits, lengths = digits[np.repeat(fits, lengths)], np.where(fits, lengths, 0)
    table[np.arange(WIDTH) < lengths[:, None]] = digits
    return table.ravel()
