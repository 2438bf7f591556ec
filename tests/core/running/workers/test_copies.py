"""A step may fork: no copy of a worker does the worker's work, none outlives it, and none holds the run up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from tests.core.running.workers.processes import is_gone, wait_until

from lustrum.running.summary import Summary

Project = Callable[..., Path]
Run = Callable[..., Summary]
Rows = Callable[..., list[dict[str, str]]]

STEPS = """
import os, signal, subprocess, sys, threading, time
from pathlib import Path

IN_WORKER = sys.argv[0] == "-c"
ROOT = Path(__file__).parents[1]

def note(name: str, pid: int) -> None:
    part = ROOT / f"{name}.{os.getpid()}.part"
    part.write_text(str(pid))
    part.rename(ROOT / (name + ".pid"))

def copy() -> None:
    pid = os.fork()
    if pid == 0:
        time.sleep(3_600)
        os._exit(0)
    note("copy", pid)

@step("probe.fork")
def fork(value: str) -> str:
    if IN_WORKER and value == "thread":
        thread = threading.Thread(target=copy)
        thread.start()
        thread.join()
    elif IN_WORKER and value == "program":
        note("copy", subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3_600)"]).pid)
    elif IN_WORKER and value == "twice":
        if (pid := os.fork()) == 0:
            copy()
            time.sleep(3_600)
        note("first", pid)
    elif IN_WORKER and value == "back":
        note("copy", os.fork() or os.getpid())
    elif IN_WORKER and value == "raise":
        if os.fork() == 0:
            note("copy", os.getpid())
            raise ValueError("in the copy")
    elif IN_WORKER and value == "die":
        if not (ROOT / "copy.pid").exists():
            copy()
            os.kill(os.getpid(), signal.SIGKILL)
    elif IN_WORKER and value in ("main", "wait"):
        copy()
        if value == "wait":
            time.sleep(3_600)
    return value.upper()
"""
FORK = "{use: probe.fork, reads: {value: country}}"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the system elsewhere does not end what lost its parent")


def leads(*countries: str) -> str:
    return "id,country\n" + "".join(f"{number},{country}\n" for number, country in enumerate(countries, 1))


def copied(root: Path) -> list[int]:
    wait_until((root / "copy.pid").exists)
    return [int(path.read_text()) for path in root.glob("*.pid")]


@LINUX
@pytest.mark.parametrize("how", ["main", "thread", "program", "twice", "back", "raise", "die"])
def test_a_copy_ends_with_its_worker_and_does_none_of_its_work(
    project: Project, run: Run, rows: Rows, how: str
) -> None:
    root = project(leads("x", how, "y", "z"), FORK, steps=STEPS)
    summary = run(root, workers=1, batch_size=2)
    assert [(row["id"], row["country"]) for row in rows(root)] == [
        ("1", "X"), ("2", how.upper()), ("3", "Y"), ("4", "Z"),
    ]  # fmt: skip
    assert (summary.totals.leads, summary.totals.changed_cells) == (4, 4)
    assert summary.complaints == (() if how != "die" else summary.complaints)
    for pid in copied(root):
        wait_until(partial(is_gone, pid))


@LINUX
def test_a_copy_ends_with_a_run_that_is_killed(project: Project) -> None:
    root = project(leads("wait"), FORK, steps=STEPS)
    asked = [sys.executable, "-m", "lustrum", "run", "--project", str(root), "--workers", "1", "--quiet"]
    with subprocess.Popen(asked, stderr=subprocess.DEVNULL) as lustrum:
        pids = copied(root)
        assert not any(map(is_gone, pids))
        os.kill(lustrum.pid, signal.SIGKILL)
        lustrum.wait(timeout=60)
    for pid in pids:
        wait_until(partial(is_gone, pid))
