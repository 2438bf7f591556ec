"""`lustrum apply`."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from pathlib import Path

import click

from lustrum.cli.loading import find_root, open_project, project_option


@click.command("apply")
@click.argument("run")
@project_option
@click.option(
    "--accept-guard",
    "accepted",
    multiple=True,
    metavar="NAME",
    help="Apply although this guard was exceeded, as in changed.country; repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def command(run: str, folder: Path | None, accepted: tuple[str, ...], as_json: bool) -> int:
    """Apply a run that a guard stopped, or that was only tried (`--dry-run`).

    RUN is its id, or `last`. Nothing is computed again; source and project must be what they were.
    """
    from lustrum.cli.past_runs import find_run, open_past
    from lustrum.cli.summary import print_summary
    from lustrum.running.runner import apply_held

    with open_past(find_root(folder)) as ledger:
        name = find_run(ledger, run)
    project, registry = open_project(folder)
    with redirect_stdout(sys.stderr):
        summary = apply_held(project, registry, name, accepted)
    if as_json:
        click.echo(json.dumps(summary.as_dict(), indent=2, default=str))
    else:
        print_summary(summary)
    return summary.exit_code
