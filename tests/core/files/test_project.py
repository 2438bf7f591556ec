from __future__ import annotations

from pathlib import Path

import pytest

from lustrum.files.project import find_project, load_project
from lustrum.words.errors import ProjectError, UsageError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "campaigns" / "deep").mkdir(parents=True)
    (tmp_path / "lustrum.yaml").write_text("leads:\n  from: leads.csv\n  to: out.csv\n", encoding="utf-8")
    return tmp_path


def test_a_project_is_found_here_or_above(root: Path) -> None:
    assert find_project(root) == root.resolve()
    assert find_project(root / "campaigns" / "deep") == root.resolve()


def test_without_a_project_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"there is no lustrum.yaml in .* or above it; .*--project.*lustrum new project"
    ):
        find_project(tmp_path)


def test_a_project_knows_its_folder_and_its_places(root: Path) -> None:
    project = load_project(root)
    assert (project.root, project.model.leads.from_) == (root, "leads.csv")
    assert str(project.place("leads", "to")) == "lustrum.yaml:3"


def test_a_folder_without_the_file_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"^lustrum.yaml: cannot read the file"):
        load_project(tmp_path)
