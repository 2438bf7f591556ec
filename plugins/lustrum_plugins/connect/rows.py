"""Tells the records of a file that are leads from those that must be rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from lustrum_plugins.connect.block import Block
from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.encoding import is_sound
from lustrum_plugins.connect.records import Stretch

T = TypeVar("T")

TOO_FEW_CELLS = "too_few_cells"
TOO_MANY_CELLS = "too_many_cells"
BLANK_LINE = "blank_line"
INVALID_BYTES = "invalid_bytes"


@dataclass(frozen=True, slots=True)
class Rows:
    """A stretch of records, why some of them, by their position, are no leads, and the cells of the others."""

    stretch: Stretch
    rejected: Mapping[int, str]
    cells: Sequence[str]

    @property
    def leads(self) -> int:
        """Count the records that are leads."""
        return len(self.stretch.records) - len(self.rejected)


@dataclass(frozen=True, slots=True)
class Trailer:
    """Blank lines at the end of a file with several columns: no records."""

    text: str


def judge(parts: Iterable[Stretch | Block], dialect: Dialect, columns: int) -> Iterator[Rows | Block | Trailer]:
    """Judge the records that follow the header; those of a block are judged already, and its last is not blank.

    In a file of one column a blank line is a lead whose cell is empty.
    """
    for stretch in parts if columns == 1 else _without_trailer(parts):
        if isinstance(stretch, (Block, Trailer)):
            yield stretch
        elif stretch.fault:
            yield Rows(stretch, {0: stretch.fault}, ())
        else:
            yield (_quoted_rows if stretch.quoted else _plain_rows)(stretch, dialect, columns)


def _without_trailer(parts: Iterable[Stretch | Block]) -> Iterator[Stretch | Block | Trailer]:
    """Hold blank records back until one follows that is not blank."""
    held: list[Stretch] = []
    for stretch in parts:
        if isinstance(stretch, Block):
            yield from held
            held.clear()
            yield stretch
            continue
        solid = len(stretch.records)
        while solid and not stretch.records[solid - 1]:
            solid -= 1
        if solid:
            yield from held
            held.clear()
        if 0 < solid < len(stretch.records):
            stretch, blank = stretch.cut(solid)
            held.append(blank)
        if solid:
            yield stretch
        else:
            held.append(stretch)
    yield Trailer("".join(stretch.text for stretch in held))


def _quoted_rows(stretch: Stretch, dialect: Dialect, columns: int) -> Rows:
    cells = dialect.cells(stretch.records)
    rejected = _rejected(stretch, [len(row) for row in cells], columns)
    return Rows(stretch, rejected, list(chain.from_iterable(_others(cells, rejected))))


def _plain_rows(stretch: Stretch, dialect: Dialect, columns: int) -> Rows:
    rejected = _rejected(stretch, [record.count(dialect.delimiter) + 1 for record in stretch.records], columns)
    leads = _others(stretch.records, rejected)
    return Rows(stretch, rejected, dialect.delimiter.join(leads).split(dialect.delimiter) if leads else ())


def _others(records: Sequence[T], rejected: Mapping[int, str]) -> Sequence[T]:
    return [record for at, record in enumerate(records) if at not in rejected] if rejected else records


def _rejected(stretch: Stretch, counts: Sequence[int], columns: int) -> dict[int, str]:
    if counts.count(columns) == len(counts) and is_sound(stretch.text):
        return {}
    reasons = (_fault(record, count, columns) for record, count in zip(stretch.records, counts, strict=True))
    return {at: reason for at, reason in enumerate(reasons) if reason}


def _fault(record: str, count: int, columns: int) -> str:
    return count_fault(count if record else 0, columns) if is_sound(record) else INVALID_BYTES


def count_fault(cells: int, columns: int) -> str:
    """Say why a record is no lead by the number of its cells, 0 where it is blank; "" where it is one.

    >>> count_fault(0, 1), count_fault(0, 2), count_fault(1, 2)
    ('', 'blank_line', 'too_few_cells')
    """
    if (cells or 1) == columns:
        return ""
    if not cells:
        return BLANK_LINE
    return TOO_FEW_CELLS if cells < columns else TOO_MANY_CELLS
