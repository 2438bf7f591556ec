"""No worker outlives its run, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.core.running.workers.processes import is_gone, wait_until

STEPS = """
import os, time
from pathlib import Path

PID = Path(__file__).parents[1] / "worker.pid"

@step("probe.sleep")
def sleep(value: str) -> str:
    part = PID.with_suffix(".part")
    part.write_text(str(os.getpid()))
    part.rename(PID)
    time.sleep(3_600)
    return value
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the system elsewhere does not end what lost its parent")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_ends_with_its_run(project: Callable[..., Path], how: signal.Signals) -> None:
    root = project("id,country\n1,DE\n", "{use: probe.sleep, reads: {value: country}}", steps=STEPS)
    asked = [sys.executable, "-m", "lustrum", "run", "--project", str(root), "--workers", "1", "--quiet"]
    with subprocess.Popen(asked, stderr=subprocess.PIPE, text=True) as run:
        wait_until((root / "worker.pid").exists)
        worker = int((root / "worker.pid").read_text())
        assert worker not in (run.pid, os.getpid())
        os.kill(run.pid, how)
        run.communicate(timeout=120)
    wait_until(lambda: is_gone(worker))
    assert run.returncode == (4 if how is signal.SIGTERM else -signal.SIGKILL)
    spools = list(root.glob(".lustrum/runs/*/spool"))
    assert len(spools) == (0 if how is signal.SIGTERM else 1)
