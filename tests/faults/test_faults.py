"""Short campaigns of faults; the long ones are `python tests/faults/campaign.py --kills 300` and `forgetting.py`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("ends", [["--kills", "8"], ["--kills", "4", "--tables"]], ids=["files", "tables"])
def test_a_run_that_is_killed_or_whose_disk_fails_ends_as_an_undisturbed_one(ends: list[str]) -> None:
    campaign = Path(__file__).parent / "campaign.py"
    asked = [sys.executable, "-W", "error", str(campaign), "--seed", "7", *ends]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n0 differences" in done.stdout


def test_a_lead_is_forgotten_wherever_the_first_call_was_killed() -> None:
    forgetting = Path(__file__).parent / "forgetting.py"
    asked = [sys.executable, "-W", "error", str(forgetting), "--every", "23"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n0 values found" in done.stdout
