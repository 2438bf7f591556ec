"""Reads the records of a file: plain ones a block at a time, all others with care."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lustrum.words.errors import SourceError
from lustrum_plugins.connect.block import Block
from lustrum_plugins.connect.layout import Layout
from lustrum_plugins.connect.records import Splitter, Stretch
from lustrum_plugins.connect.scanning import can_scan, scan

LARGEST = 1 << 21
"""So many bytes are scanned at a time: with fewer the turns cost more, with more nothing costs less."""

SMALLEST = 1 << 15
"""So many are, where one record in so many must be read with care."""

STRIDE = 1 << 8
"""So many bytes, and the rest of their line, are read with care before the next ones are scanned again."""

LONGEST = 1 << 26
"""A file in which this many characters make no complete record is no file of leads."""


class Reading:
    """One way through a file, as UTF-8; the header is always read with care."""

    def __init__(self, location: str, layout: Layout) -> None:
        self._location = location
        self._layout = layout
        self._scans = can_scan(layout.dialect)
        self._splitter = Splitter(layout.dialect)
        self._data = b""
        self._at = 0
        self._careful = True
        self._size = LARGEST
        self._stride = STRIDE if self._scans else LARGEST

    def parts(self, chunks: Iterable[bytes]) -> Iterator[Stretch | Block]:
        """Give the records of the chunks of a file, byte-order mark taken off. Raises `SourceError`."""
        for data in self._in_utf8(chunks):
            self._data = self._data[self._at :] + data
            self._at = 0
            yield from self._complete(final=False)
        yield from self._complete(final=True)
        yield from self._splitter.feed("", final=True)

    def _in_utf8(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Give bytes that are no text as they are in UTF-8, as surrogates in all other encodings."""
        encoding = self._layout.encoding
        if encoding.codec == "utf-8":
            yield from chunks
        else:
            yield from (text.encode("utf-8", "surrogatepass") for text in encoding.decode(chunks))

    def _complete(self, *, final: bool) -> Iterator[Stretch | Block]:
        while self._at < len(self._data):
            if self._careful:
                end = self._end_of_lines(final=final)
                if end == self._at:
                    break
                yield from self._read_with_care(end)
            elif not final and len(self._data) - self._at < self._size:
                break
            else:
                yield from self._scan(final=final)

    def _scan(self, *, final: bool) -> Iterator[Block]:
        """Take what is plain; where nothing is, the careful reader goes on."""
        window = self._data[self._at : self._at + self._size]
        finding = scan(
            window,
            self._splitter.line,
            self._layout.dialect,
            len(self._layout.header),
            whole=final and self._at + len(window) == len(self._data),
        )
        block = finding.block
        taken = len(block.data) if block else 0
        self._careful = finding.halted or not taken
        self._size = min(max(SMALLEST, 2 * taken), LARGEST) if finding.halted else LARGEST
        if taken >= self._stride or not self._careful:
            self._stride = STRIDE
        if block:
            self._at += taken
            self._splitter.line += block.lines
            yield block

    def _read_with_care(self, end: int) -> Iterator[Stretch]:
        codec, errors = self._layout.encoding.codec, self._layout.encoding.errors
        text = self._data[self._at : end].decode("utf-8", errors if codec == "utf-8" else "surrogatepass")
        self._at = end
        self._stride = min(2 * self._stride, LARGEST)
        yield from self._splitter.feed(text)
        self._check(self._splitter.held)
        self._careful = self._splitter.held > 0 or not self._scans

    def _end_of_lines(self, *, final: bool) -> int:
        """Find where the line ends that the stride reaches, or the last one that does; without one, stay."""
        end = self._end_of_line(self._at + self._stride - 1)
        if end:
            return end
        if final:
            return len(self._data)
        self._check(len(self._data) - self._at)
        feed = self._data.rfind(b"\n", self._at)
        carriage_return = self._data.rfind(b"\r", self._at, len(self._data) - 1)
        return max(feed, carriage_return, self._at - 1) + 1

    def _end_of_line(self, start: int) -> int:
        """Find where the first line end from a place on ends; 0 if there is none, or only half of one."""
        feed = self._data.find(b"\n", start)
        carriage_return = self._data.find(b"\r", start, feed if feed >= 0 else len(self._data) - 1)
        return (feed if carriage_return < 0 else carriage_return + (carriage_return + 1 == feed)) + 1

    def _check(self, held: int) -> None:
        if held > LONGEST:
            raise SourceError(
                f"{self._location}:{self._splitter.line}: the record that begins here does not end within "
                f"{LONGEST:,} characters; check that this is a delimited text file"
            )
