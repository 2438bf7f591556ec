"""Running a fixture table so that a case that cannot be run costs only itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from lustrum.files.fixtures import FixtureTable
from lustrum.planning.registry import Registry
from lustrum.testing.cases import CaseRun, run_cases
from lustrum.words.errors import LustrumError, Problem, ProjectError
from lustrum.words.places import Place


def run_each(table: FixtureTable, registry: Registry, project: Path | None) -> tuple[list[CaseRun], list[Problem]]:
    """Run the cases of a table; give what came of them, and why the others cannot be run."""
    runs: list[CaseRun] = []
    problems: list[Problem] = []
    for part, place in _parts(table, registry):
        try:
            runs += run_cases(part, registry, project, source=table)
        except (LustrumError, ValidationError) as error:
            problems += _problems(error, place, table.subject)
    return runs, problems


def _parts(table: FixtureTable, registry: Registry) -> Iterator[tuple[FixtureTable, Place]]:
    """Part a step's table into its cases; those of a campaign are run together, for the sake of one plan."""
    if table.subject in registry.steps:
        for case in table.cases:
            yield replace(table, cases=(case,)), case.place
    else:
        yield table, Place(table.file)


def _problems(error: LustrumError | ValidationError, place: Place, subject: str) -> Iterator[Problem]:
    if isinstance(error, ValidationError):
        for detail in error.errors():
            option = ".".join(str(part) for part in detail["loc"])
            what = f'with.{option} is "{detail["input"]}": {detail["msg"]}'
            yield Problem(place, what, f"`lustrum steps {subject}` shows the options")
    elif isinstance(error, ProjectError):
        for problem in error.problems:
            yield Problem(place, _said(problem), problem.remedy)
    else:
        yield Problem(place, str(error))


def _said(problem: Problem) -> str:
    return f"{problem.place}: {problem.what}" if problem.place else problem.what
