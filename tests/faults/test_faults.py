"""A short campaign of faults; the long one is `python tests/faults/campaign.py --kills 300`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_run_that_is_killed_or_whose_disk_fails_ends_as_an_undisturbed_one() -> None:
    campaign = Path(__file__).parent / "campaign.py"
    asked = [sys.executable, "-W", "error", str(campaign), "--kills", "12", "--seed", "7"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n0 differences" in done.stdout
