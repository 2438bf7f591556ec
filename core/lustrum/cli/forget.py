"""`lustrum forget`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from lustrum.cli.loading import open_project, project_option


@click.command("forget")
@click.argument("key")
@project_option
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def command(key: str, folder: Path | None, as_json: bool) -> None:
    """Erase what the project knows of a lead: journal, kept answers, quarantine, kept files, decisions.

    Counts and a keyed digest of KEY stay. The source, and fixtures, belong to you: take the lead out there first.
    """
    from lustrum.running.undoing.erasing import forget_lead

    done = forget_lead(*open_project(folder), key)
    if as_json:
        click.echo(json.dumps(asdict(done), indent=2))
        return
    click.echo(f"forgotten: {done.rows:,} rows, {done.answers:,} kept answers, {done.decisions:,} decisions")
    for path in done.files:
        click.echo(f"erased in    {path}")
