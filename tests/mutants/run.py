"""Prove that the tests notice: apply each mutant to a copy of the code and see its named test turn red.

Run with `python tests/mutants/run.py`. A patch's first line names its test: `Turns red: tests/…::test_…`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[2]
MARK = "Turns red: "
SOURCES = ("core", "plugins", "tests", "fixtures", "examples", "pyproject.toml")


def main() -> int:
    """Try every mutant; give 1 if one survives or its test is red without it."""
    patches = sorted(Path(__file__).parent.glob("*.patch"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        killed = list(pool.map(_is_killed, patches))
    survivors = [patch.name for patch, noticed in zip(patches, killed, strict=True) if not noticed]
    sys.stdout.write(f"{len(survivors)} survived\n" if survivors else "every mutant was noticed\n")
    return 1 if survivors else 0


def _is_killed(patch: Path) -> bool:
    test = patch.read_text(encoding="utf-8").partition("\n")[0].removeprefix(MARK)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        _copy_sources(copy)
        sound = _passes(copy, test)
        subprocess.run(["git", "apply", str(patch)], cwd=copy, check=True)
        killed = sound and not _passes(copy, test)
    verdict = "noticed" if killed else "SURVIVED" if sound else "RED WITHOUT IT"
    sys.stdout.write(f"{patch.stem}: {verdict} by {test}\n")
    return killed


def _copy_sources(copy: Path) -> None:
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".lustrum", "out"))
        else:
            shutil.copy(source, copy / name)


def _passes(copy: Path, test: str) -> bool:
    paths = os.pathsep.join([str(copy / "core"), str(copy / "plugins")])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False)
    if ended.returncode not in (0, 1):
        sys.stdout.write(ended.stdout.decode())
    return ended.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
