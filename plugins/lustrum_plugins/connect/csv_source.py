"""Leads from a delimited file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import polars as pl

from lustrum.contracts.sources import Reject, SourceBatch
from lustrum_plugins.connect.block import Block, Spoilt
from lustrum_plugins.connect.declared import Declared
from lustrum_plugins.connect.layout import Layout, find_layout
from lustrum_plugins.connect.lead_file import LeadFile, Untouched
from lustrum_plugins.connect.reading import Reading
from lustrum_plugins.connect.records import Stretch
from lustrum_plugins.connect.rows import Rows, Trailer, judge

PIECE = 1 << 15
"""So many cells become columns at a time: they are still in the processor's cache."""


class CsvSource:
    """A delimited file as a source of leads: records in = leads out + rejects.

    Nothing is read before it is asked for; encoding and dialect are found once.
    """

    def __init__(self, location: str, declared: Declared | None = None) -> None:
        self.location = location
        self._declared = declared or Declared()
        self._file = LeadFile(location)
        self._untouched = Untouched(self._file)

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns, exactly as in the file. Raises `SourceError`."""
        return self.layout.header

    @property
    def fingerprint(self) -> str:
        """A digest of the file's content and its size. Raises `SourceError`."""
        return self._untouched.fingerprint

    @property
    def description(self) -> str:
        """Encoding, dialect, line ends and number of columns."""
        return str(self.layout)

    @cached_property
    def layout(self) -> Layout:
        """Encoding, dialect and header. Raises `SourceError`."""
        self._untouched.check()
        return find_layout(self._file, self._declared)

    def rows(self) -> Iterator[Rows | Block | Trailer]:
        """Read the records after the header. Raises `SourceError`."""
        layout = self.layout
        self._untouched.check()
        parts = Reading(self.location, layout).parts(self._file.chunks(len(layout.encoding.bom)))
        yield from judge(_without_header(parts), layout.dialect, len(layout.header))
        self._untouched.check()

    def batches(self, size: int) -> Iterator[SourceBatch]:
        """Give the leads in order, `size` at a time. A reject comes with the batch that was being filled.

        Raises `SourceError`.
        """
        batches = _Batches(self.layout, size)
        for rows in self.rows():
            if not isinstance(rows, Trailer):
                batches.add(rows)
                yield from batches.full()
        yield from batches.rest()


class _Batches:
    """Collects leads and rejects and cuts them into batches."""

    def __init__(self, layout: Layout, size: int) -> None:
        self._layout = layout
        self._size = size
        self._given = 0
        self._held = 0
        self._cells: list[str] = []
        self._frames: list[pl.DataFrame] = []
        self._rejects: list[tuple[int, Reject]] = []

    def add(self, rows: Rows | Block) -> None:
        if isinstance(rows, Block):
            self._add_block(rows)
        else:
            self._add_rows(rows)
        self._held += rows.leads

    def _add_block(self, block: Block) -> None:
        self._settle()
        self._frames.append(block.frame(self._layout.header))
        before = self._given + self._held
        for spoilt in block.rejected:
            self._rejects.append((before + spoilt.leads, Reject(spoilt.line, spoilt.reason, self._bytes(spoilt))))

    def _bytes(self, spoilt: Spoilt) -> bytes:
        encoding = self._layout.encoding
        return spoilt.record if encoding.codec == "utf-8" else encoding.encode(spoilt.record.decode())

    def _add_rows(self, rows: Rows) -> None:
        if rows.rejected:
            self._reject(rows)
        self._cells += rows.cells
        if len(self._cells) > PIECE:
            self._settle()

    def full(self) -> Iterator[SourceBatch]:
        """Give the batches that are complete."""
        if self._held < self._size:
            return
        self._settle()
        frame = pl.concat(self._frames)
        self._frames = [frame[self._held // self._size * self._size :]]
        for _ in range(self._held // self._size):
            yield self._batch(frame[: self._size])
            frame = frame[self._size :]

    def rest(self) -> Iterator[SourceBatch]:
        """Give what is left, if anything is."""
        if self._held or self._rejects:
            self._settle()
            yield self._batch(pl.concat(self._frames))

    def _reject(self, rows: Rows) -> None:
        before = self._given + self._held
        lines = rows.stretch.first_lines()
        for passed, (at, reason) in enumerate(rows.rejected.items()):
            text = self._layout.encoding.encode(rows.stretch.records[at])
            self._rejects.append((before + at - passed, Reject(lines[at], reason, text)))

    def _settle(self) -> None:
        if self._cells or not self._frames:
            self._frames.append(_frame(self._layout.header, self._cells))
            self._cells = []

    def _batch(self, frame: pl.DataFrame) -> SourceBatch:
        rejects = [reject for before, reject in self._rejects if before < self._given + self._size]
        del self._rejects[: len(rejects)]
        self._given += frame.height
        self._held -= frame.height
        return SourceBatch(frame.rechunk(), rejects)


def _frame(header: Sequence[str], cells: list[str]) -> pl.DataFrame:
    columns = [pl.Series(name, cells[at :: len(header)], pl.String) for at, name in enumerate(header)]
    return pl.DataFrame(columns).select(pl.when(pl.all() != "").then(pl.all()))


def _without_header(parts: Iterator[Stretch | Block]) -> Iterator[Stretch | Block]:
    for part in parts:
        if isinstance(part, Stretch) and len(part.records) > 1:
            yield part.cut(1)[1]
        break
    yield from parts
