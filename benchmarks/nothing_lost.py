"""Prove on any delimited files that no record is lost: `python benchmarks/nothing_lost.py FILE_OR_FOLDER...`.

Every file is read by lustrum's source and, independently, by the small state machine below, which takes nothing but
encoding, delimiter and quote from the source's layout. Then the file is written back unchanged and compared byte by
byte. The exit code is 1 if anything differs; a file that is refused as a whole is shown with its message.
"""

from __future__ import annotations

import bz2
import gzip
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lustrum.contracts.sources import Reject
from lustrum.words.errors import LustrumError
from lustrum_plugins.connect import lustrum_open_source
from lustrum_plugins.connect.csv_sink import CsvSink
from lustrum_plugins.connect.csv_source import CsvSource

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Span:
    """One record as the state machine sees it: its first physical line and where it lies, line end included."""

    line: int
    start: int
    end: int
    blank: bool


class Counter:
    """Walks a text one character at a time and finds the records in it."""

    def __init__(self, text: str, delimiter: str, quote: str) -> None:
        self.text, self.delimiter, self.quote = text, delimiter, quote

    def spans(self) -> Iterator[Span]:
        """Give the records in order, the header included."""
        start, line = 0, 1
        while start < len(self.text):
            stop = self._stop(start)
            end = self._after_line_end(stop)
            yield Span(line, start, end, stop == start)
            line += self._lines(start, end)
            start = end

    def _stop(self, start: int) -> int:
        """Find the line end that ends the record beginning at `start`."""
        at, cell_begins = start, True
        while at < len(self.text) and self.text[at] not in "\r\n":
            if cell_begins and self.text[at] == self.quote:
                closed = self._closing(at)
                follows = self.text[closed + 1 : closed + 2]
                if closed < 0 or (follows not in {"", "\r", "\n", self.delimiter} and self._lines(at, closed)):
                    return self._line_end(at)
                at, cell_begins = closed + 1, False
                if follows not in {"", "\r", "\n", self.delimiter}:
                    return self._line_end(at)
            else:
                cell_begins = self.text[at] == self.delimiter
                at += 1
        return at

    def _closing(self, opening: int) -> int:
        at = opening + 1
        while at < len(self.text):
            if self.text[at] == self.quote:
                if self.text[at + 1 : at + 2] != self.quote:
                    return at
                at += 1
            at += 1
        return -1

    def _line_end(self, at: int) -> int:
        while at < len(self.text) and self.text[at] not in "\r\n":
            at += 1
        return at

    def _after_line_end(self, at: int) -> int:
        return min(at + (2 if self.text[at : at + 2] == "\r\n" else 1), len(self.text))

    def _lines(self, start: int, end: int) -> int:
        return len(self.text[start:end].replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one file."""

    records: int
    rows: int
    rejects: Sequence[Reject]
    same_bytes: bool

    @property
    def lost(self) -> bool:
        """Say whether anything differs."""
        return self.records != self.rows + len(self.rejects) or not self.same_bytes

    def __str__(self) -> str:
        reasons = ", ".join(f"{reject.reason} in line {reject.line}" for reject in self.rejects[:5])
        more = f" and {len(self.rejects) - 5} more" if len(self.rejects) > 5 else ""
        counts = f"{self.records} records, {self.rows} rows + {len(self.rejects)} rejects"
        written = "written back the same" if self.same_bytes else "WRITTEN BACK DIFFERENTLY"
        return f"{counts}, {written}{f' ({reasons}{more})' if reasons else ''}"


def examine(path: Path, options: Mapping[str, str]) -> Finding:
    """Count, read and write back one file. Raises `LustrumError` if it is refused as a whole."""
    source = lustrum_open_source(str(path), options)
    assert isinstance(source, CsvSource)  # noqa: S101  # the files were chosen by suffix
    layout = source.layout
    bom, width = layout.encoding.bom, _width(layout.encoding.codec)
    body = _content(path)[len(bom) :]
    structure = _structure(body, layout.encoding.codec)
    spans = list(Counter(structure, layout.dialect.delimiter, layout.dialect.quote).spans())
    records = _records(spans[1:], columns=len(source.header))
    batches = list(source.batches(BATCH))
    rejects = [reject for batch in batches for reject in batch.rejects]
    given_up = {reject.line for reject in rejects}
    left = (body[span.start * width : span.end * width] for span in spans if span.line not in given_up)
    same_bytes = _written(source) == bom + b"".join(left)
    return Finding(len(records), sum(batch.frame.height for batch in batches), rejects, same_bytes)


def _content(path: Path) -> bytes:
    opener = {".gz": gzip.decompress, ".bz2": bz2.decompress}.get(path.suffix.lower())
    return opener(path.read_bytes()) if opener else path.read_bytes()


def _structure(body: bytes, codec: str) -> str:
    """Give one character for every code unit: what matters to the structure as it is, the rest as it may be."""
    width = _width(codec)
    if width == 1:
        return body.decode("latin-1")
    order: Literal["little", "big"] = "little" if codec.endswith("le") else "big"
    units = (body[at : at + width] for at in range(0, len(body), width))
    return "".join(_character(int.from_bytes(unit, order), whole=len(unit) == width) for unit in units)


def _character(unit: int, *, whole: bool) -> str:
    return chr(unit) if whole and unit < 128 else "\x80"


def _width(codec: str) -> int:
    return {"utf-16": 2, "utf-32": 4}.get(codec[:6], 1)


def _records(spans: Sequence[Span], columns: int) -> Sequence[Span]:
    """Leave out the blank lines at the end of a file with several columns."""
    last = len(spans)
    while columns > 1 and last and spans[last - 1].blank:
        last -= 1
    return spans[:last]


def _written(source: CsvSource) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return CsvSink(f"{folder}/out.csv").prepare(source, [], [], Path(folder)).read_bytes()


def _files(arguments: Sequence[str]) -> Iterator[Path]:
    for path in map(Path, arguments):
        candidates = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in candidates if lustrum_open_source(str(file), {}) is not None and file.is_file())


def main(arguments: Sequence[str]) -> int:
    """Examine every file, print a line for each and a total."""
    findings: list[Finding] = []
    refused = 0
    for path in _files(arguments):
        try:
            findings.append(examine(path, {}))
        except LustrumError as error:
            refused += 1
            print(f"refused  {error}")  # noqa: T201  # the report
            continue
        print(f"{'LOST   ' if findings[-1].lost else 'kept   '}  {path.name}: {findings[-1]}")  # noqa: T201  # the report
    records, rows = (sum(getattr(finding, name) for finding in findings) for name in ("records", "rows"))
    rejects, lost = sum(len(finding.rejects) for finding in findings), sum(finding.lost for finding in findings)
    totals = f"{records} records = {rows} rows + {rejects} rejects"
    print(f"{len(findings)} files, {totals}; {lost} with losses, {refused} refused")  # noqa: T201  # the report
    return 1 if lost or not findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
