"""Texts of a column that lie in somebody else's bytes, without being copied."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import polars as pl

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def between(data: bytes, places: Places, valid: Flags | None = None) -> pl.Series:
    """Cut UTF-8 at pairs of places, which ascend: what lies inside each pair and what lies behind it take turns.

    What is inside a pair that is not `valid` becomes null.

    >>> between(b"ab,c", np.array([[0, 2], [3, 4]])).to_list()
    ['ab', ',', 'c', '']
    """
    offsets = np.empty(2 * len(places) + 1, np.int64)
    offsets[:-1] = places.reshape(-1)
    offsets[-1] = len(data)
    arrow = _arrow()
    known = None if valid is None else arrow.py_buffer(_bits(valid))
    buffers = arrow.py_buffer(offsets), arrow.py_buffer(data)
    return pl.Series(values=arrow.LargeStringArray.from_buffers(2 * len(places), *buffers, known))


def joined(texts: pl.Series) -> bytes:
    """Write texts, none null, one after the other.

    >>> joined(pl.Series(["a", "ë"]))
    b'a\\xc3\\xab'
    """
    if not len(texts):
        return b""
    array = cast("Any", texts.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest()))
    _, offsets, content = array.buffers()
    ends = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    return bytes(memoryview(content)[ends[0] : ends[-1]])


def _bits(valid: Flags) -> npt.NDArray[np.uint8]:
    """Give a bitmap in which every second one is left out."""
    flags = np.zeros((len(valid), 2), np.bool_)
    flags[:, 0] = valid
    return np.packbits(flags, axis=None, bitorder="little")


def _arrow() -> Any:
    """Give pyarrow, which is imported only where leads are read, and has no types."""
    return import_module("pyarrow")
