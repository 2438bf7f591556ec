"""What is said of many inputs at once is what is said of each; `columns.py` beside this file looks longer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("step", "values", "share"),
    [("email", 20_000, 90), ("company", 20_000, 90), ("text", 20_000, 75), ("city", 4_000, 80), ("country", 4_000, 90)],
)
def test_a_whole_column_is_told_what_each_of_its_cells_is(step: str, values: int, share: int) -> None:
    script = Path(__file__).parent / "columns.py"
    asked = [sys.executable, str(script), step, "--values", str(values)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    claimed = [float(line.split()[-2].rstrip("%")) for line in done.stdout.splitlines() if line.endswith("claimed")]
    assert claimed[0] > share
    assert claimed[1] > share / 2
