"""Counting how often a contender is right, wrong or silent, and how long it takes."""

from __future__ import annotations

import csv
import hashlib
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.accuracy.contest import Case, Contender, Goal, Table, Verdict

EXCEPTIONS = Path(__file__).with_name("exceptions.csv")
APART = 0.03
"""How far the rows left out may be from the others before that is a finding."""


@dataclass(frozen=True, slots=True)
class Score:
    """How many of some rows were right, wrong and left without an answer."""

    right: int
    wrong: int
    left: int

    @property
    def rows(self) -> int:
        """All rows counted."""
        return self.right + self.wrong + self.left

    @property
    def share(self) -> float:
        """The share of the rows that are right."""
        return self.right / self.rows if self.rows else 1.0

    def reaches(self, goal: Goal) -> bool:
        """Say whether the goal is reached."""
        return self.share >= goal.right and (goal.wrong is None or self.wrong <= goal.wrong * self.rows)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a contender was judged to be on each case of a table, and its median time per value in microseconds."""

    contender: str
    of: tuple[tuple[Case, Verdict], ...]
    micros: float

    def score(self, slices: tuple[str, ...] = (), left_out: bool | None = None) -> Score:
        """Count the rows of some slices (none named: all), of those left out of the fitting or of the others."""
        counted = Counter(verdict for case, verdict in self.of if _counts(case, slices, left_out))
        return Score(counted["right"], counted["wrong"], counted["left"])

    @property
    def slices(self) -> list[str]:
        """The slices met, in the order of the table."""
        return list(dict.fromkeys(case.slice for case, _ in self.of))

    def misses(self) -> Iterator[tuple[Case, Verdict]]:
        """Give what was not right, but for the rows nobody may look at."""
        return ((case, verdict) for case, verdict in self.of if verdict != "right" and not is_left_out(case))


def _counts(case: Case, slices: tuple[str, ...], left_out: bool | None) -> bool:
    return (not slices or case.slice in slices) and left_out in (None, is_left_out(case))


def is_left_out(case: Case) -> bool:
    """Say whether a row belongs to the 30 % whose misses were never looked at, by the hash of its id."""
    return int(hashlib.sha256(case.id.encode()).hexdigest(), 16) % 10 < 3


@cache
def exceptions() -> Mapping[tuple[str, str], str]:
    """Give the rows that are wrong in the tables themselves, with the reason, by table and id."""
    with EXCEPTIONS.open(encoding="utf-8", newline="") as lines:
        return {(row["table"], row["id"]): row["reason"] for row in csv.DictReader(lines)}


def contend(table: Table, cases: Iterable[Case]) -> list[Verdicts]:
    """Let every contender of a table that is installed answer its cases, but for those that are excepted."""
    known = [case for case in cases if (table.name, case.id) not in exceptions()]
    found = (_verdicts(table, name, contender, known) for name, contender in table.contenders.items())
    return [verdicts for verdicts in found if verdicts]


def _verdicts(table: Table, name: str, contender: Contender, cases: list[Case]) -> Verdicts | None:
    times: list[float] = []
    judged: list[tuple[Case, Verdict]] = []
    try:
        for case in cases[:20]:
            contender(case)
        for case in cases:
            start = time.perf_counter()
            answer = contender(case)
            times.append(time.perf_counter() - start)
            judged.append((case, table.judge(case, answer)))
    except ImportError:
        return None
    return Verdicts(name, tuple(judged), statistics.median(times) * 1e6 if times else 0.0)
