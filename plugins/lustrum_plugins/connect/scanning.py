"""Finds the plain records at the beginning of bytes, all at once, and says where the careful reader must look."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from lustrum_plugins.connect.block import Block
from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.marks import Marks, find_marks
from lustrum_plugins.connect.spans import Spans
from lustrum_plugins.connect.utf8 import sound


@dataclass(frozen=True, slots=True)
class Finding:
    """The plain records, if there are any; `halted` says that the next one is not known to be plain."""

    block: Block | None
    halted: bool


def can_scan(dialect: Dialect) -> bool:
    """Say whether delimiter and quote are one byte each in UTF-8."""
    return dialect.delimiter.isascii() and dialect.quote.isascii()


def scan(data: bytes, line: int, dialect: Dialect, columns: int, *, whole: bool) -> Finding:
    """Find the complete records of bytes in UTF-8 that begin with a record, on a physical line.

    With `whole` the end of the bytes is that of the file. Records that are no leads are among the plain ones, but for
    blank lines that nothing follows yet.

    >>> finding = scan(b'1,"a"\\n2\\n3,5" tall\\n', 2, Dialect(), 2, whole=True)
    >>> finding.block.data, finding.block.leads, finding.halted
    (b'1,"a"\\n2\\n', 1, True)
    """
    size, broken = _sound(data, whole=whole)
    if size < len(data):
        data, whole = data[:size], False
    marks = find_marks(data, dialect, whole=whole)
    spans = Spans.of(data, marks)
    solid = spans.solid() if columns > 1 else spans.count
    plain = spans.bearable(data, solid) if marks.quoted and marks.quoted.lines else solid
    halted = broken or _faulty(marks) or plain < solid or (spans.count > 0 and not solid)
    return Finding(spans.cut(plain).block(data, line, dialect, columns, marks) if plain else None, halted)


def _faulty(marks: Marks) -> bool:
    return marks.quoted is not None and marks.quoted.fault is not None


def _sound(data: bytes, *, whole: bool) -> tuple[int, bool]:
    """Tell how many bytes are valid UTF-8, and whether the next ones cannot be."""
    size = sound(data)
    if size is not None and (size == len(data) or not whole):
        return size, False
    try:
        return codecs.utf_8_decode(data, "strict", whole)[1], False
    except UnicodeDecodeError as error:
        return error.start, True
