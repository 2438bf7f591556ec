"""Finds the dialect of a file from its first records."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product

from lustrum_plugins.connect.dialect import DELIMITERS, QUOTES, Dialect
from lustrum_plugins.connect.records import Stretch, split_records

SAMPLE_RECORDS = 1000


@dataclass(frozen=True, slots=True, order=True)
class Fit:
    """How well a dialect fits a sample; the greater fits better.

    `shape` grows with the number of columns and with the share of records that have as many cells as the header, a
    little with the share that has several; it is 0 where the header has one cell only. `regular` is the first share.
    `wrapped` says that every cell of the header stands in this dialect's quotes.
    """

    shape: float
    regular: float
    wrapped: bool


def find_dialect(
    sample: str, *, whole: bool, delimiters: Sequence[str] = DELIMITERS, quotes: Sequence[str] = QUOTES
) -> Dialect:
    """Choose the dialect that makes the most regular table of the sample; the first named wins where several do.

    A cell that begins with a double quote rules the single quote out.

    `whole` says that the sample is all of the file.

    >>> find_dialect("name;city\\n'Doe; Jo';Rome\\n", whole=True)
    Dialect(delimiter=';', quote="'")
    >>> find_dialect("name\\nDoe, Jo\\nRoe\\n", whole=True).delimiter
    ';'
    """
    candidates = [Dialect(delimiter, quote) for quote, delimiter in product(quotes, delimiters) if delimiter != quote]
    if len(candidates) == 1:
        return candidates[0]
    return max(candidates, key=lambda candidate: _fit(candidate, sample, whole))


def _fit(dialect: Dialect, sample: str, whole: bool) -> Fit:
    if dialect.quote == "'" and re.search(rf'(?:\A|[\r\n{re.escape(dialect.delimiter)}])"', sample):
        return Fit(-1, 0, False)
    stretches = split_records([sample], dialect, whole=whole)
    counts = list(islice(chain.from_iterable(_cell_counts(stretch, dialect) for stretch in stretches), SAMPLE_RECORDS))
    columns, records = next(iter(counts), 0), [count for count in counts[1:] if count]
    if columns == 1 and _holds_quotes(dialect, sample):
        return Fit(0, 0, False)
    regular = _share(records, lambda count: count == columns)
    if columns < 2:
        return Fit(0, regular, columns < 0)
    parted = _share(records, lambda count: count > 1)
    return Fit((regular + parted / 100) * (1 - 1 / columns), regular, _wraps_header(dialect, sample))


def _share(counts: Sequence[int], condition: Callable[[int], bool]) -> float:
    return sum(map(condition, counts)) / len(counts) if counts else 1.0


def _cell_counts(stretch: Stretch, dialect: Dialect) -> list[int]:
    """Count the cells of each record: 0 for a blank one, -1 for a damaged one."""
    if stretch.fault:
        return [-1]
    return [len(dialect.raw_cells(record)) if record else 0 for record in stretch.records]


def _wraps_header(dialect: Dialect, sample: str) -> bool:
    return all(map(dialect.is_quoted, dialect.raw_cells(_header(dialect, sample))))


def _holds_quotes(dialect: Dialect, sample: str) -> bool:
    """Say whether a header of one cell holds double quotes: then it is rather a damaged one of several cells."""
    header = _header(dialect, sample)
    return '"' in header and not dialect.is_quoted(header)


def _header(dialect: Dialect, sample: str) -> str:
    return next(split_records([sample], dialect)).records[0]
