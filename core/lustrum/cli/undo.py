"""`lustrum undo`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lustrum.cli.loading import find_root, open_project, project_option

if TYPE_CHECKING:
    from lustrum.running.undoing.partial_undo import PartlyUndone
    from lustrum.running.undoing.undo import Undone


@click.command("undo")
@click.argument("run")
@project_option
@click.option("--step", metavar="STEP", help="Only what this step wrote, as in standardise.phone.")
@click.option("--field", metavar="FIELD", help="Only this field.")
@click.option("--version", metavar="VERSION", help="Only what plugins of this version wrote.")
@click.option("--where", metavar="CONDITION", help="Only in leads that meet this now, as in \"country = 'DE'\".")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def command(
    run: str,
    folder: Path | None,
    step: str | None,
    field: str | None,
    version: str | None,
    where: str | None,
    as_json: bool,
) -> None:
    """Take the last applied run back: its files are as before, and what it did once may be done again.

    RUN is its id, or `last`. Refused where a file was changed since. With --step, --field, --version or --where a part
    of any run is taken back: cells that still hold what it wrote are as before, the others are listed. So is a run that
    wrote into a table of a database. An undo of a part is taken back in the same way, by its own id.
    """
    from lustrum.cli.past_runs import find_run, open_past
    from lustrum.running.journal.ledger import UNDO
    from lustrum.running.undoing.partial_undo import undo_part
    from lustrum.running.undoing.selecting import Selection
    from lustrum.running.undoing.undo import undo_run, writes_files
    from lustrum.words.fields import field_name

    root = find_root(folder)
    with open_past(root) as ledger:
        name = find_run(ledger, run)
        undid = ledger.status(name) == UNDO
    selection = Selection(step, field_name(field) if field else None, version, where)
    opened = open_project(root)
    if selection.is_everything and not undid and writes_files(root, name):
        whole = undo_run(*opened, name)
        lines = [json.dumps(asdict(whole), indent=2)] if as_json else _lines(whole)
    else:
        part = undo_part(*opened, name, selection)
        lines = (
            [json.dumps(asdict(part), indent=2)]
            if as_json
            else _part_lines(part, "all" if selection.is_everything else "a part")
        )
    for line in lines:
        click.echo(line)


def _lines(undone: Undone) -> Iterator[str]:
    yield f"run {undone.run}: {undone.undoes} is undone"
    for path in undone.restored:
        yield f"put back     {path}"
    for path in undone.removed:
        yield f"removed      {path} (there was none before)"
    yield from _withdrawn(undone.effects)
    if undone.calls:
        yield f"note         {undone.calls:,} calls to others were made and cannot be taken back"


def _part_lines(undone: PartlyUndone, meant: str) -> Iterator[str]:
    yield f"run {undone.run}: {meant} of {undone.undoes} is undone"
    yield f"put back     {undone.cells:,} cells in {undone.outputs.get('leads', '')}"
    yield from _withdrawn(undone.effects)
    for kind, number in undone.again.items():
        yield f"counts again {number:,} {kind}"
    for key, what in undone.conflicts:
        yield f"conflict     {key}: {what}"
    yield "note         the next run writes it again, unless the campaign or a decision says otherwise"
    yield f"note         lustrum undo {undone.run} takes this undo back"


def _withdrawn(effects: Mapping[str, int]) -> Iterator[str]:
    for kind, number in effects.items():
        yield f"withdrawn    {number:,} {kind}"
