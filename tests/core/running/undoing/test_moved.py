"""A project that was copied or moved: what is taken back or forgotten there is what stands there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lustrum.cli import call

Project = Callable[..., Path]
Run = Callable[..., Any]
LEADS = "id,country\n1,DE\n2,FR\n"


@pytest.fixture
def copied(project: Project, run: Run) -> tuple[Path, Path]:
    """Run a project twice, and give it and a copy of it."""
    root = project(LEADS)
    for name in ("r1", "r2"):
        run(root, name)
        (root / "leads.csv").write_text(LEADS + "3,IT\n")
    copy = root.with_name("copy")
    shutil.copytree(root, copy)
    return root, copy


def leads(root: Path) -> str:
    return (root / "out" / "leads.csv").read_text()


def test_a_run_is_undone_where_it_is_asked_for(copied: tuple[Path, Path]) -> None:
    root, copy = copied
    before = leads(root)
    assert call(["undo", "r2", "--project", str(copy)]) == 0
    assert leads(root) == before
    assert leads(copy) == "id,country\n1,de\n2,fr\n"


def test_a_lead_is_forgotten_where_it_is_asked_for(copied: tuple[Path, Path]) -> None:
    root, copy = copied
    before = leads(root)
    assert call(["forget", "3", "--project", str(copy)]) == 0
    assert leads(root) == before
    assert "it" not in leads(copy).split()[-1]


def test_a_run_of_a_moved_project_is_undone(copied: tuple[Path, Path]) -> None:
    root, copy = copied
    shutil.rmtree(root)
    assert call(["undo", "r2", "--project", str(copy)]) == 0
    assert leads(copy) == "id,country\n1,de\n2,fr\n"
