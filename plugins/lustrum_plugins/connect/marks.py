"""Where delimiters, line ends and quotes stand in the bytes of a file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.views import Flags, Places

LF, CR = ord("\n"), ord("\r")

Bytes = npt.NDArray[np.uint8]
NOWHERE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Marks:
    """The places outside quotes at which cells stop, up to the first quote that is not regular.

    `stops` are those of delimiters and line ends, of CRLF that of the LF, and the end of the file where no line end
    stands before it; `ending` says which are no delimiters. `doubled` are places of quotes written twice.
    """

    stops: Places
    ending: Flags
    quoted: Quoted | None


@dataclass(frozen=True, slots=True)
class Quoted:
    """What quotes do: hold line ends, stand twice at some places, become irregular at one, stay open at the end."""

    lines: bool
    doubled: Places
    fault: int | None
    open: bool


def find_marks(data: bytes, dialect: Dialect, *, whole: bool) -> Marks:
    """Find the marks in bytes that begin with a record; with `whole` their end is that of the file."""
    signs = np.frombuffer(data, np.uint8)
    delimiter = ord(dialect.delimiter)
    found = (signs == delimiter) | (signs == LF)
    returns = b"\r" in data
    if returns:
        found |= signs == CR
    stops, quoted = np.flatnonzero(found), None
    if dialect.quote.encode() in data:
        stops, quoted = _outside_quotes(signs, found, dialect)
    if returns:
        stops = _one_a_line_end(signs, stops, whole=whole)
    ending = signs[stops] != delimiter
    complete = quoted is None or (quoted.fault is None and not quoted.open)
    if whole and complete and len(data) and not (len(stops) and stops[-1] == len(data) - 1 and ending[-1]):
        stops, ending = np.append(stops, len(data)), np.append(ending, [True])
    return Marks(stops, ending, quoted)


def _outside_quotes(signs: Bytes, found: Flags, dialect: Dialect) -> tuple[Places, Quoted]:
    """Leave out what stands inside quotes, as far as they are regular."""
    quote = ord(dialect.quote)
    places = np.flatnonzero(found | (signs == quote))
    is_quote = signs[places] == quote
    inside = np.bitwise_xor.accumulate(is_quote)
    stops, quotes = places[~(is_quote | inside)], places[is_quote]
    opening, closing = quotes[0::2], quotes[1::2]
    fault = _first_fault(signs, opening, closing, dialect)
    within = signs[places[inside & ~is_quote]]
    again = opening[1 : len(closing) + 1]
    doubled = again[again == closing[: len(again)] + 1]
    return (
        stops if fault is None else stops[: np.searchsorted(stops, fault)],
        Quoted(bool((within != ord(dialect.delimiter)).any()), doubled, fault, len(opening) > len(closing)),
    )


def _first_fault(signs: Bytes, opening: Places, closing: Places, dialect: Dialect) -> int | None:
    """Find the first quote that opens within a cell, or closes without being its cell's end.

    A quote beside another one is regular: the two are one quote written twice.
    """
    fences = np.zeros(256, np.bool_)
    fences[[ord(dialect.delimiter), LF, CR, ord(dialect.quote)]] = True
    before = opening[1:] if opening[0] == 0 else opening
    after = closing[:-1] if len(closing) and closing[-1] == len(signs) - 1 else closing
    wrong = [before[~fences[signs[before - 1]]][:1], after[~fences[signs[after + 1]]][:1]]
    return min(np.concatenate(wrong).tolist(), default=None)


def _one_a_line_end(signs: Bytes, stops: Places, *, whole: bool) -> Places:
    """Leave out the CR of each CRLF, and a CR at the end that may be half of one."""
    returns = signs[stops] == CR
    halves = returns & (signs.take(stops + 1, mode="clip") == LF)
    if not whole and len(stops) and stops[-1] == len(signs) - 1:
        halves[-1] |= returns[-1]
    ends: Places = stops[~halves]
    return ends
