"""Where delimiters, line ends and quotes stand in the bytes of a file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lustrum_plugins.connect.bits import LAST, ONE, Bits, after, before, odd, packed, places
from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.views import Flags, Places

LF, CR = ord("\n"), ord("\r")

Bytes = npt.NDArray[np.uint8]


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
    ends = signs == LF
    returns = b"\r" in data
    if returns:
        ends |= signs == CR
    fences = ends | (signs == delimiter)
    if dialect.quote.encode() in data:
        stops, quoted = _outside_quotes(packed(fences), packed(signs == ord(dialect.quote)), packed(ends), len(data))
    else:
        stops, quoted = np.flatnonzero(fences), None
    if returns:
        stops = _one_a_line_end(signs, stops, whole=whole)
    ending = signs[stops] != delimiter
    complete = quoted is None or (quoted.fault is None and not quoted.open)
    if whole and complete and len(data) and not (len(stops) and stops[-1] == len(data) - 1 and ending[-1]):
        stops, ending = np.append(stops, len(data)), np.append(ending, [True])
    return Marks(stops, ending, quoted)


def _outside_quotes(fences: Bits, quotes: Bits, ends: Bits, size: int) -> tuple[Places, Quoted]:
    """Leave out what stands inside quotes, as far as they are regular.

    A quote that opens must begin its cell, one that closes must end it; two beside each other are one quote written
    twice. What follows the last byte is not known yet.
    """
    inside = odd(quotes)
    opening, closing = quotes & inside, quotes & ~inside
    twice = opening & before(closing)
    early = opening & ~(before(fences) | twice)
    early[0] &= ~ONE
    late = closing & ~(after(fences) | after(opening))
    late[-1] &= ~(ONE << np.uint64((size - 1) % 64))
    wrong = early | late
    fault = int(places(wrong)[0]) if wrong.any() else None
    stops = places(fences & ~inside)
    return (
        stops if fault is None else stops[: np.searchsorted(stops, fault)],
        Quoted(
            lines=bool((ends & inside).any()),
            doubled=places(twice) if twice.any() else stops[:0],
            fault=fault,
            open=bool(inside[-1] >> LAST),
        ),
    )


def _one_a_line_end(signs: Bytes, stops: Places, *, whole: bool) -> Places:
    """Leave out the CR of each CRLF, and a CR at the end that may be half of one."""
    returns = signs[stops] == CR
    halves = returns & (signs.take(stops + 1, mode="clip") == LF)
    if not whole and len(stops) and stops[-1] == len(signs) - 1:
        halves[-1] |= returns[-1]
    ends: Places = stops[~halves]
    return ends
