"""`lustrum journal`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lustrum.cli.loading import find_root, project_option

if TYPE_CHECKING:
    from lustrum.running.journal.ledger import Ledger


@click.group("journal")
def command() -> None:
    """Show the runs there were, and let go of the details of old ones."""


@command.command("list")
@project_option
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def list_runs(folder: Path | None, as_json: bool) -> None:
    """List the runs, the latest last: start, id, how it ended, leads, changed cells, size of its details."""
    from lustrum.cli.aligned import align
    from lustrum.cli.past_runs import open_past

    root = find_root(folder)
    with open_past(root) as ledger:
        runs = list(_runs(root, ledger))
    if as_json:
        click.echo(json.dumps(runs, indent=2, ensure_ascii=False))
        return
    for line in align([_HEADER, *(_row(run) for run in runs)]):
        click.echo(line)


@command.command("prune")
@project_option
@click.option("--older", metavar="TIME", help="Of runs that began longer ago, as in 90d; else as lustrum.yaml says.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
def prune(folder: Path | None, older: str | None, dry_run: bool) -> None:
    """Remove the details of old runs: what `why` and `diff` tell of them, and the files they replaced.

    What counts stays for ever, so nothing happens twice; the last applied run over each source stays whole.
    """
    from lustrum.files.project import load_project
    from lustrum.running.journal.pruning import prune as prune_runs
    from lustrum.words.durations import parse_duration

    project = load_project(find_root(folder))
    pruned = prune_runs(project, parse_duration(older) if older else None, dry_run=dry_run)
    for run in pruned.runs:
        click.echo(run)
    click.echo(f"{len(pruned.runs):,} runs, {pruned.size:,} bytes {'would go' if dry_run else 'are gone'}")


_HEADER = ("started", "run", "ended", "leads", "cells", "bytes")


def _runs(root: Path, ledger: Ledger) -> Iterator[dict[str, Any]]:
    from lustrum.running.journal.folders import run_folder
    from lustrum.running.journal.pruning import folder_size

    for run in ledger.runs():
        found = ledger.run(run) or {}
        figures = json.loads(found["summary"])
        yield {
            "run": run,
            "started": found["started"],
            "status": found["status"],
            "source": found["source"],
            "leads": figures.get("leads", 0),
            "changed_cells": figures.get("changed_cells", 0),
            "bytes": folder_size(run_folder(root, run)),
            "pruned": bool(figures.get("pruned")),
        }


def _row(run: dict[str, Any]) -> tuple[str, ...]:
    from lustrum.cli.past_runs import status_text

    size = "pruned" if run["pruned"] else f"{run['bytes']:,}"
    counted = (f"{run['leads']:,}", f"{run['changed_cells']:,}")
    return (run["started"][:16].replace("T", " "), run["run"], status_text(run["status"]), *counted, size)
