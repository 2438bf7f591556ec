"""`lustrum diff`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lustrum.cli.loading import project_option

if TYPE_CHECKING:
    from lustrum.report.differences import Differences
    from lustrum.running.ledger import Ledger

LAST = "last"
LISTED = 5
"""How many of the last runs a message names."""


@click.command("diff")
@click.argument("run")
@project_option
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(run: str, folder: Path | None, as_json: bool) -> None:
    """Show what a run changed, grouped by entry, field and pattern, biggest first.

    RUN is the id that `lustrum run` printed, or `last`. Each changed cell counts once, for the entry that wrote it
    last. In patterns, `a` and `A` stand for letters, `9` for a digit, `9+` for several.
    """
    from lustrum.cli.differences_text import difference_lines

    record, differences = _read(folder, run)
    if as_json:
        click.echo(json.dumps({**record, **asdict(differences)}, indent=2, ensure_ascii=False))
        return
    for line in difference_lines(record, differences):
        click.echo(line)


def _read(folder: Path | None, run: str) -> tuple[dict[str, Any], Differences]:
    from lustrum.cli.loading import find_root
    from lustrum.report.differences import read_differences
    from lustrum.running.journal import FOLDER, Journal
    from lustrum.words.errors import UsageError

    root = find_root(folder)
    if not (root / FOLDER).is_dir():
        raise UsageError(f"there was no run in {root} yet; begin with: lustrum run")
    with Journal.open_ledger(root) as ledger:
        name = _named(ledger, run)
        return _record(ledger, name), read_differences(Journal(root, name, ledger))


def _named(ledger: Ledger, run: str) -> str:
    from lustrum.words.errors import UsageError
    from lustrum.words.nearest import did_you_mean

    runs = ledger.runs()
    if run in runs:
        return run
    if not runs:
        raise UsageError("there was no run in this project yet; begin with: lustrum run")
    if run == LAST:
        return runs[-1]
    listed = f"the last runs: {', '.join(reversed(runs[-LISTED:]))}"
    hint = did_you_mean(run, runs)
    raise UsageError(f"there was no run {run}; {hint} {listed}" if hint else f"there was no run {run}; {listed}")


def _record(ledger: Ledger, run: str) -> dict[str, Any]:
    found = ledger.run(run) or {}
    known = {name: found[name] for name in ("run", "status", "started", "source")}
    return {**known, "campaigns": json.loads(found["campaigns"])}
