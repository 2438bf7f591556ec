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
    from lustrum.running.journal.ledger import Ledger


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
    from lustrum.cli.past_runs import find_run, open_past
    from lustrum.report.differences import read_differences
    from lustrum.running.journal.journal import Journal
    from lustrum.words.errors import UsageError

    root = find_root(folder)
    with open_past(root) as ledger:
        name = find_run(ledger, run)
        if json.loads((ledger.run(name) or {})["summary"]).get("pruned"):
            raise UsageError(f"the details of run {name} were pruned; `lustrum journal list` shows what is left")
        return _record(ledger, name), read_differences(Journal(root, name, ledger))


def _record(ledger: Ledger, run: str) -> dict[str, Any]:
    found = ledger.run(run) or {}
    known = {name: found[name] for name in ("run", "status", "started", "source")}
    return {**known, "campaigns": json.loads(found["campaigns"])}
