"""How answers are laid out: one row a lead, what its step said of it, and the cells to be written.

Columns: `row`, `inputs` (JSON), those of `answer_schema`, and for each write *n* `value:n` and `keep:n`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from lustrum.engine.columns import without
from lustrum.engine.replies import Reply
from lustrum.planning.bindings import StepCall, Write
from lustrum.words.outcomes import KEEP, Alert, Moment

_SAID: Mapping[str, pl.DataType] = {
    "status": pl.String(),
    "code": pl.String(),
    "message": pl.String(),
    "reason": pl.String(),
    "candidates": pl.String(),
    "retry_after": pl.Float64(),
}
_EFFECT: Mapping[str, pl.DataType] = dict.fromkeys(("effect_type", "effect_subject", "effect_text"), pl.String())


def answer_schema(call: StepCall) -> Mapping[str, pl.DataType]:
    """Give the columns of what a step says; only one that adds up has an effect to tell of."""
    return {**_SAID, **_EFFECT} if call.adds_up else _SAID


def with_columns_of(answers: pl.DataFrame, leads: pl.DataFrame) -> pl.DataFrame:
    """Add to answers what is known of their leads; both have a column `row`, mostly in the same order."""
    if answers["row"].equals(leads["row"]):
        return answers.hstack(without(leads, ["row"]))
    return answers.join(leads, on="row", how="left", maintain_order="left")


def is_failing(status: pl.Series) -> pl.Series:
    """Say which answers are failures, those that may pass by themselves included."""
    return (status == "failed") | (status == "transient")


def reply_frame(call: StepCall, replies: Sequence[Reply]) -> pl.DataFrame:
    """Lay replies out as columns, one row a distinct input."""
    columns = {
        "input": pl.int_range(len(replies), dtype=pl.UInt32, eager=True),
        **{name: pl.Series([getattr(reply, name) for reply in replies], dtype=kind) for name, kind in _SAID.items()},
        **(_effects([reply.effect for reply in replies]) if call.adds_up else {}),
    }
    for number, write in enumerate(call.writes):
        columns |= _written(number, write, replies)
    return pl.DataFrame(columns)


def _effects(effects: list[Moment | Alert | None]) -> dict[str, pl.Series]:
    kinds = [effect.to if isinstance(effect, Alert) else effect.type if effect else None for effect in effects]
    subjects = [effect.subject if isinstance(effect, Alert) else None for effect in effects]
    texts = [effect.text if effect else None for effect in effects]
    columns = {"effect_type": kinds, "effect_subject": subjects, "effect_text": texts}
    return {name: pl.Series(values, dtype=pl.String) for name, values in columns.items()}


def _written(number: int, write: Write, replies: Sequence[Reply]) -> dict[str, pl.Series]:
    cells = [reply.values[number] if reply.values else KEEP for reply in replies]
    values = [None if cell is KEEP else cell for cell in cells]
    keep = [cell is KEEP for cell in cells]
    name = f"value:{number}"
    return {name: pl.Series(name, values, dtype=write.type.dtype), f"keep:{number}": pl.Series(keep, dtype=pl.Boolean)}
