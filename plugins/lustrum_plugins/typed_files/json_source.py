"""Leads from a file of one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from lustrum.contracts.sources import Reject, SourceBatch
from lustrum.words.errors import SourceError
from lustrum_plugins.connect.lead_file import LeadFile, Untouched
from lustrum_plugins.typed_files.json_records import Kind, Line, NoRecord, Record, cell_text, kind_of

BOM = b"\xef\xbb\xbf"
LONGEST = 1 << 26
"""A line of more bytes is no lead."""


@dataclass(frozen=True, slots=True)
class Lead:
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
        for part in self.parts():
            if isinstance(part, Lead):
                for name, value in part.record.items():
                    if name not in lines:
                        kinds[name], lines[name] = set(), part.line.number
                    if kind := kind_of(value):
                        kinds[name].add(kind)
        if not kinds:
            raise SourceError(f"{self.location}: no line is a JSON object with a name in it; check that this is NDJSON")
        return {name: (each.pop() if len(each) == 1 else "text", lines[name]) for name, each in kinds.items()}

    def batches(self, size: int) -> Iterator[SourceBatch]:
        """Give the leads in order, `size` at a time. A reject comes with the batch that was being filled.

        Raises `SourceError`.
        """
        header = self.header
        records: list[Record] = []
        rejects: list[Reject] = []
        for part in self.parts():
            if isinstance(part, Reject):
                rejects.append(part)
            elif isinstance(part, Lead):
                records.append(part.record)
            if len(records) == size:
                yield _batch(header, records, rejects)
                records, rejects = [], []
        if records or rejects:
            yield _batch(header, records, rejects)

    def parts(self) -> Iterator[Lead | Reject | Line]:
        """Give every line: a lead, a reject, or a blank line, which is no record. Raises `SourceError`."""
        self._untouched.check()
        for line in self._lines():
            if line.is_blank:
                yield line
                continue
            try:
                yield Lead(line, line.record())
            except NoRecord as reason:
                yield Reject(line.number, str(reason), line.body)
        self._untouched.check()

    def _lines(self) -> Iterator[Line]:
        number, held = 1, b""
        for chunk in self._file.chunks(len(self.bom)):
            *whole, held = (held + chunk).split(b"\n")
            for raw in whole:
                yield Line(number, raw + b"\n")
                number += 1
            if len(held) > LONGEST:
                raise SourceError(f"{self.location}:{number}: the line is longer than {LONGEST:,} bytes; it is no lead")
        if held:
            yield Line(number, held)

    @cached_property
    def bom(self) -> bytes:
        """The byte-order mark that the file begins with, if it does."""
        return BOM if self._file.start(len(BOM)) == BOM else b""


def _batch(header: Sequence[str], records: Sequence[Record], rejects: Sequence[Reject]) -> SourceBatch:
    columns = [pl.Series(name, [cell_text(each.get(name)) for each in records], pl.String) for name in header]
    return SourceBatch(pl.DataFrame(columns), rejects)
