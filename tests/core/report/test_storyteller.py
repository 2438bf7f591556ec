"""What is inferred about entries whose outcome the journal does not have."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lustrum.cli import call
from lustrum.report.story import EntryStory
from lustrum.report.storyteller import tell_story
from lustrum.running.journal.journal import Journal
from lustrum.testing.campaigns import write_project

STEPS = """
from lustrum import Failed, Step, hookimpl, step

@step("s.note")
def note(word: str) -> str:
    return "x"

@step("s.clear")
def clear(word: str) -> str:
    return "old"

@step("s.need")
def need(code: str) -> str | Failed:
    return "ok" if code in ("2", "ok") else Failed("no_code")

@step("s.two")
def two(code: str) -> str:
    return "2"

@hookimpl
def lustrum_steps() -> list[Step]:
    return [note, clear, need, two]
"""
FILES = {
    "plugins/s.py": STEPS,
    "leads.csv": "id,word,code\n1,old,1\n",
    "campaigns/there.yaml": "campaign: there\nkind: executable\nflow: [{use: s.note}]\n",
    "campaigns/round.yaml": "campaign: round\nkind: executable\nflow: [{use: s.note}, {use: s.clear}]\n",
    "campaigns/mend.yaml": "campaign: mend\nkind: executable\nflow: [{use: s.two}]\n",
    "campaigns/later.yaml": "campaign: later\nkind: batch\nflow: [{use: s.note}]\n",
    "campaigns/asking.yaml": "campaign: asking\nkind: executable\nflow: [{request: later}]\n",
}


def told(tmp_path: Path, flow: str) -> dict[str, EntryStory]:
    """Run a flow for one lead and give what is told at each path."""
    main = f"campaign: main\nkind: batch\nflow:\n{flow}"
    root = write_project(tmp_path / "project", {**FILES, "campaigns/main.yaml": main})
    assert call(["run", "main", "--project", os.fspath(root), "--run-id", "r", "--quiet"]) == 0
    with Journal.open_ledger(root) as ledger:
        (run,) = tell_story(root, ledger, "1", ["r"]).runs
    return {entry.path: entry for entry in run.entries}


@pytest.mark.parametrize(
    ("flow", "path", "outcome"),
    [
        ("  - execute: there\n", "main > there", "changed"),
        ("  - execute: round\n", "main > round", "unchanged"),
        ("  - {execute: there, choices: [{when: word = 'old', execute: round}]}\n", "main > there", "unchanged"),
        ("  - {execute: round, choices: [{when: word = 'old', execute: there}]}\n", "main > round", "changed"),
        ("  - execute: asking\n", "main > asking", "unchanged"),
        ("  - execute: asking\n", "main > asking > later", "unchanged"),
        ("  - {use: s.clear, choices: [{when: word = 'old'}]}\n", "main > s.clear", "unchanged"),
        ("  - {use: s.need, retry: {repair: mend}}\n", "main > s.need", "changed"),
    ],
)
def test_an_entry_has_changed_a_lead_where_what_it_wrote_is_another_in_the_end(
    tmp_path: Path, flow: str, path: str, outcome: str
) -> None:
    assert told(tmp_path, flow)[path].outcome == outcome


@pytest.mark.parametrize(
    ("flow", "path", "campaign"),
    [
        ("  - execute: there\n", "main", "main"),
        ("  - {use: s.need, retry: {repair: mend}}\n", "main > s.need > mend", "mend"),
        ("  - {execute: there, choices: [{when: word = 'old', execute: round}]}\n", "main > there > round", "round"),
    ],
)
def test_a_campaign_that_is_no_entry_has_no_outcome(tmp_path: Path, flow: str, path: str, campaign: str) -> None:
    entry = told(tmp_path, flow)[path]
    assert (entry.outcome, entry.campaign) == (None, campaign)
