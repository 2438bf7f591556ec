"""`lustrum run`."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lustrum.cli.loading import leads_option, open_project, project_option

if TYPE_CHECKING:
    from lustrum.running.runner import Progress, RunOptions


@click.command("run")
@click.argument("campaigns", nargs=-1, metavar="[CAMPAIGN]...")
@project_option
@leads_option
@click.option("--out", metavar="FILE", help="Write the leads here instead.")
@click.option("--dry-run", is_flag=True, help="Do everything but apply.")
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Take only the first N leads; the rest is copied."
)
@click.option("--run-id", metavar="ID", help="Name the run, for tests and orchestrators.")
@click.option(
    "--batch-size", type=click.IntRange(1, 10_000_000), default=100_000, show_default=True, help="Leads in a batch."
)
@click.option("--no-wait", is_flag=True, help="Give up where a provider asks for a longer wait than can be slept.")
@click.option(
    "--token",
    "tokens",
    multiple=True,
    metavar="NAME=VALUE",
    help="Give a token its value, as in my.region=IT; repeatable.",
)
@click.option("--resume", is_flag=True, help="Go on with the last run if it did not come to its end; else begin one.")
@click.option(
    "--restart", is_flag=True, help="Begin a new run; with --resume, only where the last cannot be gone on with."
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def command(
    campaigns: tuple[str, ...],
    folder: Path | None,
    leads: str | None,
    out: str | None,
    dry_run: bool,
    limit: int | None,
    run_id: str | None,
    batch_size: int,
    no_wait: bool,
    tokens: tuple[str, ...],
    resume: bool,
    restart: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Take the leads through campaigns (default: those the project's `run:` names)."""
    from lustrum.running.runner import RunOptions

    values = _token_values(tokens)
    options = RunOptions(campaigns, leads, out, dry_run, limit, run_id, batch_size, no_wait, values, resume, restart)
    return _run(folder, options, as_json, quiet)


def _token_values(texts: Iterable[str]) -> dict[str, str]:
    from lustrum.words.errors import UsageError
    from lustrum.words.tokens import parse_override

    values: dict[str, str] = {}
    for name, value in map(parse_override, texts):
        if values.setdefault(name, value) != value:
            raise UsageError(f'the token my.{name} is given two values, "{values[name]}" and "{value}"; leave one out')
    return values


def _run(folder: Path | None, options: RunOptions, as_json: bool, quiet: bool) -> int:
    from lustrum.cli.summary import print_summary
    from lustrum.running.runner import run_project

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    project, registry = open_project(folder)
    with _progress(quiet or as_json) as progress, redirect_stdout(sys.stderr):
        summary = run_project(project, registry, options, progress)
    if as_json:
        click.echo(json.dumps(summary.as_dict(), indent=2, default=str))
    elif not quiet:
        print_summary(summary)
    return summary.exit_code


@contextmanager
def _progress(silent: bool) -> Generator[Progress | None]:
    """Show a counter on a terminal and plain lines elsewhere (cron)."""
    if silent:
        yield None
        return
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda leads: click.echo(f"{leads} leads done", err=True)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("cleaning"), BarColumn(), TextColumn("{task.completed:,} leads"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("cleaning", total=None)
        yield lambda leads: bar.update(task, completed=leads)
