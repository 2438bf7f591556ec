"""A run is taken back: files as they were, and what it did once may be done again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.running.summary import Summary
from lustrum.running.undoing.undo import Undone, undo_run
from lustrum.words.errors import UsageError

Project = Callable[..., Path]
Run = Callable[..., Summary]
Outputs = Callable[[Path], dict[str, bytes]]
Status = Callable[..., str]

LEADS = "id,country,score\n1,DE,1\n2,no?,2\n"
FLOW = ("{use: probe.tidy, reads: {value: country}}", '{use: change.score, with: {change: "+5"}}')
SCORED = "fields: {score: integer}\n"


def undo(root: Path, run: str) -> Undone:
    return undo_run(opened := load_project(root), Registry.of_project(opened), run)


def test_the_files_of_the_night_before_are_put_back(
    project: Project, run: Run, outputs: Outputs, status: Status
) -> None:
    root = project(LEADS, *FLOW, settings=SCORED)
    run(root, "r1")
    before = outputs(root)
    (root / "leads.csv").write_text(LEADS + "3,IT,3\n")
    run(root, "r2")
    assert outputs(root) != before
    undone = undo(root, "r2")
    assert outputs(root) == before
    assert (undone.undoes, undone.removed, undone.effects) == ("r2", (), {"change.score": 1})
    assert status(root, "r2") == "undone"
    assert status(root, undone.run) == "undo"


def test_where_nothing_stood_nothing_is_left(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(LEADS, *FLOW, settings=SCORED)
    run(root, "r1")
    undone = undo(root, "r1")
    assert outputs(root) == {}
    assert undone.restored == ()
    assert len(undone.removed) == 5


def test_leads_changed_in_their_own_file_are_as_they_came(project: Project, run: Run) -> None:
    root = project(LEADS, *FLOW, settings=SCORED)
    own = str(root / "leads.csv")
    run(root, "r1", out=own)
    assert (root / "leads.csv").read_text() != LEADS
    undo(root, "r1")
    assert (root / "leads.csv").read_text() == LEADS


def test_what_was_done_once_may_be_done_again(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(LEADS, *FLOW, settings=SCORED)
    run(root, "r1")
    written = outputs(root)["leads.csv"]
    undo(root, "r1")
    summary = run(root, "r2")
    assert summary.totals.effects == {"change.score": 2}
    assert outputs(root)["leads.csv"] == written


def test_only_the_last_run_is_taken_back_whole(project: Project, run: Run) -> None:
    root = project(LEADS, *FLOW, settings=SCORED)
    run(root, "r1")
    run(root, "r2")
    with pytest.raises(UsageError, match="run r2 was applied after r1: undo r2 first"):
        undo(root, "r1")
    undo(root, "r2")
    undo(root, "r1")
    with pytest.raises(UsageError, match="run r1 is not applied, it is undone"):
        undo(root, "r1")


def test_what_was_changed_since_is_not_lost(project: Project, run: Run) -> None:
    root = project(LEADS, *FLOW, settings=SCORED)
    run(root, "r1")
    (root / "out" / "leads.csv").write_text("mine")
    with pytest.raises(UsageError, match=r"leads\.csv is no longer what run r1 wrote"):
        undo(root, "r1")
