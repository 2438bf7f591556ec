"""Ids for activities that come without one: the same activity always has the same."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import polars as pl


def digest_rows(rows: Iterable[tuple[str | None, ...]]) -> pl.Series:
    """Digest what each row says, as hexadecimal text.

    >>> one, other, again = digest_rows([("a", None), ("a", ""), ("a", None)])
    >>> len(one), one == other, one == again
    (32, False, True)
    """
    return pl.Series("id", [_digest(row) for row in rows], dtype=pl.String)


def _digest(parts: tuple[str | None, ...]) -> str:
    made = blake2b(digest_size=16)
    for part in parts:
        text = b"-" if part is None else b"+" + part.encode()
        made.update(len(text).to_bytes(4, "big") + text)
    return made.hexdigest()
