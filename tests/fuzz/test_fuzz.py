"""A short fuzz of what comes from outside; the long one is `python tests/fuzz/campaign.py --minutes 10`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_nothing_escapes_from_the_readers_but_what_is_documented() -> None:
    campaign = Path(__file__).parent / "campaign.py"
    asked = [sys.executable, str(campaign), "--minutes", "0.05", "--round", "200"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    assert done.stdout.count("nothing escaped") == 5
