"""All long campaigns, one after the other, hours in all: `python tests/campaigns.py`, or those that are named.

Each is a command by itself, of which the suite runs a short version. Exit code 1 if one has found something.
"""

from __future__ import annotations

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
    **{step: ("plugins/standardise/columns.py", step) for step in ("email", "company", "text", "city", "country")},
}
"""What each campaign runs, from this folder."""


def run(name: str) -> bool:
    """Run a campaign; say whether it found nothing."""
    script, *options = CAMPAIGNS[name]
    begun = time.monotonic()
    done = subprocess.run([sys.executable, str(HERE / script), *options], check=False)
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
