"""Replies as the frame a batch step answers with: texts become what the written fields hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from lustrum.words.fields import FieldType, parse_cells
from lustrum_plugins.calls.reply import WRONG_TYPE, Reply

_KINDS = {kind.dtype: kind for kind in FieldType}
_EXACT = 2**53
"""Up to here a decimal number says which integer is meant."""


def answer_frame(replies: Sequence[Reply], types: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Lay replies out: a column for each field of `types`, and why a lead failed.

    A lead fails with `wrong_type` where a text is no value of its field's type.
    """
    kinds = {name: _KINDS.get(dtype, FieldType.TEXT) for name, dtype in types.items()}
    texts = {name: pl.Series([reply.values.get(name) for reply in replies], dtype=pl.String) for name in kinds}
    cells = {name: _typed(texts[name], kind) for name, kind in kinds.items()}
    judged = list(replies)
    for name, kind in kinds.items():
        for row in (texts[name].is_not_null() & cells[name].is_null()).arg_true():
            judged[row] = Reply(
                code=WRONG_TYPE, message=f'the answer for {name} is "{texts[name][row]}", no {kind.value}'
            )
    return pl.DataFrame(cells | _failures(judged))


def _failures(replies: Sequence[Reply]) -> dict[str, pl.Series]:
    return {
        "_code": pl.Series([reply.code for reply in replies], dtype=pl.String),
        "_message": pl.Series([reply.message for reply in replies], dtype=pl.String),
        "_transient": pl.Series([reply.transient for reply in replies], dtype=pl.Boolean),
        "_retry_after": pl.Series([reply.retry_after for reply in replies], dtype=pl.Float64),
    }


def _typed(texts: pl.Series, kind: FieldType) -> pl.Series:
    """Read texts as a type; an integer may be written as a decimal number (`7.0`)."""
    cells = parse_cells(texts, kind)
    if kind is not FieldType.INTEGER:
        return cells
    decimals = parse_cells(texts, FieldType.DECIMAL)
    whole = decimals.set((decimals != decimals.floor()) | (decimals.abs() > _EXACT), None).cast(pl.Int64)
    return cells.zip_with(cells.is_not_null(), whole)
