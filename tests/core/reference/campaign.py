"""The engine held against the reference interpreter over many leads: `python tests/core/reference/campaign.py`.

Made-up leads go through the campaigns of `test_built_in_steps.py`, in batches of each of the sizes; exit code 1 at the
first lead of which the two say something else.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))

from benchmarks.performance.leads import frames
from tests.core.reference.side_by_side import Report, behaviour, hold, rules_of
from tests.core.reference.test_built_in_steps import CAMPAIGNS, PROJECT

from lustrum.planning.registry import Registry
from lustrum.testing import run_campaign
from lustrum.testing.campaigns import write_project
from lustrum.testing.reference import interpret

COLUMNS = {
    "contact": {"a": "country", "c": "phone", "d": "email"},
    "person": {"a": "first_name", "b": "last_name", "c": "company"},
    "place": {"a": "country", "b": "state", "c": "postal_code", "d": "city"},
}


def compare(campaign: str, leads: Sequence[dict[str, Any]], sizes: Sequence[int]) -> None:
    """Hold the engine against the interpreter over some leads."""
    files = {"lustrum.yaml": PROJECT, "campaigns/nightly.yaml": CAMPAIGNS[campaign]}
    with tempfile.TemporaryDirectory() as folder:
        root = write_project(Path(folder), files)
        registry = Registry.load(root)
        rules = rules_of(root, {name: behaviour(registry.find(name).step) for name in registry.steps})
        alone = [interpret(rules, lead, {}) for lead in leads]
        for size in sizes:
            run = run_campaign(root, leads, registry=registry, batch_size=size)
            hold(run, leads, alone, Report(files, size))
            sys.stdout.write(f"{campaign}: {len(leads):,} leads from {leads[0]['id']}, batches of {size:,}: the same\n")
            sys.stdout.flush()


def slices(campaign: str, count: int, most: int) -> Iterator[list[dict[str, Any]]]:
    """Give the leads as a campaign reads them, at most so many at a time."""
    columns = COLUMNS[campaign]
    made = (lead for frame in frames(count) for lead in frame.iter_rows(named=True))
    rows = (
        {
            "id": str(number),
            **dict.fromkeys("abcdn"),
            **{field: lead.get(name) or None for field, name in columns.items()},
        }
        for number, lead in enumerate(made, 1)
    )
    while part := list(islice(rows, most)):
        yield part


def main() -> None:
    """Compare what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campaigns", nargs="*", default=list(COLUMNS), metavar="CAMPAIGN")
    parser.add_argument("--leads", type=int, default=300_000)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000])
    options = parser.parse_args()
    for campaign in options.campaigns:
        for part in slices(campaign, options.leads, max(options.sizes)):
            compare(campaign, part, options.sizes)


if __name__ == "__main__":
    try:
        main()
    except AssertionError as difference:
        sys.exit(str(difference))
