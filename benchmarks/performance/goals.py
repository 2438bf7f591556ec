"""What is to be reached, as ratios: machines differ, and so does one machine from hour to hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.performance.contestant import Figures

FAIR = 9.5
"""How many phone numbers read by phonenumbers a lead of the naive loop may cost; beyond it nothing is quoted."""


@dataclass(frozen=True, slots=True)
class Goal:
    """How many times as long (`at_most`), or as fast (`at_least`), one is to be as another."""

    name: str
    beside: str
    at_most: float | None = None
    at_least: float | None = None

    def verdict(self, measured: Mapping[str, Figures | None]) -> str:
        """Say, as a row of a table, whether it is reached by the clock, or that one of the two was not measured.

        What is None was measured and is not quoted.
        """
        own, other = measured.get(self.name), measured.get(self.beside)
        if self.beside in measured and other is None:
            return f"| {self} | | | not quoted |"
        if own is None or other is None:
            return f"| {self} | | | not measured |"
        clock, cpu = own.times(other), own.cpu / other.cpu
        if self.at_most is not None:
            return _row(str(self), clock, cpu, reached=clock <= self.at_most)
        return _row(str(self), 1 / clock, 1 / cpu, reached=1 / clock >= (self.at_least or 0))

    def __str__(self) -> str:
        if self.at_most is not None:
            return f"{self.name} at most {self.at_most:g} × {self.beside}"
        return f"{self.name} at least {self.at_least:g} times as fast as {self.beside}"


def _row(goal: str, clock: float, cpu: float, *, reached: bool) -> str:
    return f"| {goal} | {clock:.2g} | {cpu:.2g} | {'reached' if reached else '**not reached**'} |"


GOALS = (
    Goal("engine-whole", "naive-retrying", at_least=30),
    Goal("run-parquet-two-workers", "naive-retrying", at_least=50),
    Goal("engine-whole", "copy-polars-parquet", at_most=4),
    Goal("run-parquet", "copy-polars-parquet", at_most=6),
    Goal("run-three-columns", "dataprep", at_least=12),
    Goal("engine-whole", "engine-unlogged", at_most=1.1),
    Goal("phones-step", "phones-cached", at_least=20),
    Goal("night-one-percent", "copy-polars-csv", at_most=2),
    Goal("start-help", "start-python", at_most=10),
)
