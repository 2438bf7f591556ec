"""What stewards decided: decisions.csv.

| scope | leads it speaks of |
|---|---|
| `lead` | the one whose key is `key` |
| `value` | every lead whose cell holds `before` |
| `source` | every lead of the source named in `key` whose cell holds `before` |

| verdict | what it says |
|---|---|
| `keep` | the cell stays `before`, whatever a step answers; counts only while the cell still holds `before` |
| `set` | the cell becomes `after`; counts only while the cell still holds `before` |
| `always` | the cell becomes `after`, whatever it holds |

An empty `after` empties the cell. A decision counts up to and with the day `until`. The file's order is kept; of two
decisions about one cell the later one is the steward's last word. The engine applies them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeGuard

from lustrum.files.damage import cell_problem
from lustrum.files.tables import Row, Table, column_problems, read_table
from lustrum.words.errors import Problem, ProjectError
from lustrum.words.fields import field_name
from lustrum.words.nearest import did_you_mean
from lustrum.words.places import Place

FILE = "decisions.csv"
COLUMNS = ("scope", "key", "field", "before", "after", "verdict", "until", "who", "when")

Scope = Literal["lead", "value", "source"]
Verdict = Literal["keep", "set", "always"]
SCOPES: tuple[Scope, ...] = ("lead", "value", "source")
VERDICTS: tuple[Verdict, ...] = ("keep", "set", "always")


@dataclass(frozen=True, slots=True)
class Decision:
    """A steward's word about a cell, or about every cell that holds a value; empty cells are None."""

    scope: Scope
    key: str | None
    field: str
    before: str | None
    after: str | None
    verdict: Verdict
    until: date | None = None
    who: str = ""
    when: str = ""
    place: Place | None = dataclasses.field(default=None, compare=False)

    def expired(self, on: date) -> bool:
        """Say whether the decision has ceased to count on a day."""
        return self.until is not None and on > self.until


def load_decisions(root: Path) -> tuple[Decision, ...]:
    """Read the decisions of the project in the folder `root`, none where the file is missing. Raises `ProjectError`."""
    path = root / FILE
    return read_decisions(path.read_bytes(), FILE) if path.is_file() else ()


def read_decisions(content: bytes, file: str) -> tuple[Decision, ...]:
    """Read a table of decisions; `file` is how messages name it. Raises `ProjectError` with every problem."""
    table = read_table(content, file)
    problems = list(column_problems(table, COLUMNS))
    if problems:
        raise ProjectError(problems)
    decisions = [_decision(table, row, problems) for row in table.records]
    if problems:
        raise ProjectError(problems)
    return tuple(decision for decision in decisions if decision)


def _decision(table: Table, row: Row, problems: list[Problem]) -> Decision | None:
    cells = dict(zip(table.columns, row.cells, strict=True))
    scope, verdict = cells["scope"].strip().lower(), cells["verdict"].strip().lower()
    until = _day(cells["until"].strip())
    found = [*_word_problems(cells, scope, verdict, until), *_scope_problems(cells, scope)]
    problems.extend(Problem(table.place(row), what, remedy) for what, remedy in found)
    problems.extend(_damage(table.place(row), cells, verdict))
    if found or not _is_scope(scope) or not _is_verdict(verdict) or isinstance(until, str):
        return None
    key, before, after = (cells[name] or None for name in ("key", "before", "after"))
    name, who, when = field_name(cells["field"]), cells["who"], cells["when"]
    return Decision(scope, key, name, before, after, verdict, until, who, when, table.place(row))


def _word_problems(
    cells: Mapping[str, str], scope: str, verdict: str, until: date | str | None
) -> Iterator[tuple[str, str]]:
    if not _is_scope(scope):
        yield f'unknown scope "{scope}"', did_you_mean(scope, SCOPES) or f"write one of: {', '.join(SCOPES)}"
    if not _is_verdict(verdict):
        yield f'unknown verdict "{verdict}"', did_you_mean(verdict, VERDICTS) or f"write one of: {', '.join(VERDICTS)}"
    if isinstance(until, str):
        yield f'until is "{until}", which is no date', "write it as 2030-12-31 or leave it empty"
    if not field_name(cells["field"]):
        yield "field is empty", "name the field the decision is about"


def _scope_problems(cells: Mapping[str, str], scope: str) -> Iterator[tuple[str, str]]:
    if scope == "lead" and not cells["key"]:
        yield "scope lead has no key", "write the lead's key"
    if scope == "source" and not cells["key"]:
        yield "scope source has no key", "write the source's name as its key"
    if scope == "value" and cells["key"]:
        yield "scope value speaks of every lead, so it has no key", "empty the key, or write scope lead"
    if scope in ("value", "source") and not cells["before"]:
        yield f"scope {scope} has no before", "write the value the decision is about"


def _damage(place: Place, cells: Mapping[str, str], verdict: str) -> Iterator[Problem]:
    """Check what a run would write or look for; `before` and a refused `after` may hold any dirt."""
    for name in ("key",) if verdict == "keep" else ("key", "after"):
        if problem := cell_problem(place, name, cells[name]):
            yield problem


def _day(text: str) -> date | str | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return text


def _is_scope(text: str) -> TypeGuard[Scope]:
    return text in SCOPES


def _is_verdict(text: str) -> TypeGuard[Verdict]:
    return text in VERDICTS
