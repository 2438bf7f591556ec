"""A run as somebody watches it: a counter on a terminal, plain lines in cron, JSON for machines; then its summary."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from lustrum.running.runner import Progress
    from lustrum.running.summary import Summary

F = TypeVar("F", bound=Callable[..., object])


def watching_options(command: F) -> F:
    """Add `--json` and `--quiet` to a command that lets a run go."""
    as_json = click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
    quiet = click.option("--quiet", is_flag=True, help="Print nothing unless the exit code is other than 0.")
    return as_json(quiet(command))


def watch(go: Callable[[Progress | None], Summary], *, as_json: bool, quiet: bool) -> int:
    """Let a run go, tell how it ended and give its exit code; SIGTERM interrupts it as Ctrl-C does."""
    from lustrum.cli.summary import print_summary

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with _progress(quiet or as_json) as progress, redirect_stdout(sys.stderr):
        summary = go(progress)
    if quiet and summary.exit_code == 0:
        return 0
    if as_json:
        click.echo(json.dumps(summary.as_dict(), indent=2, default=str))
    else:
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
