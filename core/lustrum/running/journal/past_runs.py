"""What the guards ask of the runs applied before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

SMALLEST = 100
"""A guard that is a share speaks only over at least so many leads, and compares with runs over as many."""
LAST_RUNS = 10
"""How many applied runs the median is taken of, at most."""


@dataclass(frozen=True, slots=True)
class PastRuns:
    """What the guards ask of the runs applied before: leads met last, columns written last, and their figures."""

    rows: int | None = None
    columns: tuple[str, ...] = ()
    figures: tuple[Mapping[str, Any], ...] = ()

    @property
    def telling(self) -> list[Mapping[str, Any]]:
        """Give the figures of those that were large enough to compare with."""
        return [figures for figures in self.figures if figures.get("leads", 0) >= SMALLEST]

    def usual_share(self, field: str) -> float:
        """Give the median of the share of leads in which a field changed."""
        shares: list[float] = [figures.get("changed", {}).get(field, 0) / figures["leads"] for figures in self.telling]
        return median(shares)
