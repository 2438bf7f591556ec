"""Tables made for people, who open them in spreadsheets: no cell is a formula there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?[\d\s().,/\u00a0\u202f-]+")


def harmless(cell: str) -> str:
    """Give a cell so that no spreadsheet runs it: a quote before what begins a formula; numbers and phones stay.

    >>> print(harmless("=1+cmd|A1"), harmless("@SUM(A1)"), harmless("+39 06 698"), harmless("-5.5"))
    '=1+cmd|A1 '@SUM(A1) +39 06 698 -5.5
    """
    if not cell.startswith(_FORMULA) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"


def table_for_people(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table as CSV in which no cell is a formula; what is empty is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless("" if cell is None else str(cell)) for cell in row] for row in rows)
    return text.getvalue()
