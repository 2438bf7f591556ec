"""Splits the text of a delimited file into records, whatever state it is in, losing nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from lustrum_plugins.connect.dialect import Dialect

QUOTE_NOT_CLOSED = "quote_not_closed"
QUOTE_MISPLACED = "quote_misplaced"
MOST_LINES = 10_000
"""A record of more physical lines than this is taken for one whose quote is not closed."""

_LINE_END = re.compile(r"(\r\n|\r|\n)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive records of a file.

    `text` is all of it, `line` its first physical line (from 1), `ends` the line end of each record (empty at the end
    of the file). Where `quoted` is false no record holds a quote; a `fault` is what is wrong with the quotes of a
    record that stands alone.
    """

    text: str
    line: int
    records: Sequence[str]
    ends: Sequence[str]
    quoted: bool = False
    fault: str = ""

    @property
    def lines(self) -> int:
        """Count the physical lines."""
        return count_lines(self.text, 0, len(self.text)) if self.quoted else len(self.records)

    def first_lines(self) -> list[int]:
        """Give the physical line on which each record begins."""
        inner = (count_lines(record, 0, len(record)) if self.quoted else 0 for record in self.records)
        return list(accumulate((1 + lines for lines in inner), initial=self.line))[:-1]

    def cut(self, at: int) -> tuple[Stretch, Stretch]:
        """Part the first `at` records from the others."""
        head = "".join(record + end for record, end in zip(self.records[:at], self.ends[:at], strict=True))
        first = replace(self, text=head, records=self.records[:at], ends=self.ends[:at])
        return first, replace(
            self,
            text=self.text[len(head) :],
            line=self.line + first.lines,
            records=self.records[at:],
            ends=self.ends[at:],
        )


def count_lines(text: str | bytes, start: int, end: int) -> int:
    """Count the line ends between two places of a text, CRLF as one."""
    if isinstance(text, str):
        feeds, returns, pairs = (text.count(sign, start, end) for sign in ("\n", "\r", "\r\n"))
    else:
        feeds, returns, pairs = (text.count(sign, start, end) for sign in (b"\n", b"\r", b"\r\n"))
    return feeds + returns - pairs


def split_records(chunks: Iterable[str], dialect: Dialect, *, whole: bool = True) -> Iterator[Stretch]:
    """Split text that comes in chunks into records; what the chunks are makes no difference.

    With `whole=False` the text is only the beginning of a file: a last record that may go on is left out.
    """
    splitter = Splitter(dialect)
    for chunk in chunks:
        yield from splitter.feed(chunk)
    if whole:
        yield from splitter.feed("", final=True)


class Splitter:
    """Holds the text of a record that is not complete yet, and the physical line it begins on."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._text = ""
        self.line = 1

    @property
    def held(self) -> int:
        """Count the characters waiting for the end of their record."""
        return len(self._text)

    def feed(self, chunk: str, *, final: bool = False) -> Iterator[Stretch]:
        """Give the records that are complete with this chunk."""
        self._text += chunk
        start = 0
        while start < len(self._text):
            stretch = self._next(start, final)
            if stretch is None:
                break
            start += len(stretch.text)
            self.line += stretch.lines
            yield stretch
        self._text = self._text[start:]

    def _next(self, start: int, final: bool) -> Stretch | None:
        quote = self._text.find(self._dialect.quote, start)
        limit = len(self._text) if quote < 0 else quote
        end = limit if final and quote < 0 else self._end_of_lines(start, limit)
        if end > start:
            return self._without_quotes(self._text[start:end])
        return None if quote < 0 else self._with_quotes(start, final)

    def _end_of_lines(self, start: int, limit: int) -> int:
        """Find where the last line end before `limit` ends; a CR at the end of the text may be half of a CRLF."""
        feed = self._text.rfind("\n", start, limit)
        carriage_return = self._text.rfind("\r", start, min(limit, len(self._text) - 1))
        return max(feed, carriage_return, start - 1) + 1

    def _without_quotes(self, text: str) -> Stretch:
        records, ends = split_lines(text)
        return Stretch(text, self.line, records, ends)

    def _with_quotes(self, start: int, final: bool) -> Stretch | None:
        """Take records as long as they are complete, sound and of bearable length."""
        records: list[str] = []
        ends: list[str] = []
        position, size = start, len(self._text)
        for match in self._dialect.record.finditer(self._text, start):
            begin, end = match.span()
            record, line_end = match.groups()
            if begin != position or begin == size or (end == size and not final and line_end[-1:] != "\n"):
                break
            if end - begin > MOST_LINES and self._too_long(begin, match.end(1)):
                break
            records.append(record)
            ends.append(line_end)
            position = end
        if not records:
            return self._incomplete(start, final)
        return Stretch(self._text[start:position], self.line, records, ends, quoted=True)

    def _incomplete(self, start: int, final: bool) -> Stretch | None:
        """Wait for the end of a record that is sound as far as it goes, or give it up."""
        match = self._dialect.record.match(self._text, start)
        if match is None:
            return self._damaged(start, final)
        return self._given_up(start, start, QUOTE_NOT_CLOSED, final) if self._too_long(*match.span(1)) else None

    def _damaged(self, start: int, final: bool) -> Stretch | None:
        """Give up the line on which the damaged cell begins, or wait for text that may close its quote."""
        cells = self._dialect.sound_cells.match(self._text, start)
        opening = cells.end() if cells else start
        quoted = self._dialect.quoted.match(self._text, opening)
        closing = quoted.end() if quoted else opening
        if self._too_long(start, closing):
            return self._given_up(start, start, QUOTE_NOT_CLOSED, final)
        if closing == len(self._text) and not final:
            return None
        if closing == len(self._text) or count_lines(self._text, opening, closing):
            return self._given_up(start, opening, QUOTE_NOT_CLOSED, final)
        return self._given_up(start, closing, QUOTE_MISPLACED, final)

    def _too_long(self, start: int, end: int) -> bool:
        return count_lines(self._text, start, end) >= MOST_LINES

    def _given_up(self, start: int, fault: int, reason: str, final: bool) -> Stretch | None:
        """Reject from the record's beginning to the end of the physical line the fault stands on."""
        match = _LINE_END.search(self._text, fault)
        if not final and (match is None or (match[1] == "\r" and match.end() == len(self._text))):
            return None
        record_end, end = match.span() if match else (len(self._text), len(self._text))
        record = self._text[start:record_end]
        return Stretch(self._text[start:end], self.line, [record], [self._text[record_end:end]], True, reason)


def split_lines(text: str) -> tuple[list[str], list[str]]:
    r"""Split text into physical lines and their line ends (CRLF, LF or CR; the last may have none).

    >>> split_lines("a\nb\r\nc\rd")
    (['a', 'b', 'c', 'd'], ['\n', '\r\n', '\r', ''])
    """
    end = _only_line_end(text)
    if end:
        lines = text.split(end)
        ends = [end] * (len(lines) - 1)
    else:
        parts = _LINE_END.split(text)
        lines, ends = parts[::2], parts[1::2]
    if lines[-1]:
        ends.append("")
    else:
        lines.pop()
    return lines, ends


def _only_line_end(text: str) -> str:
    if "\r" not in text:
        return "\n"
    if "\n" not in text:
        return "\r"
    pairs = text.count("\r\n")
    return "\r\n" if pairs == text.count("\r") == text.count("\n") else ""
