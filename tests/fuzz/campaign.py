"""Fuzzing the readers for as long as asked: `python tests/fuzz/campaign.py --minutes 10`.

Prints how many inputs each reader met; exit code 1 and the smallest input where one raised what it may not.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

sys.path.insert(0, str(Path(__file__).parent))

from targets import TARGETS  # type: ignore[import-not-found,unused-ignore]  # beside this script


def fuzz(name: str, until: float, at_once: int) -> int:
    """Give a reader new inputs until a time; count them."""
    strategy, read = TARGETS[name]
    met = 0

    @settings(
        max_examples=at_once,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(strategy)
    def meet(found: object) -> None:
        nonlocal met
        met += 1
        read(found)

    while time.monotonic() < until:
        meet()
    return met


def main() -> int:
    """Fuzz every reader for its share of the time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--round", type=int, default=2_000, help="inputs that are made before the time is looked at")
    asked = parser.parse_args()
    share = asked.minutes * 60 / len(TARGETS)
    warnings.simplefilter("error")
    for name in TARGETS:
        met = fuzz(name, time.monotonic() + share, asked.round)
        sys.stdout.write(f"{name}: {met:,} inputs in {share:.0f} s, nothing escaped\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
