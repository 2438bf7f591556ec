"""Every example can be taken back: its files are what they were, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.running.runner import RunOptions, run_project
from lustrum.running.undoing.undo import undo_run

REPOSITORY = Path(__file__).parents[2]
PROJECTS = sorted(
    path.parent.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("examples/**/lustrum.yaml")
)


def copied(name: str, folder: Path) -> Path:
    generated = shutil.ignore_patterns("out", ".lustrum", "__pycache__")
    shutil.copytree(REPOSITORY / "examples", folder / "examples", ignore=generated)
    shutil.copytree(REPOSITORY / "fixtures", folder / "fixtures", ignore=generated)
    return folder / name


def contents(root: Path) -> dict[str, bytes]:
    files = (path for path in root.parents[1].rglob("*") if path.is_file() and ".lustrum" not in path.parts)
    return {str(path): path.read_bytes() for path in files if path.suffix == ".csv"}


@pytest.mark.parametrize("in_place", [False, True])
@pytest.mark.parametrize("name", PROJECTS)
def test_an_example_that_is_taken_back_is_as_it_was(name: str, in_place: bool, tmp_path: Path) -> None:
    root = copied(name, tmp_path)
    project = load_project(root)
    registry = Registry.of_project(project)
    leads = str((root / project.model.leads.from_).resolve())
    before = contents(root)
    for run in ("r1", "r2"):
        options = RunOptions(run_id=run, out=leads if in_place else None)
        assert run_project(project, registry, options).status == "applied"
    assert contents(root) != before
    undo_run(project, Registry.of_project(project), "r2")
    undo_run(project, Registry.of_project(project), "r1")
    assert contents(root) == before
