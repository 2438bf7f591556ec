"""What a table of cases is, and who answers it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Verdict = Literal["right", "wrong", "left"]
"""`left` is no answer where one was possible; a refusal where nothing was right to say is `right`."""

Contender = Callable[["Case"], Any]
"""Gives its answer to a case, or None where it gives none. Raises ImportError where its library is not installed."""


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a table: what is given, what is right, and the slice it is counted in."""

    id: str
    slice: str
    given: Mapping[str, str]
    expected: Any


@dataclass(frozen=True, slots=True)
class Goal:
    """What a step must reach on the rows of the named slices (none named: all), as shares of them."""

    right: float
    wrong: float | None = None
    slices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A file of cases, how an answer to one is judged, and who answers: `lustrum` and its peers by name."""

    name: str
    file: str
    case: Callable[[Mapping[str, str]], Case | None]
    judge: Callable[[Case, Any], Verdict]
    contenders: Mapping[str, Contender]
    goals: tuple[Goal, ...] = ()

    def cases(self, folder: Path) -> list[Case]:
        """Read the cases of the table; rows that are not to be scored are left out."""
        read = (self.case(row) for row in _rows(folder / self.file))
        return [case for case in read if case is not None]


def _rows(file: Path) -> Iterator[Mapping[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def exact(case: Case, answer: Any) -> Verdict:
    """Judge an answer that is right only where it equals what is expected; expected None asks for a refusal.

    >>> case = Case("1", "", {}, "DE")
    >>> exact(case, "DE"), exact(case, None), exact(case, "AT"), exact(Case("2", "", {}, None), None)
    ('right', 'left', 'wrong', 'right')
    """
    if answer == case.expected:
        return "right"
    return "left" if answer is None else "wrong"


def by_name(tables: Iterable[Table]) -> dict[str, Table]:
    """Give tables by their names."""
    return {table.name: table for table in tables}
