"""A run as somebody watches it: a counter on a terminal, plain lines in cron, JSON for machines; then its summary."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from lustrum.cli.loading import open_project
from lustrum.cli.remarks import remarks_told
from lustrum.running.collecting import all_is_loaded

if TYPE_CHECKING:
    from lustrum.files.project import Project
    from lustrum.planning.registry import Registry
    from lustrum.running.runner import Progress
    from lustrum.running.summary import Summary

F = TypeVar("F", bound=Callable[..., object])


def watching_options(command: F) -> F:
    """Add `--json` and `--quiet` to a command that lets a run go."""
    as_json = click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
    kinds = click.Choice(["text", "json"])
    log = click.option(
        "--log-format", type=kinds, default="text", help="Tell what happens in lines, or as JSON objects."
    )
    quiet = click.option("--quiet", is_flag=True, help="Print nothing unless the exit code is other than 0.")
    return log(as_json(quiet(command)))


@dataclass(frozen=True, slots=True)
class Watching:
    """How somebody watches a run."""

    log_format: str
    as_json: bool
    quiet: bool

    def run(self, folder: Path | None, go: Callable[[Project, Registry, Progress | None], Summary]) -> int:
        """Let a run of a project go, tell how it ended and give its exit code; SIGTERM interrupts it as Ctrl-C does."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if self.log_format == "json":
            return self._logged(folder, go)
        project, registry = open_project(folder)
        all_is_loaded()
        with _progress(self.quiet or self.as_json) as progress, redirect_stdout(sys.stderr):
            summary = go(project, registry, progress)
        return self._told(summary)

    def _logged(self, folder: Path | None, go: Callable[[Project, Registry, Progress | None], Summary]) -> int:
        from lustrum.cli.json_log import JsonLog, write_event
        from lustrum.words.errors import LustrumError

        try:
            project, registry = open_project(folder)
            all_is_loaded()
            with redirect_stdout(sys.stderr), remarks_told(lambda text: write_event("remark", message=text)):
                summary = go(project, registry.observed_by(JsonLog()), None)
            return self._told(summary)
        except LustrumError as error:
            write_event("failed", "error", message=str(error), exit_code=error.exit_code)
            return error.exit_code

    def _told(self, summary: Summary) -> int:
        if not (self.quiet and summary.exit_code == 0):
            _tell(summary, as_json=self.as_json)
        return summary.exit_code


def _tell(summary: Summary, *, as_json: bool) -> None:
    from lustrum.cli.summary import print_summary

    if as_json:
        click.echo(json.dumps(summary.as_dict(), indent=2, default=str))
    else:
        print_summary(summary)


@contextmanager
def _progress(silent: bool) -> Generator[Progress | None]:
    """Show a counter on a terminal and plain lines elsewhere (cron)."""
    if silent:
        yield None
        return
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        with remarks_told(lambda text: click.echo(text, err=True)):
            yield lambda leads: click.echo(f"{leads} leads done", err=True)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("cleaning"), BarColumn(), TextColumn("{task.completed:,} leads"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar, remarks_told(bar.console.print):
        task = bar.add_task("cleaning", total=None)
        yield lambda leads: bar.update(task, completed=leads)
