"""`lustrum new project`: a scaffold that passes its own check, tests and run."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lustrum = Callable[..., Any]

README = Path(__file__).parents[3] / "README.md"

FILES = {
    ".gitignore",
    "README.md",
    "campaigns/nightly.yaml",
    "campaigns/standardise.yaml",
    "fixtures/standardise.phone/cases.csv",
    "fixtures/standardise/cases.csv",
    "leads.csv",
    "lustrum.yaml",
}


def test_a_new_project_passes_its_own_check_tests_and_run(
    lustrum: Lustrum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = lustrum("new", "project", "leads/mine")
    root = tmp_path / "leads/mine"
    assert said.code == 0
    assert {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()} == FILES
    assert said.out.splitlines()[-1] == "next: cd leads/mine, then lustrum check, lustrum test, lustrum run"
    monkeypatch.chdir(root)
    assert lustrum("check").out == "mine: nightly: entries 5, fields 8: nothing is wrong\n"
    assert lustrum("test").out == "7 passed, 0 failed\n"
    assert lustrum("run", "--quiet").code == 0
    assert "1,Ada,Example,Ada.Example@example.com,+12025550123,USA,US,AMER\n" in (root / "out/leads.csv").read_text()
    assert lustrum("run", "--quiet", "--leads", "out/leads.csv", "--out", "out/again.csv").code == 0
    assert "changed      0 leads, 0 cells\n" in lustrum("diff", "last").out


def test_a_new_project_is_led_through_the_commands_of_the_readme(
    lustrum: Lustrum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shown,) = re.findall(r"## Begin a project\n.*?```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    for line in shown.splitlines():
        command, *arguments = line.partition("#")[0].split()
        if command == "cd":
            monkeypatch.chdir(*arguments)
        else:
            assert lustrum(*arguments).code == 0, line


def test_nothing_is_overwritten(lustrum: Lustrum, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    said = lustrum("new", "project", tmp_path)
    assert said.code == 2
    assert f"there is already {tmp_path / 'README.md'}" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_a_folder_with_other_files_is_taken(lustrum: Lustrum, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert lustrum("new", "project", tmp_path).code == 0


def test_a_file_in_the_way_is_exit_code_2(lustrum: Lustrum, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    said = lustrum("new", "project", tmp_path / "file")
    assert said.code == 2
    assert "File exists; name another folder" in said.err or "Not a directory" in said.err


def test_new_alone_says_what_can_be_new(lustrum: Lustrum) -> None:
    said = lustrum("new")
    assert (said.code, "project" in said.err) == (2, True)
