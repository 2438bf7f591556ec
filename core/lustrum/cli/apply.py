"""`lustrum apply`."""

from __future__ import annotations

from pathlib import Path

import click

from lustrum.cli.loading import find_root, project_option
from lustrum.cli.watched import Watching, watching_options


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
@watching_options
def command(
    run: str, folder: Path | None, accepted: tuple[str, ...], log_format: str, as_json: bool, quiet: bool
) -> int:
    """Apply a run that a guard stopped, or that was only tried (`--dry-run`).

    RUN is its id, or `last`. Nothing is computed again; source and project must be what they were.
    """
    from lustrum.cli.past_runs import find_run, open_past
    from lustrum.running.runner import apply_held

    with open_past(find_root(folder)) as ledger:
        name = find_run(ledger, run)
    watching = Watching(log_format, as_json, quiet)
    return watching.run(folder, lambda project, registry, told: apply_held(project, registry, name, accepted, told))
