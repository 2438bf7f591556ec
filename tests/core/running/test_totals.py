"""The figures of a run: a lead counts once, however many of its cells changed, over all batches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum.running.summary import Summary
from lustrum.running.totals import Totals

FLOW = (
    "{use: probe.tidy, reads: {value: country}}",
    "{use: probe.tidy, id: again, reads: {value: city}}",
    '{use: moment.record, with: {type: Web, text: "x"}}',
)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_the_figures_add_up_whatever_the_batch_size(
    project: Callable[..., Path], run: Callable[..., Summary], size: int
) -> None:
    root = project("id,country,city\n1,DE,ROM\n2,a?,b?\n3,c!,d!\n4,fr,\n5,x,y,z\n,IT,\n", *FLOW)
    figures = run(root, batch_size=size, dry_run=True).totals.as_dict()
    assert figures == {
        "leads": 5,
        "rejects": 1,
        "reject_reasons": {"too_many_cells": 1},
        "beyond_limit": 0,
        "spared": 0,
        "changed_leads": 1,
        "changed_cells": 2,
        "quarantined": 3,
        "raised": 1,
        "parked": 0,
        "put_off": 0,
        "activities_fed": 0,
        "activities": 0,
        "activities_taken": 0,
        "activities_repeated": 0,
        "activities_unmatched": 0,
        "activities_unreadable": {},
        "changed": {"city": 1, "country": 1},
        "emptied": {},
        "campaigns": {},
        "codes": {"key_missing": 1, "step_raised": 1, "unclear": 1},
        "effects": {"moment": 4},
        "unreadable": {},
        "outcomes": {
            "nightly > probe.tidy": {"changed": 1, "failed": 2, "unchanged": 1},
            "nightly > again": {"changed": 1, "failed": 2, "skipped": 1},
            "nightly > moment.record": {"unchanged": 4},
        },
    }


def test_nothing_adds_up_to_nothing() -> None:
    assert set(map(str, Totals().as_dict().values())) == {"0", "{}"}
