"""Leads from a file of one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from types import NoneType
from typing import Any, NamedTuple

import polars as pl

from lustrum.contracts.sources import Reject, SourceBatch
from lustrum.words.errors import SourceError
from lustrum_plugins.connect.lead_file import LeadFile, Untouched
from lustrum_plugins.typed_files.json_objects import AT_ONCE, objects_in
from lustrum_plugins.typed_files.json_records import Line, NoRecord
from lustrum_plugins.typed_files.json_values import Kind, Number, Record, cell_text, kind_of

BOM = b"\xef\xbb\xbf"
LONGEST = 1 << 26
"""A line of more bytes is no lead."""

PIECE = 1 << 12
"""So many records become columns at a time: they are still in the processor's cache."""


MOST_SHAPES = 10_000
"""So many are known again; where more differ, their leads are looked at one by one."""

_TEXTS = frozenset({str, Number, NoneType})


class Lead(NamedTuple):
    """A line that is a lead."""

    line: Line
    record: Record


class JsonSource:
    """A file of NDJSON as a source of leads: records in = leads out + rejects.

    It is read twice: the header is the union of all names, in the order in which they are met.
    """

    def __init__(self, location: str) -> None:
        self.location = location
        self._file = LeadFile(location)
        self._untouched = Untouched(self._file)

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns. Raises `SourceError`."""
        return list(self.kinds)

    @property
    def fingerprint(self) -> str:
        """A digest of the file's content and its size. Raises `SourceError`."""
        return self._untouched.fingerprint

    @property
    def description(self) -> str:
        """The format and the number of columns."""
        return f"NDJSON, {len(self.header)} columns"

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The columns, with the kind that all their cells are of, else text. Raises `SourceError`."""
        return {name: kind for name, (kind, _) in self._columns.items()}

    @property
    def header_lines(self) -> Mapping[str, int]:
        """The columns, with the line of the first lead that has one. Raises `SourceError`."""
        return {name: line for name, (_, line) in self._columns.items()}

    @cached_property
    def _columns(self) -> Mapping[str, tuple[Kind, int]]:
        kinds: dict[str, set[Kind]] = {}
        lines: dict[str, int] = {}
        for line, record in self._first_of_their_shape():
            for name, value in record.items():
                if name not in lines:
                    kinds[name], lines[name] = set(), line.number
                if kind := kind_of(value):
                    kinds[name].add(kind)
        if not kinds:
            raise SourceError(f"{self.location}: no line is a JSON object with a name in it; check that this is NDJSON")
        return {name: (each.pop() if len(each) == 1 else "text", lines[name]) for name, each in kinds.items()}

    def _first_of_their_shape(self) -> Iterator[Lead]:
        """Give one lead of all that have the same names with values of the same types, as most leads of a file have."""
        seen: set[tuple[object, ...]] = set()
        for part in self.parts():
            if isinstance(part, Lead):
                shape = (*part.record, *map(type, part.record.values()))
                if shape not in seen:
                    if len(seen) < MOST_SHAPES:
                        seen.add(shape)
                    yield part

    def batches(self, size: int) -> Iterator[SourceBatch]:
        """Give the leads in order, `size` at a time. A reject comes with the batch that was being filled.

        Raises `SourceError`.
        """
        filling = _Filling(self.header)
        for part in self.parts():
            if isinstance(part, Reject):
                filling.rejects.append(part)
            elif isinstance(part, Lead):
                filling.add(part.record)
            if filling.leads == size:
                yield filling.taken()
        if filling.leads or filling.rejects:
            yield filling.taken()

    def parts(self) -> Iterator[Lead | Reject | Line]:
        """Give every line: a lead, a reject, or a blank line, which is no record. Raises `SourceError`."""
        self._untouched.check()
        for lines in self._stretches():
            records = objects_in([line.raw for line in lines])
            yield from map(Lead, lines, records) if records else map(_judged, lines)
        self._untouched.check()

    def _stretches(self) -> Iterator[Sequence[Line]]:
        """Give the lines, so many at once."""
        number, held = 1, b""
        for chunk in self._file.chunks(len(self.bom)):
            *whole, held = (held + chunk).split(b"\n")
            for at in range(0, len(whole), AT_ONCE):
                yield [Line(number + at + nth, raw + b"\n") for nth, raw in enumerate(whole[at : at + AT_ONCE])]
            number += len(whole)
            if len(held) > LONGEST:
                raise SourceError(f"{self.location}:{number}: the line is longer than {LONGEST:,} bytes; it is no lead")
        if held:
            yield [Line(number, held)]

    @cached_property
    def bom(self) -> bytes:
        """The byte-order mark that the file begins with, if it does."""
        return BOM if self._file.start(len(BOM)) == BOM else b""


def _judged(line: Line) -> Lead | Reject | Line:
    if line.is_blank:
        return line
    try:
        return Lead(line, line.record())
    except NoRecord as reason:
        return Reject(line.number, str(reason), line.body)


class _Filling:
    """A batch while it is being filled."""

    def __init__(self, header: Sequence[str]) -> None:
        self._header = header
        self._frames: list[pl.DataFrame] = []
        self._records: list[Record] = []
        self.leads = 0
        self.rejects: list[Reject] = []

    def add(self, record: Record) -> None:
        self._records.append(record)
        self.leads += 1
        if len(self._records) == PIECE:
            self._settle()

    def taken(self) -> SourceBatch:
        """Give the batch, and begin another."""
        self._settle()
        batch = SourceBatch(pl.concat(self._frames, rechunk=True), self.rejects)
        self._frames, self.leads, self.rejects = [], 0, []
        return batch

    def _settle(self) -> None:
        columns = [_column(name, [each.get(name) for each in self._records]) for name in self._header]
        self._frames.append(pl.DataFrame(columns).select(pl.when(pl.all() != "").then(pl.all())))
        self._records = []


def _column(name: str, values: list[Any]) -> pl.Series:
    texts = values if _TEXTS.issuperset(map(type, values)) else [cell_text(value) for value in values]
    return pl.Series(name, texts, pl.String)
