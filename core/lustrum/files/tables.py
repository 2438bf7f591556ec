"""Reading and rewriting the small CSV tables that people keep by hand, with the line of every row."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from lustrum.files.yaml import decode
from lustrum.words.errors import Problem, ProjectError
from lustrum.words.nearest import did_you_mean
from lustrum.words.places import Place

DELIMITERS = ",;\t"
_BOM = "\ufeff"
_ANY_END = "\r\n"
"""What `csv` must know as a line's end so that it quotes every cell that holds a part of one."""

_MANGLED_BOM = "ï»¿"


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its first physical line, its cells, and its text as it stands in the file."""

    line: int
    cells: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands in a file; every row has a cell for every column. Blank rows have no cells."""

    file: str
    header: Row
    rows: tuple[Row, ...]
    delimiter: str = ","
    mark: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, as they stand in the header."""
        return self.header.cells

    @property
    def records(self) -> tuple[Row, ...]:
        """The rows that say something."""
        return tuple(row for row in self.rows if any(row.cells))

    def place(self, row: Row) -> Place:
        """Find the line of a row."""
        return Place(self.file, row.line)

    def with_cells(self, cells: Callable[[Row], Sequence[str]]) -> Table:
        """Put other cells into the records; rows whose cells stay the same keep their text."""
        return replace(
            self, rows=tuple(self._row(row, tuple(cells(row))) if any(row.cells) else row for row in self.rows)
        )

    def with_columns(self, names: Sequence[str]) -> Table:
        """Append columns, empty in every record."""
        header = self._row(self.header, (*self.columns, *names))
        return replace(self, header=header).with_cells(lambda row: (*row.cells, *("" for _ in names)))

    def render(self) -> bytes:
        """Write the table as it stands in a file: untouched rows byte for byte."""
        text = self.header.text + "".join(row.text for row in self.rows)
        return (_BOM * self.mark + text).encode()

    def _row(self, row: Row, cells: tuple[str, ...]) -> Row:
        if cells == row.cells:
            return row
        ending = row.text[len(row.text.rstrip("\r\n")) :]
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=self.delimiter, lineterminator=_ANY_END).writerow(cells)
        return Row(row.line, cells, written.getvalue().removesuffix(_ANY_END) + ending)


def read_table(content: bytes, file: str) -> Table:
    """Read a table in UTF-8, separated by commas, semicolons or tabs (the header decides).

    Raises `ProjectError` for bytes that are not UTF-8, a damaged header, and rows that do not fit it.
    """
    text = decode(content, file)
    if not text.strip():
        raise ProjectError([Problem(Place(file, 1), "the table is empty", "write a header")])
    delimiter = _delimiter(text)
    rows = list(_rows(text, delimiter, file))
    table = Table(file, rows[0], tuple(rows[1:]), delimiter, content.startswith(_BOM.encode()))
    problems = list(_header_problems(table)) or list(_ragged(table))
    if problems:
        raise ProjectError(problems)
    return table


def column_problems(table: Table, needed: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Problem]:
    """Find the columns a table lacks, and those nobody would read."""
    place, known = table.place(table.header), (*needed, *optional)
    for name in table.columns:
        if name not in known:
            remedy = did_you_mean(name, known) or f"known: {', '.join(known)}"
            yield Problem(place, f'unknown column "{name}"', remedy)
    for name in needed:
        if name not in table.columns:
            yield Problem(place, f'missing column "{name}"', "add it, empty where there is nothing to say")


def _delimiter(text: str) -> str:
    first = text.splitlines()[0]
    return max(DELIMITERS, key=lambda delimiter: _width(first, delimiter))


def _width(line: str, delimiter: str) -> int:
    try:
        return sum(len(cells) for cells in csv.reader([line], delimiter=delimiter))
    except csv.Error:
        return 0


def _rows(text: str, delimiter: str, file: str) -> Iterator[Row]:
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while reader.line_num < len(lines):
        start = reader.line_num
        try:
            cells = next(reader)
        except csv.Error as error:
            what = f"the row that begins here is broken ({error})"
            remedy = "close its quotes, and double a quote that belongs to the text"
            raise ProjectError([Problem(Place(file, start + 1), what, remedy)]) from error
        yield Row(start + 1, tuple(cells), "".join(lines[start : reader.line_num]))


def _header_problems(table: Table) -> Iterator[Problem]:
    place = table.place(table.header)
    if not any(table.columns):
        yield Problem(place, "the first line is blank", "begin the table with its header")
        return
    if table.columns[0].startswith((_BOM, _MANGLED_BOM)):
        yield Problem(place, "the header begins with a mangled byte order mark", "save the file anew as UTF-8")
    for position, name in enumerate(table.columns):
        if not name.strip():
            yield Problem(place, f"column {position + 1} has no name", "name it or remove it")
        elif name in table.columns[:position]:
            yield Problem(place, f'the column "{name}" stands twice', "remove or rename one")


def _ragged(table: Table) -> Iterator[Problem]:
    width = len(table.columns)
    for row in table.records:
        if len(row.cells) == width:
            continue
        if other := _fitting(row, table.delimiter, width):
            what = f'this row is separated by "{other}", the header by "{table.delimiter}"'
            yield Problem(table.place(row), what, "separate all rows the same way")
        else:
            what = f"this row has {len(row.cells)} cells, the header {width}"
            yield Problem(table.place(row), what, "quote a cell that holds the separator, or add what is missing")


def _fitting(row: Row, delimiter: str, width: int) -> str | None:
    others = DELIMITERS.replace(delimiter, "")
    return next((other for other in others if _width(row.text, other) == width), None)
