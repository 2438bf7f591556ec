"""Millions of cells against phonenumbers itself: `python tests/plugins/phones/campaign.py --values 3000000`.

Half of them are as leads have them, half as nobody would write them, over all regions, always the same for a seed.
Prints the share read at once, the time of both in alternation, and the cells of which they say something else; exit
code 1 where there is one.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from multiprocessing import get_context
from operator import add
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.plugins.phones.cells import Cells
from tests.plugins.phones.oracle import Mismatch, mismatches, phonenumbers_says, read

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # the processes share the cores

from lustrum_plugins.phones.cache import automata

PART = 50_000
KINDS = ("like_leads", "hostile")
SHOWN = 20


@dataclass(frozen=True)
class Tally:
    """What some cells came to; times are of the processor, in seconds."""

    cells: int = 0
    claimed: int = 0
    at_once: float = 0
    one_by_one: float = 0
    wrong: tuple[Mismatch, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        sums = (self.cells + other.cells, self.claimed + other.claimed)
        times = (self.at_once + other.at_once, self.one_by_one + other.one_by_one)
        return Tally(*sums, *times, (*self.wrong, *other.wrong))

    def __str__(self) -> str:
        share, ratio = self.claimed / self.cells, self.one_by_one / self.at_once
        each = (
            f"{self.at_once / self.cells * 1e6:.2f} µs at once, {self.one_by_one / self.cells * 1e6:.2f} µs one by one"
        )
        return f"{self.cells:,} cells, {share:.2%} claimed, {len(self.wrong)} wrong, {each}, {ratio:.1f} times as fast"


def tally(part: tuple[str, int]) -> tuple[str, Tally]:
    """Hold one part's cells against phonenumbers."""
    kind, seed = part
    cells = getattr(Cells(seed), kind)(PART)
    read(cells[:100])
    begun = time.process_time()
    got = read(cells)
    between = time.process_time()
    says = [phonenumbers_says(*cell) for cell in cells]
    times = (between - begun, time.process_time() - between)
    return kind, Tally(len(cells), int(got["claimed"].sum()), *times, tuple(mismatches(cells, got, says)))


def tallies(values: int, seed: int, workers: int) -> Iterator[tuple[str, Tally]]:
    """Go through all parts, in some processes."""
    each = -(-values // PART // len(KINDS))
    parts = [(kind, seed + number) for number in range(each) for kind in KINDS]
    with get_context("spawn").Pool(workers) as pool:
        yield from pool.imap_unordered(tally, parts)


def told(kind: str, found: Iterable[Tally]) -> Tally:
    """Sum up and tell one kind of cells."""
    whole = reduce(add, found, Tally())
    sys.stdout.write(f"{kind}: {whole}\n")
    sys.stdout.writelines(f"  {mismatch}\n" for mismatch in whole.wrong[:SHOWN])
    return whole


def main() -> int:
    """Hold as many cells as asked against phonenumbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--values", type=int, default=3_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    automata()
    done = list(tallies(asked.values, asked.seed, asked.workers))
    wrong = [told(kind, (found for name, found in done if name == kind)).wrong for kind in KINDS]
    return 1 if any(wrong) else 0


if __name__ == "__main__":
    sys.exit(main())
