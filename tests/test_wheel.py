"""What a user gets by installing lustrum."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as file:
        return file.namelist()


def test_a_wheel_has_two_names_at_its_top(names: list[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"lustrum", "lustrum_plugins"}


def test_a_wheel_carries_every_file_of_the_two_packages(names: list[str]) -> None:
    command = ["git", "ls-files", "core", "plugins"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    wanted = {name.partition("/")[2] for name in listed}
    assert wanted <= set(names)
    assert {"lustrum/py.typed", "lustrum_plugins/py.typed", "lustrum/cli/templates/project/gitignore"} <= wanted
