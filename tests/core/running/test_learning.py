"""What steps learn of the source is journaled before the first batch, and told at the end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from lustrum.running.summary import Summary

Run = Callable[..., Summary]

STEPS = '''
from lustrum import Fact, Learning


def longest(leads):
    return max([len(text) for text in leads["country"].drop_nulls().to_list()], default=0)


def refuse(leads):
    raise ValueError("no idea")


@step("probe.padded", learns=Learning(longest, max, str))
def padded(country: str, *, width: Fact) -> str:
    """Pad to the longest value of the column."""
    return country.strip("_").rjust(int(width.value or 0), "_")


@step("probe.unsure", learns=Learning(refuse, max, str))
def unsure(country: str, *, width: Fact) -> str:
    """Say what was learnt."""
    return str(width.value)
'''
LEADS = "id,country\n1,Italy\n2,Luxembourg\n"


def test_what_was_learnt_is_journaled_used_and_told(
    project: Callable[..., Path], run: Run, rows: Callable[..., list[dict[str, str]]]
) -> None:
    root = project(LEADS, "{use: probe.padded}", steps=STEPS)
    summary = run(root, batch_size=1)
    assert [lead["country"] for lead in rows(root)] == ["_____Italy", "Luxembourg"]
    assert summary.facts == {"probe.padded of country": "10"}
    assert summary.as_dict()["learnt"] == summary.facts
    assert json.loads((root / ".lustrum/runs/r1/facts.json").read_text()) == summary.facts


def test_all_of_the_source_is_learnt_from_whatever_the_limit(
    project: Callable[..., Path], run: Run, rows: Callable[..., list[dict[str, str]]]
) -> None:
    root = project(LEADS, "{use: probe.padded}", steps=STEPS)
    run(root, limit=1)
    assert [lead["country"] for lead in rows(root)] == ["_____Italy", "Luxembourg"]


def test_a_step_that_cannot_learn_goes_without_and_is_named(
    project: Callable[..., Path], run: Run, rows: Callable[..., list[dict[str, str]]]
) -> None:
    root = project(LEADS, "{use: probe.unsure}", steps=STEPS)
    (complaint,) = run(root).complaints
    assert complaint.startswith("probe.unsure learnt nothing: probe.py:")
    assert complaint.endswith("ValueError: no idea")
    assert rows(root)[0]["country"] == "None"


def test_a_run_that_learns_nothing_keeps_no_facts(project: Callable[..., Path], run: Run) -> None:
    root = project(LEADS)
    assert run(root).facts == {}
    assert not (root / ".lustrum/runs/r1/facts.json").exists()
