"""How records and cells are written in a delimited file, and how that is found out."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

DELIMITERS = (",", ";", "\t", "|")
QUOTES = ('"', "'")


@dataclass(frozen=True)
class Dialect:
    """The delimiter and the quote of a file; the grammar is that of RFC 4180, line ends may be LF, CRLF or CR.

    A *raw* cell is the cell as it is written, quotes included. A quote inside an unquoted cell is an ordinary
    character. Repeated groups are greedy, not possessive: those go wrong in Python before 3.11.5 (gh-106052), and the
    patterns can match in one way only.
    """

    delimiter: str = ","
    quote: str = '"'

    @cached_property
    def record(self) -> re.Pattern[str]:
        """Match one whole record and its line end, which is empty at the end of the text, as two groups."""
        return re.compile(rf"({self._cell}(?:{self._delimiter}{self._cell})*)(\r\n|\r|\n|\Z)")

    @cached_property
    def sound_cells(self) -> re.Pattern[str]:
        """Match the cells, each with the delimiter after it, that come before a damaged one."""
        return re.compile(rf"(?:{self._cell}{self._delimiter})*")

    @cached_property
    def quoted(self) -> re.Pattern[str]:
        """Match from a quote that opens to just before the one that closes, or to the end of the text."""
        return re.compile(self._inside)

    @cached_property
    def _cells(self) -> re.Pattern[str]:
        return re.compile(rf"{self._delimiter}({self._inside}{self._quote}|[^{self._delimiter}]*+)")

    def raw_cells(self, record: str) -> list[str]:
        """Split a sound record into its raw cells.

        >>> Dialect(";", "'").raw_cells("1;'Doe; Jo';;5' tall")
        ['1', "'Doe; Jo'", '', "5' tall"]
        """
        if self.quote not in record:
            return record.split(self.delimiter)
        return self._cells.findall(self.delimiter + record)

    def cells(self, records: Sequence[str]) -> list[list[str]]:
        """Read the texts of the cells of sound records.

        >>> Dialect(";", "'").cells(["1;'Doe; Jo';;5' tall", "'Jo''s'; x ;''"])
        [['1', 'Doe; Jo', '', "5' tall"], ["Jo's", ' x ', '']]
        """
        reader = csv.reader(records, delimiter=self.delimiter, quotechar=self.quote, strict=True)
        try:
            return [cells or [""] for cells in reader]
        except csv.Error:
            return [self.texts(self.raw_cells(record)) for record in records]

    def is_quoted(self, raw: str) -> bool:
        """Say whether a raw cell stands in quotes."""
        return raw.startswith(self.quote)

    def texts(self, raws: Iterable[str]) -> list[str]:
        """Read the texts of raw cells.

        >>> Dialect(";", "'").texts(["'Jo''s'", " x ", "''"])
        ["Jo's", ' x ', '']
        """
        quote, twice = self.quote, self.quote * 2
        return [raw[1:-1].replace(twice, quote) if raw[:1] == quote else raw for raw in raws]

    def raw(self, text: str, *, quoted: bool = False) -> str:
        """Write a text as a raw cell, in quotes if it was or must be.

        >>> dialect = Dialect(";", "'")
        >>> dialect.raw("plain"), dialect.raw("plain", quoted=True), dialect.raw("5' tall"), dialect.raw(" x")
        ('plain', "'plain'", "'5'' tall'", "' x'")
        """
        if quoted or text != text.strip() or self._needs_quotes.search(text):
            return f"{self.quote}{text.replace(self.quote, self.quote * 2)}{self.quote}"
        return text

    @cached_property
    def _needs_quotes(self) -> re.Pattern[str]:
        return re.compile(rf"[\r\n{self._delimiter}{self._quote}]")

    @cached_property
    def _cell(self) -> str:
        d, q = self._delimiter, self._quote
        return rf"(?:{self._inside}{q}(?=[{d}\r\n]|\Z)|(?!{q})[^{d}\r\n]*+)"

    @cached_property
    def _inside(self) -> str:
        q = self._quote
        return rf"{q}[^{q}]*+(?:{q}{q}[^{q}]*+)*"

    @cached_property
    def _delimiter(self) -> str:
        return re.escape(self.delimiter)

    @cached_property
    def _quote(self) -> str:
        return re.escape(self.quote)
