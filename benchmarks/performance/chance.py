"""Seeded chances, drawn for many leads at once."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Chance:
    """The chances of one chunk of leads; they depend on the seed and the chunk's number only."""

    def __init__(self, seed: int, chunk: int) -> None:
        self._generator = np.random.default_rng([seed, chunk])

    def rolls(self, count: int) -> list[float]:
        """Roll numbers from 0 to below 1."""
        rolled: list[float] = self._generator.random(count).tolist()
        return rolled

    def below(self, limit: int, count: int) -> list[int]:
        """Roll whole numbers from 0 to below the limit."""
        rolled: list[int] = self._generator.integers(limit, size=count).tolist()
        return rolled

    def pick(self, choices: Sequence[T], count: int) -> list[T]:
        """Pick some, each choice as likely as the others."""
        return [choices[index] for index in self.below(len(choices), count)]

    def of(self, pools: Iterable[Sequence[T]]) -> list[T]:
        """Pick one from each pool."""
        held = list(pools)
        return [pool[int(roll * len(pool))] for pool, roll in zip(held, self.rolls(len(held)), strict=True)]

    def weigh(self, choices: Sequence[tuple[float, T]], count: int) -> list[T]:
        """Pick some, each choice as likely as its weight says."""
        ends = list(accumulate(weight for weight, _ in choices))
        return [choices[bisect(ends, roll * ends[-1])][1] for roll in self.rolls(count)]
