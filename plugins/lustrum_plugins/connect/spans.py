"""Where the cells and records of a file begin and end in its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lustrum_plugins.connect import records
from lustrum_plugins.connect.block import Block, Spoilt
from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.marks import CR, LF, Marks
from lustrum_plugins.connect.records import count_lines
from lustrum_plugins.connect.rows import count_fault
from lustrum_plugins.connect.views import Flags, Places


@dataclass(frozen=True)
class Spans:
    """Complete records: the places of their raw cells, the number of each one's last cell, and where each one ends."""

    cells: Places
    lasts: Places
    ends: Places

    @classmethod
    def of(cls, data: bytes, marks: Marks) -> Spans:
        """Find the records that the marks complete."""
        lasts = np.flatnonzero(marks.ending)
        stops = marks.stops[: lasts[-1] + 1 if len(lasts) else 0]
        cells = np.zeros((len(stops), 2), np.int64)
        cells[1:, 0] = stops[:-1] + 1
        cells[:, 1] = stops
        if b"\r" in data:
            cells[:, 1] -= _after_return(data, stops)
        return cls(cells, lasts, np.minimum(stops[lasts] + 1, len(data)))

    @property
    def count(self) -> int:
        """Count the records."""
        return len(self.lasts)

    @cached_property
    def firsts(self) -> Places:
        """Give the number of each record's first cell."""
        return np.concatenate([[0], self.lasts[:-1] + 1])[: self.count]

    @cached_property
    def starts(self) -> Places:
        """Give the place at which each record begins."""
        starts: Places = self.cells[self.firsts, 0]
        return starts

    @cached_property
    def stops(self) -> Places:
        """Give the place of each record's line end."""
        stops: Places = self.cells[self.lasts, 1]
        return stops

    def solid(self) -> int:
        """Count the records up to the last that is not blank."""
        filled = np.flatnonzero(self.stops > self.starts)
        return int(filled[-1]) + 1 if len(filled) else 0

    def bearable(self, data: bytes, most: int) -> int:
        """Count the records, of the first so many, before one that is taken for one with an open quote."""
        long = np.flatnonzero((self.ends - self.starts)[:most] > records.MOST_LINES)
        for at in long.tolist():
            if count_lines(data, int(self.starts[at]), int(self.stops[at])) >= records.MOST_LINES:
                return int(at)
        return most

    def cut(self, count: int) -> Spans:
        """Give the first records, which are at least one."""
        if count == self.count:
            return self
        return Spans(self.cells[: self.lasts[count - 1] + 1], self.lasts[:count], self.ends[:count])

    def block(self, data: bytes, line: int, dialect: Dialect, columns: int, marks: Marks) -> Block:
        """Tell the leads from the other records; the first begins on a physical line."""
        data = data[: self.ends[-1]]
        quoted, doubled = self._quotes(data, dialect, marks)
        lines = count_lines(data, 0, len(data)) if marks.quoted and marks.quoted.lines else self.count
        widths = np.diff(self.lasts, prepend=-1)
        wrong = widths != columns
        if not wrong.any():
            return Block(data, lines, dialect, columns, self.cells, quoted, doubled)
        kept = np.repeat(~wrong, widths)
        return Block(
            data,
            lines,
            dialect,
            columns,
            self.cells[kept],
            None if quoted is None else quoted[kept],
            None if doubled is None else doubled[kept],
            list(self._spoilt(data, line, columns, widths, np.flatnonzero(wrong))),
        )

    def _quotes(self, data: bytes, dialect: Dialect, marks: Marks) -> tuple[Flags | None, Flags | None]:
        """Say which cells stand in quotes, and which hold a quote written twice."""
        if marks.quoted is None:
            return None, None
        signs = np.frombuffer(data, np.uint8)
        quoted = signs.take(self.cells[:, 0], mode="clip") == ord(dialect.quote)
        within = marks.quoted.doubled[marks.quoted.doubled < len(data)]
        if not len(within):
            return quoted, None
        doubled = np.zeros(len(self.cells), np.bool_)
        doubled[np.searchsorted(self.cells[:, 1], within)] = True
        return quoted, doubled

    def _spoilt(self, data: bytes, line: int, columns: int, widths: Places, wrong: Places) -> Iterator[Spoilt]:
        seen = 0
        for passed, at in enumerate(wrong.tolist()):
            start, stop = int(self.starts[at]), int(self.stops[at])
            line += count_lines(data, seen, start)
            seen = start
            record = data[start:stop]
            reason = count_fault(int(widths[at]) if record else 0, columns)
            yield Spoilt(at - passed, record, line, reason, start, int(self.ends[at]))


def _after_return(data: bytes, stops: Places) -> Flags:
    """Say which of the places are LFs right after a CR."""
    signs = np.frombuffer(data, np.uint8)
    feeds: Flags = (signs.take(stops, mode="clip") == LF) & (stops < len(data))
    after: Flags = feeds & (signs.take(stops - 1, mode="clip") == CR)
    return after
