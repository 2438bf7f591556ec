"""The traces a spreadsheet leaves in a table it opened and saved.

A cell is damaged where the text that stood there cannot be known any more. A damaged-looking cell is meant, and
passes, where the row's note quotes it: no spreadsheet changes a number inside a sentence.

Lost leading zeros show only where a row contradicts itself. A shorter neighbour in the same column proves nothing:
spreadsheets strip the zeros of a whole column, and postal codes of several countries differ in length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lustrum.words.errors import Problem
from lustrum.words.places import Place

_SCIENTIFIC = re.compile(r"[+-]?\d(?:[.,]\d+)?E[+-]\d{2,3}", re.ASCII)
_ERRORS = frozenset({"#NAME?", "#REF!", "#VALUE!", "#N/A", "#DIV/0!", "#NULL!", "#NUM!"})
_RETYPE = "type the cell anew in a text editor"


def damaged(cell: str) -> str | None:
    """Say what a spreadsheet did to a cell, or None.

    >>> damaged("3.93E+11"), damaged("#REF!"), damaged("+39 06 1234")
    ('a number in scientific notation', 'the error value of a formula', None)
    """
    if _SCIENTIFIC.fullmatch(cell):
        return "a number in scientific notation"
    return "the error value of a formula" if cell in _ERRORS else None


def cell_problem(place: Place, column: str, cell: str, note: str | None = None) -> Problem | None:
    """Report a damaged cell, unless the note of its row, where there are notes, quotes it."""
    kind = damaged(cell)
    if kind is None or (note and cell in note):
        return None
    what = f'{column} is "{cell}", {kind}: a spreadsheet has damaged the table'
    return Problem(place, what, _RETYPE if note is None else f"{_RETYPE}, or quote it in the note if it is meant")


def mojibake(cell: str) -> str | None:
    """Give the text that was UTF-8 and was read as windows-1252, or None.

    >>> mojibake("MÃ¼ller"), mojibake("Müller"), mojibake("SÃ£o"), mojibake("São")
    ('Müller', None, 'São', None)
    """
    if cell.isascii():
        return None
    for codec in ("windows-1252", "latin-1"):
        try:
            return cell.encode(codec).decode()
        except UnicodeError:
            continue
    return None


def mangled(cells: Iterable[tuple[Place, str, str, str]]) -> Iterator[Problem]:
    """Report the cells (place, column, cell, note) of a table whose encoding was mangled as a whole.

    Saving with the wrong encoding mangles every cell that is not ASCII, so one sound cell clears the table.
    """
    foreign = [(place, column, cell) for place, column, cell, note in cells if not cell.isascii() and cell not in note]
    if any(mojibake(cell) is None for _, _, cell in foreign):
        return
    for place, column, cell in foreign:
        what = f'{column} is "{cell}", which was "{mojibake(cell)}" before somebody saved the table in windows-1252'
        yield Problem(place, what, "restore it and save it as UTF-8, or quote the cell in the note if it is meant")


def lost_zeros(given: str, expected: str, *, same: bool) -> bool:
    """Say whether a row contradicts itself about leading zeros; `same` is what its outcome says about the two cells.

    >>> lost_zeros("1067", "01067", same=True), lost_zeros("1067", "1067", same=False)
    (True, True)
    >>> lost_zeros("1067", "01067", same=False), lost_zeros("Rome", "Rome", same=False)
    (False, False)
    """
    numbers = given.isdigit() and expected.isdigit()
    if not numbers or (given == expected) == same:
        return False
    return not same or given.lstrip("0") == expected.lstrip("0")
