"""Asking a step about some leads: one call a distinct input, the replies spread back over the leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from lustrum.contracts.ports import Calls
from lustrum.engine.given import Given
from lustrum.engine.inputs import DistinctInputs, bound_inputs, describe_inputs, distinct, part_unreadable, split_empty
from lustrum.engine.replies import Reply, raised_reply, read_reply, transient_reply
from lustrum.engine.state import LeadState
from lustrum.planning.plan import StepCall, Write
from lustrum.words.errors import Transient
from lustrum.words.outcomes import KEEP, Attempt

ANSWER_SCHEMA: Mapping[str, pl.DataType] = {
    "status": pl.String(),
    "code": pl.String(),
    "message": pl.String(),
    "reason": pl.String(),
    "retry_after": pl.Float64(),
    "moment_type": pl.String(),
    "moment_text": pl.String(),
}


def ask_step(call: StepCall, state: LeadState, rows: pl.Series, attempt: int, given: Given) -> pl.DataFrame:
    """Give what the step says about each of the rows.

    Columns: `row`, `inputs` (JSON), those of `ANSWER_SCHEMA`, and for each write *n* `value:n` and `keep:n`.
    """
    if call.step.signature.batch:
        from lustrum.engine.frames import ask_batch_step

        readable, unreadable = part_unreadable(call, state, rows)
        said = ask_batch_step(call, state, readable)
        return pl.concat([said, like(said, unreadable)])
    readable, unreadable = part_unreadable(call, state, rows)
    inputs, empty = split_empty(call, bound_inputs(call, state, readable))
    described = inputs.with_columns(describe_inputs(call, inputs).alias("inputs"))
    asked = distinct(inputs)
    replies = _ask_each(call, asked, attempt, given)
    spread = asked.index.join(reply_frame(call, replies), on="input", how="left", maintain_order="left").drop("input")
    answered = spread.with_columns(described["inputs"])
    skipped = like(answered, empty.select("row", status=pl.lit("skipped"), code=pl.lit("empty")))
    return pl.concat([answered, skipped, like(answered, unreadable)])


def like(answers: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Lay a frame out as answers are, what it lacks empty."""
    given = set(frame.columns)
    return frame.select(
        pl.col(name).cast(dtype) if name in given else pl.lit(None, dtype).alias(name)
        for name, dtype in answers.schema.items()
    )


def _ask_each(call: StepCall, asked: DistinctInputs, attempt: int, given: Given) -> list[Reply]:
    injected = call.step.signature.injected
    seen = attempt if Attempt in injected.values() else 0

    def ask(values: tuple[object, ...]) -> Reply:
        return _ask(call, values, attempt, given)

    return [given.memo.answer(call.digest, seen, values, ask) for values in asked.values()]


def _ask(call: StepCall, values: tuple[object, ...], attempt: int, given: Given) -> Reply:
    bound = len(call.reads)
    rendered = {option.option: text for option, text in zip(call.rendered, values[bound:], strict=True)}
    options = {**call.options, **rendered, **_injections(call, attempt, given)}
    try:
        return read_reply(call, call.step(*values[:bound], **options))
    except Transient as error:
        return transient_reply(error)
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a step raises is a failure of its leads only
        return raised_reply(error)


def _injections(call: StepCall, attempt: int, given: Given) -> dict[str, Any]:
    return {name: _injection(call, kind, attempt, given) for name, kind in call.step.signature.injected.items()}


def _injection(call: StepCall, kind: type, attempt: int, given: Given) -> Attempt | Calls:
    if kind is Attempt:
        return Attempt(attempt, call.step.strategies[:attempt] or None)
    return given.calls


def reply_frame(call: StepCall, replies: Sequence[Reply]) -> pl.DataFrame:
    """Lay replies out as columns, one row a distinct input."""
    columns = {
        "input": pl.int_range(len(replies), dtype=pl.UInt32, eager=True),
        "status": _column([reply.status for reply in replies], "status"),
        "code": _column([reply.code for reply in replies], "code"),
        "message": _column([reply.message for reply in replies], "message"),
        "reason": _column([reply.reason for reply in replies], "reason"),
        "retry_after": _column([reply.retry_after for reply in replies], "retry_after"),
        "moment_type": _column([reply.moment.type if reply.moment else None for reply in replies], "moment_type"),
        "moment_text": _column([reply.moment.text if reply.moment else None for reply in replies], "moment_text"),
    }
    for number, write in enumerate(call.writes):
        columns |= _written(number, write, replies)
    return pl.DataFrame(columns)


def _column(values: list[Any], name: str) -> pl.Series:
    return pl.Series(name, values, dtype=ANSWER_SCHEMA[name])


def _written(number: int, write: Write, replies: Sequence[Reply]) -> dict[str, pl.Series]:
    cells = [reply.values[number] if reply.values else KEEP for reply in replies]
    values = [None if cell is KEEP else cell for cell in cells]
    keep = [cell is KEEP for cell in cells]
    name = f"value:{number}"
    return {name: pl.Series(name, values, dtype=write.type.dtype), f"keep:{number}": pl.Series(keep, dtype=pl.Boolean)}
