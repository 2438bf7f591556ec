"""The project's own spellings: a table `aliases/FIELD.csv` for each field that has some.

| column | says |
|---|---|
| `alias` | what stands in the cell; case, width and runs of spaces make no difference |
| `value` | what a step that standardises the field reads in its place |
| `scope` | a condition: the row counts only for the leads for which it holds (optional) |
| `until` | the last day on which the row counts (optional) |
| `note` | why, or who said so (optional) |

Of two rows about one alias the earlier whose scope holds counts; a row without scope counts where none does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lustrum.files.damage import cell_problem
from lustrum.files.tables import Row, Table, column_problems, read_table
from lustrum.words.errors import Problem, ProjectError
from lustrum.words.fields import field_name
from lustrum.words.folding import fold
from lustrum.words.places import Place

FOLDER = "aliases"
NEEDED = ("alias", "value")
OPTIONAL = ("scope", "until", "note")


@dataclass(frozen=True, slots=True)
class Alias:
    """One spelling and what it stands for."""

    alias: str
    value: str
    scope: str
    until: date | None
    place: Place

    def expired(self, on: date) -> bool:
        """Say whether the spelling has ceased to count on a day."""
        return self.until is not None and on > self.until


@dataclass(frozen=True, slots=True)
class AliasFile:
    """The spellings of one field, in the order of the file."""

    field: str
    place: Place
    aliases: tuple[Alias, ...]


def load_aliases(root: Path) -> tuple[AliasFile, ...]:
    """Read the alias tables of the project in the folder `root`. Raises `ProjectError` with every problem."""
    problems: list[Problem] = []
    read: list[AliasFile] = []
    for path in sorted((root / FOLDER).glob("*.csv")):
        try:
            read.append(read_aliases(path.read_bytes(), f"{FOLDER}/{path.name}"))
        except ProjectError as error:
            problems.extend(error.problems)
    problems.extend(_twice(read))
    if problems:
        raise ProjectError(problems)
    return tuple(read)


def read_aliases(content: bytes, file: str) -> AliasFile:
    """Read one table; `file` names its field and is how messages name it. Raises `ProjectError` with every problem."""
    table = read_table(content, file)
    problems = list(column_problems(table, NEEDED, OPTIONAL))
    if problems:
        raise ProjectError(problems)
    aliases = [alias for row in table.records if (alias := _alias(table, row, problems))]
    problems.extend(_conflicts(aliases))
    if problems:
        raise ProjectError(problems)
    return AliasFile(field_name(Path(file).stem), table.place(table.header), tuple(aliases))


def _alias(table: Table, row: Row, problems: list[Problem]) -> Alias | None:
    cells = dict.fromkeys(OPTIONAL, "") | dict(zip(table.columns, row.cells, strict=True))
    place = table.place(row)
    found = list(_cell_problems(cells, place))
    problems.extend(found)
    if found:
        return None
    until = date.fromisoformat(cells["until"].strip()) if cells["until"].strip() else None
    return Alias(cells["alias"], cells["value"].strip(), cells["scope"].strip(), until, place)


def _cell_problems(cells: Mapping[str, str], place: Place) -> Iterator[Problem]:
    for name in NEEDED:
        if not cells[name].strip():
            yield Problem(place, f"{name} is empty", "an alias has a spelling and the value it stands for")
    if problem := cell_problem(place, "value", cells["value"]):
        yield problem
    try:
        date.fromisoformat(cells["until"].strip() or "2030-12-31")
    except ValueError:
        what = f'until is "{cells["until"]}", which is no date'
        yield Problem(place, what, "write it as 2030-12-31 or leave it empty")


def _conflicts(aliases: list[Alias]) -> Iterator[Problem]:
    first: dict[tuple[str, str], Alias] = {}
    for alias in aliases:
        earlier = first.setdefault((fold(alias.alias), alias.scope), alias)
        if earlier is not alias:
            yield Problem(alias.place, f'"{alias.alias}" stands in line {earlier.place.line} too', "remove one of them")
    spelled = {spelling for spelling, _ in first}
    for alias in aliases:
        if fold(alias.value) in spelled and fold(alias.value) != fold(alias.alias):
            what = f'"{alias.value}" is an alias itself, so the next run would change it again'
            yield Problem(alias.place, what, "give the value that is meant in the end")


def _twice(files: list[AliasFile]) -> Iterator[Problem]:
    first: dict[str, AliasFile] = {}
    for file in files:
        earlier = first.setdefault(file.field, file)
        if earlier is not file:
            what = f"{earlier.place.file} is a table of the field {file.field} too"
            yield Problem(file.place, what, "keep one table a field")
