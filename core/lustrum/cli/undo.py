"""`lustrum undo`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lustrum.cli.loading import find_root, project_option

if TYPE_CHECKING:
    from lustrum.running.undo import Undone


@click.command("undo")
@click.argument("run")
@project_option
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def command(run: str, folder: Path | None, as_json: bool) -> None:
    """Take the last applied run back: its files are as before, and what it did once may be done again.

    RUN is its id, or `last`. Refused where a file was changed since.
    """
    from lustrum.cli.past_runs import find_run, open_past
    from lustrum.files.project import load_project
    from lustrum.running.undo import undo_run

    root = find_root(folder)
    with open_past(root) as ledger:
        name = find_run(ledger, run)
    undone = undo_run(load_project(root), name)
    for line in [json.dumps(asdict(undone), indent=2)] if as_json else _lines(undone):
        click.echo(line)


def _lines(undone: Undone) -> Iterator[str]:
    yield f"run {undone.run}: {undone.undoes} is undone"
    for path in undone.restored:
        yield f"put back     {path}"
    for path in undone.removed:
        yield f"removed      {path} (there was none before)"
    for kind, number in undone.effects.items():
        yield f"withdrawn    {number:,} {kind}"
    if undone.calls:
        yield f"note         {undone.calls:,} calls to others were made and cannot be taken back"
