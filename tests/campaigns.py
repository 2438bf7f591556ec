"""All long campaigns, one after the other, hours in all: `python tests/campaigns.py`, or those that are named.

Each is a command by itself, or tests that look longer than the suite lets them. Exit code 1 if one has found something.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).parent
CAMPAIGNS: Mapping[str, Sequence[str]] = {
    "faults": ("faults/campaign.py", "--kills", "300"),
    "faults-tables": ("faults/campaign.py", "--kills", "60", "--tables"),
    "faults-workers": ("faults/campaign.py", "--kills", "60", "--workers", "2"),
    "forgetting": ("faults/forgetting.py",),
    "fuzz": ("fuzz/campaign.py", "--minutes", "11"),
    "reference": ("core/reference/campaign.py",),
    "phones": ("plugins/phones/campaign.py",),
    "nights": ("core/running/test_incremental.py", "LUSTRUM_EXAMPLES=1200"),
    "reference-steps": ("core/reference/test_built_in_steps.py", "LUSTRUM_LEADS=5000"),
    **{step: ("plugins/standardise/columns.py", step) for step in ("email", "company", "text", "city", "country")},
}
"""What each campaign runs, from this folder: a script with its options, or tests with their variables."""


def run(name: str) -> bool:
    """Run a campaign; say whether it found nothing."""
    script, *options = CAMPAIGNS[name]
    path, variables = str(HERE / script), dict[str, str]()
    command = [sys.executable, path, *options]
    if Path(script).name.startswith("test_"):
        command = [sys.executable, "-m", "pytest", "-q", path]
        variables = dict(option.split("=", 1) for option in options)
    begun = time.monotonic()
    done = subprocess.run(command, check=False, env={**os.environ, **variables})
    verdict = "found something" if done.returncode else "found nothing"
    sys.stdout.write(f"== {name}: {verdict}, {(time.monotonic() - begun) / 60:.1f} minutes\n")
    sys.stdout.flush()
    return not done.returncode


def main(names: Sequence[str]) -> int:
    """Run the campaigns named, or all."""
    unknown = [name for name in names if name not in CAMPAIGNS]
    if unknown:
        sys.exit(f"there is no campaign {unknown[0]}; there are: {', '.join(CAMPAIGNS)}")
    found = [name for name in names or CAMPAIGNS if not run(name)]
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
