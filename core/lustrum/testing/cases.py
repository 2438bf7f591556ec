"""Running reviewed cases: each through its step or campaign, what came out held against what was expected."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import polars as pl

from lustrum.contracts.options import Program, ProgramOption
from lustrum.contracts.steps import Step
from lustrum.engine.result import Result
from lustrum.files.fixtures import Case, Expectation, FixtureTable
from lustrum.files.locations import located
from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.testing.campaigns import run_campaign
from lustrum.testing.leads import Row
from lustrum.testing.steps import run_step
from lustrum.words.errors import LustrumError
from lustrum.words.fields import field_name
from lustrum.words.outcomes import Outcome

EFFECTS = {
    "moment_type": ("moment", "type"),
    "moment_text": ("moment", "text"),
    "alert_to": ("alert", "type"),
    "alert_subject": ("alert", "subject"),
    "alert_text": ("alert", "text"),
}
"""What a case may expect beside fields: the kind of an effect, and the column of the effects that has it."""


@dataclass(frozen=True, slots=True)
class CaseRun:
    """A case and what came of it: the fields it talks about, and the outcome as text."""

    case: Case
    got: Mapping[str, str | None]
    outcome: str

    @property
    def wrong_fields(self) -> list[str]:
        """Name the fields that came out otherwise than expected."""
        return [name for name, want in self.case.expected.items() if (self.got.get(name) or None) != (want or None)]

    @property
    def passed(self) -> bool:
        """Say whether all is as expected."""
        return not self.wrong_fields and self._outcome_met()

    def _outcome_met(self) -> bool:
        if self.case.outcome is None:
            return True
        word, _, code = self.outcome.partition(":")
        return bool(word) and self.case.outcome.met_by(Outcome(word), code or None)

    def accepted(self) -> Case:
        """Give the case as it would expect what came out."""
        expected = {name: self.got.get(name) for name in self.case.expected}
        outcome = Expectation.parse(self.outcome) if self.case.outcome and self.outcome else self.case.outcome
        return replace(self.case, expected=expected, outcome=outcome)


def run_cases(
    table: FixtureTable, registry: Registry, project: Path | None = None, source: FixtureTable | None = None
) -> list[CaseRun]:
    """Run every case of a table through the step or, in a project, the campaign its folder is named after.

    A step that learns does so from `source`, where the table is only a part of one.
    """
    if table.subject in registry.steps:
        learnt_from = [case.given for case in (source or table).cases]
        return _run_step_cases(table, registry, project, learnt_from)
    if project is None:
        raise LustrumError(
            f"{table.file}: there is no step {table.subject}, and no project that could have such a campaign"
        )
    return list(_run_campaign_cases(table, registry, project))


def _run_step_cases(
    table: FixtureTable, registry: Registry, project: Path | None, source: Sequence[Row]
) -> list[CaseRun]:
    """Run the cases that have the same options and fields at once, and give all in their order."""
    step = registry.find(table.subject).step
    alike: dict[str, list[Case]] = {}
    for case in table.cases:
        alike.setdefault(json.dumps([case.options, sorted(_fields(case))], default=repr), []).append(case)
    runs = [run for cases in alike.values() for run in _run_alike(step, cases, table, project, source)]
    order = {id(case): number for number, case in enumerate(table.cases)}
    return sorted(runs, key=lambda run: order[id(run.case)])


def _run_alike(
    step: Step, cases: Sequence[Case], table: FixtureTable, project: Path | None, source: Sequence[Row]
) -> Iterator[CaseRun]:
    options = cases[0].options
    named = [name for name, (kind, _) in step.options.declared.items() if kind == ProgramOption]
    programs = {name: _program(options[name], project) for name in named if name in options}
    learnt_from = source if step.learns else None
    leads = [_fields(case) for case in cases]
    run = run_step(step, leads, root=table.path.parent, options={**options, **programs}, source=learnt_from)
    for row, case in enumerate(cases):
        yield CaseRun(case, {**run.result.texts(row), **_effects(run.result, row)}, run.outcomes[row])


def _fields(case: Case) -> Row:
    """Give the lead of a case, with the fields it expects something of."""
    return {**dict.fromkeys(set(case.expected) - EFFECTS.keys()), **case.given}


def _program(named: object, project: Path | None) -> object:
    """Find a program of the project by its name, or make the one a case declares: `{webinar: [Invited, Attended]}`."""
    unknown = named
    if isinstance(named, Mapping):
        declared = list(cast("Mapping[str, Sequence[str]]", named).items())
    else:
        programs = load_project(project).model.programs if project else {}
        declared = [(name, found) for name, found in programs.items() if field_name(name) == field_name(str(named))]
    if len(declared) != 1:
        return unknown
    ((name, statuses),) = declared
    return Program(name, tuple(statuses))


def _effects(result: Result, row: int) -> dict[str, str | None]:
    """Give what the last effect of each kind says of a lead."""
    own = result.effects.filter(pl.col("row") == row)
    last = {kind: own.filter(pl.col("kind") == kind).tail(1) for kind, _ in EFFECTS.values()}
    return {name: next(iter(last[kind][column]), None) for name, (kind, column) in EFFECTS.items()}


def _run_campaign_cases(table: FixtureTable, registry: Registry, project: Path) -> Iterator[CaseRun]:
    settings = load_project(project).model.leads
    key = settings.key or "id"
    rows: Sequence[dict[str, Any]] = [{key: str(number), **case.given} for number, case in enumerate(table.cases)]
    header = registry.open_source(located(project, settings.from_), settings.dialect).header
    run = run_campaign(project, rows, table.subject, registry=registry, header=header)
    held = {entry["key"] for entry in run.quarantine}
    changed = {entry["key"] for entry in run.changes}
    for number, case in enumerate(table.cases):
        lead = str(rows[number][key])
        outcome = "failed" if lead in held else "changed" if lead in changed else "unchanged"
        yield CaseRun(case, {**run.result.texts(number), **_effects(run.result, number)}, outcome)
