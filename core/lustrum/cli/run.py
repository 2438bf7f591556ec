"""`lustrum run`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from lustrum.cli.loading import from_here, leads_option, project_option
from lustrum.cli.watched import Watching, watching_options


@click.command("run")
@click.argument("campaigns", nargs=-1, metavar="[CAMPAIGN]...")
@project_option
@leads_option
@click.option("--out", metavar="FILE", callback=from_here, help="Write the leads here instead.")
@click.option("--dry-run", is_flag=True, help="Do everything but apply.")
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Take only the first N leads; the rest is copied."
)
@click.option("--run-id", metavar="ID", help="Name the run, for tests and orchestrators.")
@click.option(
    "--memory",
    metavar="SIZE",
    default="2GB",
    show_default=True,
    help="Choose batches, of 100,000 leads at most, with which all processes together take about that much.",
)
@click.option(
    "--batch-size", type=click.IntRange(1, 10_000_000), metavar="N", help="Leads in a batch, whatever memory it takes."
)
@click.option(
    "--workers",
    type=click.IntRange(0, 256),
    metavar="N",
    help="Work in N processes beside this one, 0 for none; left out, in as many as there are cores where that pays.",
)
@click.option(
    "--profile",
    is_flag=True,
    help="Say what each entry costs, measured in one process; with --workers the summary says that none helped.",
)
@click.option("--no-wait", is_flag=True, help="Give up where a provider asks for a longer wait than can be slept.")
@click.option(
    "--token",
    "tokens",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give a token its value, as in my.region=IT; repeatable.",
)
@click.option("--full", is_flag=True, help="Take leads through that have not changed, too.")
@click.option("--resume", is_flag=True, help="Go on with the last run if it did not come to its end; else begin one.")
@click.option(
    "--restart", is_flag=True, help="Begin a new run; with --resume, only where the last cannot be gone on with."
)
@watching_options
def command(
    campaigns: tuple[str, ...],
    folder: Path | None,
    leads: str | None,
    out: str | None,
    dry_run: bool,
    limit: int | None,
    run_id: str | None,
    memory: str,
    batch_size: int | None,
    workers: int | None,
    profile: bool,
    no_wait: bool,
    tokens: tuple[str, ...],
    full: bool,
    resume: bool,
    restart: bool,
    log_format: str,
    as_json: bool,
    quiet: bool,
) -> int:
    """Take the leads through campaigns (default: those the project's `run:` names)."""
    from lustrum.running.memory import parse_memory
    from lustrum.running.options import BATCH_SIZE
    from lustrum.running.runner import RunOptions, run_project

    size, bound = batch_size or BATCH_SIZE, None if batch_size else parse_memory(memory)
    values = _token_values(tokens)
    asked = RunOptions(campaigns, leads, out, dry_run, limit, run_id, size, no_wait, values, resume, restart)
    options = replace(asked, full=full, workers=workers, memory=bound, profile=profile)
    watching = Watching(log_format, as_json, quiet)
    return watching.run(folder, lambda project, registry, told: run_project(project, registry, options, told))


def _token_values(texts: Iterable[str]) -> dict[str, str]:
    from lustrum.words.errors import UsageError
    from lustrum.words.tokens import parse_override

    values: dict[str, str] = {}
    for name, value in map(parse_override, texts):
        if values.setdefault(name, value) != value:
            raise UsageError(f'the token my.{name} is given two values, "{values[name]}" and "{value}"; leave one out')
    return values
