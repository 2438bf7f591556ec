"""Taking a batch through in pieces, for one that is too much at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import polars as pl

from lustrum.engine.given import Batch
from lustrum.engine.result import BY_ROW, Result

_WHOLE = ("leads", "outcomes")


def in_pieces(execute: Callable[[Batch], Result], pieces: int) -> Callable[[Batch], Result]:
    """Give what executes batches in so many pieces, one after the other, as if they were whole."""
    return execute if pieces == 1 else lambda batch: _joined(batch, [execute(each) for each in _cut(batch, pieces)])


def _cut(batch: Batch, pieces: int) -> Iterator[Batch]:
    size = max(1, -(-batch.height // pieces))
    for start in range(0, max(batch.height, 1), size):
        yield batch.slice(start, size)


def _joined(batch: Batch, results: list[Result]) -> Result:
    starts = [0]
    for result in results[:-1]:
        starts.append(starts[-1] + len(result.keys))
    parts: dict[str, Any] = {
        name: pl.concat([_moved(getattr(result, name), start) for result, start in zip(results, starts, strict=True)])
        for name in (*BY_ROW, "pending")
    }
    parts |= {name: pl.concat([getattr(result, name) for result in results]) for name in _WHOLE}
    aborted = next((result.aborted for result in results if result.aborted), None)
    return replace(results[0], keys=batch.keys, aborted=aborted, **parts)


def _moved(frame: pl.DataFrame, start: int) -> pl.DataFrame:
    return frame.with_columns((pl.col("row") + start).cast(pl.UInt32))
