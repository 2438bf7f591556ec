"""Fixture tables: reviewed examples of a step or campaign that a steward reads and edits in a spreadsheet.

A folder is named after its step or campaign and holds CSV tables with the columns `given.FIELD`, `with.OPTION`,
`expected.FIELD`, `expected.outcome` (`changed`, `unchanged`, `skipped`, `skipped:reason`, `failed`, `failed:code`,
`blocked`), `note` and `from`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lustrum.files.cases import Case, Expectation
from lustrum.files.damage import cell_problem, lost_zeros, mangled
from lustrum.files.tables import Row, Table, read_table
from lustrum.files.yaml import read_value
from lustrum.words.errors import Problem, ProjectError, UsageError
from lustrum.words.fields import field_name
from lustrum.words.nearest import did_you_mean
from lustrum.words.outcomes import Outcome
from lustrum.words.places import Place

__all__ = ["Case", "Expectation", "FixtureTable", "load_fixtures", "write_fixtures"]

OUTCOME = "expected.outcome"
_PLAIN = (OUTCOME, "note", "from")
_PREFIXES = ("given.", "with.", "expected.")


@dataclass(frozen=True, slots=True)
class FixtureTable:
    """The cases of one file; `subject` is the step or campaign they are about."""

    subject: str
    path: Path
    table: Table
    cases: tuple[Case, ...]

    @property
    def file(self) -> str:
        """How messages name the file."""
        return self.table.file


def load_fixtures(folder: Path, root: Path | None = None) -> tuple[FixtureTable, ...]:
    """Read the CSV tables of one step's or campaign's folder, in the order of their names.

    Messages name files relative to `root` (else to the folder's parent). Raises `ProjectError` with the problems of
    all tables, damage by a spreadsheet among them.
    """
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder} with fixtures")
    tables: list[FixtureTable] = []
    problems: list[Problem] = []
    for path in sorted(path for path in folder.glob("*.csv") if path.is_file()):
        file = path.relative_to(root or folder.parent).as_posix()
        try:
            tables.append(read_fixtures(path, folder.name, file))
        except ProjectError as error:
            problems.extend(error.problems)
    if problems:
        raise ProjectError(problems)
    return tuple(tables)


def read_fixtures(path: Path, subject: str, file: str) -> FixtureTable:
    """Read one fixture table; `file` is how messages name it. Raises `ProjectError`."""
    table = read_table(path.read_bytes(), file)
    problems = [*_column_problems(table), *_damage(table)]
    if problems:
        raise ProjectError(problems)
    cases = [_case(table, row, problems) for row in table.records]
    problems.extend(
        problem for row, case in zip(table.records, cases, strict=True) for problem in _zeros(table, row, case)
    )
    if problems:
        raise ProjectError(problems)
    return FixtureTable(subject, path, table, tuple(cases))


def write_fixtures(table: FixtureTable, cases: Iterable[Case]) -> None:
    """Write what cases expect back into their rows, found by line, and replace the file at once.

    Only `expected.*` cells of cases that differ from the table's are written; rows that stay the same keep their
    bytes. An expected field the table has no column for gets one at the end. A case of another table raises `KeyError`.
    """
    read = {case.line: case for case in table.cases}
    by_line = {case.line: case for case in cases if case != read[case.line]}
    known = {_target(column) for column in table.table.columns}
    wanted = [name for case in by_line.values() for name in _expected_cells(case) if name not in known]
    grown = table.table.with_columns(list(dict.fromkeys(wanted)))
    written = grown.with_cells(lambda row: _accepted(grown, row, by_line.get(row.line)))
    prepared = table.path.with_name(f".{table.path.name}.new")
    prepared.write_bytes(written.render())
    prepared.replace(table.path)


def _target(column: str) -> str:
    """Name a column canonically: `expected.First Name` is no other than `expected.first_name`."""
    for prefix in ("given.", "expected."):
        if column.startswith(prefix) and column != OUTCOME:
            return prefix + field_name(column.removeprefix(prefix))
    return column


def _column_problems(table: Table) -> Iterator[Problem]:
    place = table.place(table.header)
    seen: dict[str, str] = {}
    for column in table.columns:
        target = _target(column)
        if not _known(target):
            yield Problem(place, f'unknown column "{column}"', _nearest(column))
        elif target in seen:
            yield Problem(place, f'"{column}" is the column "{seen[target]}" again', "remove or rename one")
        seen.setdefault(target, column)
    if not any(column.startswith("expected.") for column in seen):
        yield Problem(place, "the table expects nothing", f"add {OUTCOME} or a column expected.FIELD")


def _known(target: str) -> bool:
    return target in _PLAIN or (target.startswith(_PREFIXES) and target not in _PREFIXES)


def _nearest(column: str) -> str:
    rest = column.rpartition(".")[2] or "FIELD"
    known = [*_PLAIN, *(prefix + rest for prefix in _PREFIXES)]
    return (
        did_you_mean(column, known) or "known: given.FIELD, with.OPTION, expected.FIELD, expected.outcome, note, from"
    )


def _cells(table: Table) -> Iterator[tuple[Place, str, str, str]]:
    """Give every cell with its place, column and the note of its row."""
    for row in table.records:
        cells = dict(zip(table.columns, row.cells, strict=True))
        note = cells.get("note", "")
        for column, cell in cells.items():
            yield table.place(row), column, cell, note


def _damage(table: Table) -> Iterator[Problem]:
    found = (cell_problem(place, column, cell.strip(), note) for place, column, cell, note in _cells(table))
    yield from (problem for problem in found if problem)
    yield from mangled(_cells(table))


def _case(table: Table, row: Row, problems: list[Problem]) -> Case:
    cells = {_target(column): cell for column, cell in zip(table.columns, row.cells, strict=True)}
    place = table.place(row)
    outcome = _outcome(cells.get(OUTCOME, ""), place, problems)
    expected = _fields(cells, "expected.")
    if outcome and outcome.outcome is not Outcome.CHANGED:
        expected = dict[str, str | None]((name, value) for name, value in expected.items() if value is not None)
    options = {
        column.removeprefix("with."): _option(column, cell, place, problems)
        for column, cell in cells.items()
        if column.startswith("with.") and cell
    }
    note, source = cells.get("note", ""), cells.get("from", "")
    return Case(table.file, row.line, _fields(cells, "given."), options, expected, outcome, note, source)


def _fields(cells: Mapping[str, str], prefix: str) -> dict[str, str | None]:
    return {
        column.removeprefix(prefix): cell or None
        for column, cell in cells.items()
        if column.startswith(prefix) and column != OUTCOME
    }


def _outcome(cell: str, place: Place, problems: list[Problem]) -> Expectation | None:
    try:
        return Expectation.parse(cell) if cell.strip() else None
    except ValueError as error:
        problems.append(Problem(place, f"{OUTCOME}: {error}"))
        return None


def _option(column: str, cell: str, place: Place, problems: list[Problem]) -> Any:
    if not cell.startswith(("[", "{")) or cell.startswith("{{"):
        return cell
    try:
        return read_value(cell, place)
    except ProjectError as error:
        problems.extend(Problem(place, f"{column}: {problem.what}", problem.remedy) for problem in error.problems)
        return None


def _zeros(table: Table, row: Row, case: Case) -> Iterator[Problem]:
    """Find rows that contradict themselves: the outcome says the cell changes, or does not, and the cells say else."""
    if case.outcome is None:
        return
    unchanged = case.outcome.outcome is Outcome.UNCHANGED
    changed = case.outcome.outcome is Outcome.CHANGED and len(case.expected) == 1
    for name, expected in case.expected.items():
        given = case.given.get(name)
        if not given or not expected or given in case.note or not (changed or unchanged):
            continue
        if lost_zeros(given, expected, same=unchanged):
            what = f'given.{name} is "{given}", expected.{name} "{expected}", and the outcome {case.outcome}'
            yield Problem(table.place(row), f"{what}: a spreadsheet has lost leading zeros", "type them anew as text")


def _expected_cells(case: Case) -> dict[str, str]:
    outcome = {OUTCOME: str(case.outcome)} if case.outcome else {}
    return {**{f"expected.{name}": value or "" for name, value in case.expected.items()}, **outcome}


def _accepted(table: Table, row: Row, case: Case | None) -> list[str]:
    if case is None:
        return list(row.cells)
    expected = _expected_cells(case)
    return [
        expected.get(target, "") if (target := _target(column)).startswith("expected.") else cell
        for column, cell in zip(table.columns, row.cells, strict=True)
    ]
