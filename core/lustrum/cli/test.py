"""`lustrum test`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lustrum.cli.loading import project_option

if TYPE_CHECKING:
    from lustrum.files.fixtures import FixtureTable
    from lustrum.files.project import Project
    from lustrum.planning.registry import Registry
    from lustrum.testing.cases import CaseRun
    from lustrum.words.errors import Problem

FAILED = 1


@click.command("test")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@project_option
@click.option("--accept", is_flag=True, help="Show what fails, ask, then write what came out into the tables.")
@click.option("--yes", is_flag=True, help="With --accept: do not ask.")
def command(paths: tuple[Path, ...], folder: Path | None, accept: bool, yes: bool) -> int:
    """Run the fixtures: reviewed examples of steps and campaigns, given, expected, got.

    PATH is a folder with one folder for each step or campaign, one such folder, or one CSV file; left out, the
    project's folder fixtures.

    \b
    Exit codes: 0 all passed; 1 a case failed; 2 wrong use, or a table that cannot be run.
    """
    if yes and not accept:
        raise click.UsageError("--yes means nothing without --accept")
    report = _Report()
    for line in report.lines(paths, folder):
        click.echo(line)
    if accept and report.failed and (yes or _asked(len(report.failed))):
        report.accept()
        click.echo(f"{len(report.failed)} accepted, {report.passed} passed")
        return 2 if report.problems else 0
    return report.exit_code


def _asked(count: int) -> bool:
    return click.confirm(f"Write what came out into the tables, for {count} cases?")


@dataclass
class _Report:
    """What came of all cases so far."""

    passed: int = 0
    failed: list[tuple[FixtureTable, CaseRun]] = field(default_factory=list["tuple[FixtureTable, CaseRun]"])
    problems: list[Problem] = field(default_factory=list["Problem"])

    @property
    def exit_code(self) -> int:
        if self.problems:
            return 2
        return FAILED if self.failed else 0

    def lines(self, paths: Sequence[Path], folder: Path | None) -> Iterator[str]:
        from lustrum.cli.fixtures import find_fixtures

        project, registry = _open(folder)
        found = find_fixtures(paths, registry, project)
        self.problems.extend(found.problems)
        for table in found.tables:
            yield from self._run(table, registry, project.root if project else None)
        yield from (f"ERROR {problem}" for problem in self.problems)
        yield self._closing()

    def _run(self, table: FixtureTable, registry: Registry, root: Path | None) -> Iterator[str]:
        from lustrum.cli.case_runs import run_each
        from lustrum.cli.case_text import case_lines

        runs, problems = run_each(table, registry, root)
        self.problems.extend(problems)
        self.passed += sum(run.passed for run in runs)
        failed = [run for run in runs if not run.passed]
        self.failed.extend((table, run) for run in failed)
        for run in failed:
            yield from case_lines(run)
            yield ""

    def _closing(self) -> str:
        count = len(self.problems)
        wrong = f", {count} problem{'s' * (count > 1)}" if count else ""
        return f"{self.passed} passed, {len(self.failed)} failed{wrong}"

    def accept(self) -> None:
        from lustrum.files.fixtures import write_fixtures

        tables = {table.path: table for table, _ in self.failed}
        for path, table in tables.items():
            write_fixtures(table, [run.accepted() for found, run in self.failed if found.path == path])


def _open(folder: Path | None) -> tuple[Project | None, Registry]:
    from lustrum.cli.loading import in_project, open_project
    from lustrum.planning.registry import Registry

    return open_project(folder) if folder is not None or in_project() else (None, Registry.load())
