"""Batches are as large as the memory of a run allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import polars as pl
import pytest

from lustrum.contracts.sources import SourceBatch
from lustrum.running.journal.journal import Journal
from lustrum.running.memory import FEWEST, parse_memory, with_fitting_batches
from lustrum.running.options import BATCH_SIZE, RunOptions
from lustrum.running.summary import Summary
from lustrum.words.errors import UsageError


class Wide:
    """A source of rows of some width."""

    location, fingerprint, description = "wide", "", ""

    def __init__(self, width: int) -> None:
        self._cell = "x" * width
        self.header: Sequence[str] = ("a", "b")

    def batches(self, size: int) -> Iterator[SourceBatch]:
        yield SourceBatch(pl.DataFrame({"a": [self._cell] * size, "b": ["y"] * size}))


def size(width: int, memory: str, workers: int) -> int:
    options = RunOptions(memory=parse_memory(memory), workers=workers)
    return with_fitting_batches(options, Wide(width)).batch_size


def test_narrow_rows_come_in_batches_as_usual() -> None:
    assert size(10, "2GB", 0) == BATCH_SIZE


def test_wider_rows_less_memory_and_more_workers_make_batches_smaller() -> None:
    assert FEWEST < size(8_000, "3GB", 0) < size(4_000, "3GB", 0) < BATCH_SIZE
    assert FEWEST < size(4_000, "3GB", 3) < size(4_000, "3GB", 0)
    assert FEWEST < size(4_000, "2GB", 0) < size(4_000, "3GB", 0)


def test_a_batch_is_never_tiny() -> None:
    assert size(1_000_000, "1MB", 9) == FEWEST


@pytest.mark.parametrize("text", ["2", "GB", "two GB", "2 PB", "-1GB", ""])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no size of memory"):
        parse_memory(text)


def test_a_run_chooses_and_its_ledger_says_what(
    project: Callable[..., Path], run: Callable[..., Summary], ledger_of: Callable[[Path], int]
) -> None:
    root = project("id,country\n" + "".join(f"{number},{'x' * 9_000}\n" for number in range(3)))
    run(root, memory=parse_memory("500MB"), workers=0)
    assert ledger_of(root) == FEWEST
    run(root, "r1", memory=parse_memory("900MB"), workers=0, resume=True)


@pytest.fixture
def ledger_of() -> Callable[[Path], int]:
    """Give the size of the batches of a run, by the ledger."""

    def read(root: Path) -> int:
        with Journal.open_ledger(root) as ledger:
            return int((ledger.run("r1") or {})["batch_size"])

    return read
