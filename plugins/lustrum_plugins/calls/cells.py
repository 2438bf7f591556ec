"""Replies as the frame a batch step answers with: texts become what the written fields hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from lustrum.words.fields import FieldType, parse_cells
from lustrum_plugins.calls.reply import WRONG_TYPE, Reply

_KINDS = {kind.dtype: kind for kind in FieldType}


def answer_frame(replies: Sequence[Reply], types: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Lay replies out: a column for each field of `types`, and why a lead failed.

    A lead fails with `wrong_type` where a text is no value of its field's type.
    """
    texts = {name: _texts([reply.values.get(name) for reply in replies]) for name in types}
    cells = {name: _typed(texts[name], _KINDS.get(types[name], FieldType.TEXT)) for name in types}
    wrong = [_complaint(name, texts[name], cells[name]) for name in types]
    told = _texts([reply.message for reply in replies])
    code = _texts([reply.code for reply in replies])
    complaint = pl.coalesce(pl.lit(None, pl.String), *wrong)
    columns = {
        "_code": pl.when(pl.lit(code).is_null() & complaint.is_not_null()).then(pl.lit(WRONG_TYPE)).otherwise(code),
        "_message": pl.coalesce(told, complaint),
        "_transient": pl.Series([reply.transient for reply in replies], dtype=pl.Boolean),
        "_retry_after": pl.Series([reply.retry_after for reply in replies], dtype=pl.Float64),
    }
    return pl.DataFrame({**cells}).with_columns(**columns) if cells else pl.DataFrame().with_columns(**columns)
