"""Memory that was freed goes back to the system where the C library keeps it."""

from __future__ import annotations

import subprocess
import sys

BLOCKS = """
from pathlib import Path
from lustrum.running.freed import give_back

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

blocks = [bytes(2_000) for _ in range(50_000)]
last = bytes(2_000)
del blocks
before = held()
give_back()
print(before - held())
"""


def test_blocks_that_are_free_are_given_back_although_one_behind_them_is_in_use() -> None:
    told = subprocess.run([sys.executable, "-c", BLOCKS], capture_output=True, text=True, check=True)
    assert int(told.stdout) > 80_000_000
