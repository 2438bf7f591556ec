"""How many workers a run has, and how many leads a batch, for it to stay within some memory whatever the source has."""

from __future__ import annotations

import os
import re
from dataclasses import replace

from lustrum.contracts.sources import Source
from lustrum.running.options import BATCH_SIZE, RunOptions
from lustrum.words.errors import UsageError

FEWEST = 5_000
_SAMPLE = 1_000
"""Leads that tell how wide a row is."""
_MEGABYTE = 1_000_000
_BASE = 350 * _MEGABYTE
"""What a process takes before its first lead: libraries, and the tables of steps."""
_COPIES = 7
"""Bytes of memory for each byte of a row: the cells before and after, the trail, what steps are asked and answer."""
_ROOM = 600 * _MEGABYTE
"""What a worker needs for batches that are worth its while."""
_CELL = 16
"""Bytes that a cell takes, however short its text."""
_WRITTEN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(kb|mb|gb|tb)\s*", re.IGNORECASE | re.ASCII)
_UNITS = {"kb": 1_000, "mb": _MEGABYTE, "gb": 1_000_000_000, "tb": 1_000_000_000_000}


def parse_memory(text: str) -> int:
    """Read a size of memory, in bytes. Raises `UsageError`.

    >>> parse_memory("2GB"), parse_memory("1.5 mb")
    (2000000000, 1500000)
    """
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise UsageError(f'"{text}" is no size of memory; write a number and KB, MB, GB or TB, such as 2GB')
    number, unit = found.groups()
    return round(float(number) * _UNITS[unit.lower()])


def cores() -> int:
    """Give how many processes can work beside each other."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def most_workers(options: RunOptions) -> int:
    """Give how many workers a run may have: as many as it asks for, else as cores and memory allow."""
    if options.profile:
        return 0
    if options.workers is not None:
        return options.workers
    return cores() if options.memory is None else min(cores(), max(1, options.memory // _ROOM))


def with_fitting_batches(options: RunOptions, source: Source) -> RunOptions:
    """Choose the size of batches, where memory is to decide it: all processes together take about as much.

    Never fewer leads than `FEWEST`, never more than is usual. Raises `SourceError`.
    """
    if options.memory is None:
        return options
    share = options.memory // (1 + most_workers(options)) - _BASE
    size = max(FEWEST, min(BATCH_SIZE, share // (_row_width(source) * _COPIES)))
    return replace(options, batch_size=size)


def _row_width(source: Source) -> int:
    """Give the bytes of a row, from the first leads of a source. Raises `SourceError`."""
    batches = source.batches(_SAMPLE)
    first = next(iter(batches), None)
    texts = 0 if first is None or first.frame.is_empty() else int(first.frame.estimated_size()) // first.frame.height
    return texts + _CELL * max(1, len(source.header))
