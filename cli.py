# /// script
# requires-python = ">=3.11"
# dependencies = ["lustrum"]
#
# [tool.uv.sources]
# lustrum = { path = ".", editable = true }
# ///
"""Launcher for a checkout: `uv run cli.py --help`. The command line itself lives in core/lustrum/cli/."""

from lustrum.cli import main

if __name__ == "__main__":
    main()
