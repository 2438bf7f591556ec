"""Starting processes one after the other, in alternation, and taking their time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.performance.contestant import Contestant, Figures, Sample

REPOSITORY = Path(__file__).parents[2]
LAUNCHER = Path(__file__).with_name("launching.py")


class BenchmarkFailed(Exception):
    """A contestant ended with an error, so that there is nothing to compare."""


def measure(contestants: Sequence[Contestant], rounds: int) -> Iterator[Figures]:
    """Run all that can be run, round by round, each round beginning with another one."""
    able = [contestant for contestant in contestants if not contestant.missing]
    samples: dict[str, list[Sample]] = {contestant.name: [] for contestant in able}
    for number in range(rounds):
        first = number * len(able) // rounds
        for contestant in [*able[first:], *able[:first]]:
            samples[contestant.name].append(sample(contestant))
    return (Figures(contestant, samples[contestant.name]) for contestant in able)


def sample(contestant: Contestant) -> Sample:
    """Run a contestant once. Raises `BenchmarkFailed`."""
    contestant.prepare()
    with tempfile.TemporaryDirectory() as folder:
        told, printed = launch(contestant.command, Path(folder))
    if told["exit"] not in (0, 1) or "Traceback" in printed:
        raise BenchmarkFailed(f"{contestant.name} ended with {told['exit']}: {printed}")
    own = _own_clock(printed)
    return Sample(
        leads=int(own.get("leads", contestant.counted() if contestant.counted else contestant.leads)),
        seconds=own.get("seconds", told["seconds"]),
        cpu=own.get("cpu", told["cpu"]),
        peak=told["peak"],
        parts=own.get("parts", {}),
        **_sizes(contestant.project),
    )


def _sizes(project: Path | None) -> dict[str, int]:
    if project is None:
        return {}
    return {name: _size(project / folder) for name, folder in (("journal", ".lustrum"), ("files", "out"))}


def _size(folder: Path) -> int:
    found = (path.stat() for path in folder.rglob("*") if path.is_file())
    return sum(file.st_size // file.st_nlink for file in found)


def launch(command: Sequence[str], folder: Path) -> tuple[Mapping[str, Any], str]:
    """Run a command, and give what it took and what it printed."""
    told = folder / "told.json"
    started = [sys.executable, "-S", str(LAUNCHER), str(told), *command]
    done = subprocess.run(started, capture_output=True, text=True, cwd=REPOSITORY, check=True)  # noqa: S603  # our own commands
    return json.loads(told.read_text()), done.stdout + done.stderr


def _own_clock(printed: str) -> dict[str, Any]:
    """Read what a contestant printed of itself, if it did."""
    last = printed.strip().rpartition("\n")[2]
    return json.loads(last) if last.startswith("{") else {}
