"""What is found out once about a delimited file before its leads are read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lustrum.words.errors import SourceError
from lustrum_plugins.connect.declared import Declared
from lustrum_plugins.connect.dialect import DELIMITERS, QUOTES, Dialect
from lustrum_plugins.connect.encoding import (
    Encoding,
    declared_encoding,
    is_sound,
    marked_encoding,
    unmarked_encoding,
)
from lustrum_plugins.connect.lead_file import LeadFile
from lustrum_plugins.connect.records import Stretch, split_records
from lustrum_plugins.connect.sniffing import find_dialect

SAMPLE = 1 << 18
_LINE_ENDS = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}


@dataclass(frozen=True, slots=True)
class Layout:
    """Encoding, dialect and header of a file."""

    encoding: Encoding
    dialect: Dialect
    raw_header: Sequence[str]
    header: Sequence[str]
    header_end: str
    line_ends: str

    def __str__(self) -> str:
        delimiter, quote = json.dumps(self.dialect.delimiter), json.dumps(self.dialect.quote)
        columns = "1 column" if len(self.header) == 1 else f"{len(self.header)} columns"
        return f"{self.encoding}, delimiter {delimiter}, quote {quote}, {self.line_ends}, {columns}"


def find_layout(file: LeadFile, declared: Declared) -> Layout:
    """Find out what is not declared about a file and read its header. Raises `SourceError`."""
    start = file.start(SAMPLE)
    encoding = _find_encoding(file, declared, start)
    dialect = _find_dialect(encoding, declared, start)
    first = next(split_records(encoding.decode(file.chunks(len(encoding.bom))), dialect), None)
    if first is None:
        raise SourceError(f"{file.location}: the file is empty; its first line must be a header")
    record = first.records[0]
    _check_record(file.location, first, record, encoding)
    raw = dialect.raw_cells(record)
    header = dialect.texts(raw)
    _check_names(file.location, header)
    return Layout(encoding, dialect, raw, header, first.ends[0], _line_ends(first))


def _find_encoding(file: LeadFile, declared: Declared, start: bytes) -> Encoding:
    if declared.encoding is not None:
        return declared_encoding(declared.encoding, start)
    return marked_encoding(start) or unmarked_encoding(file.chunks())


def _find_dialect(encoding: Encoding, declared: Declared, start: bytes) -> Dialect:
    sample = next(encoding.decode([start[len(encoding.bom) :]]))
    delimiters = DELIMITERS if declared.delimiter is None else (declared.delimiter,)
    quotes = QUOTES if declared.quote is None else (declared.quote,)
    return find_dialect(sample, whole=len(start) < SAMPLE, delimiters=delimiters, quotes=quotes)


def _check_record(location: str, stretch: Stretch, record: str, encoding: Encoding) -> None:
    if stretch.fault:
        problem = "the header is damaged, a quote in it is not closed or misplaced; mend it or declare `quote`"
    elif not record:
        problem = "the first line is blank; the header must stand there"
    elif not is_sound(record):
        problem = f"the header holds bytes that are no {encoding}; declare the right `encoding`"
    else:
        return
    raise SourceError(f"{location}:1: {problem}")


def _check_names(location: str, header: Sequence[str]) -> None:
    for column, name in enumerate(header, 1):
        if not name.strip():
            raise SourceError(f"{location}:1: column {column} of the header has no name; name it")
    name, times = Counter(header).most_common(1)[0]
    if times > 1:
        columns = " and ".join(str(column) for column, other in enumerate(header, 1) if other == name)
        raise SourceError(f'{location}:1: the header "{name}" stands in columns {columns}; rename all but one')


def _line_ends(stretch: Stretch) -> str:
    found = {_LINE_ENDS[end] for end in stretch.ends if end}
    if len(found) > 1:
        return "mixed line ends"
    return found.pop() if found else "no line end"
