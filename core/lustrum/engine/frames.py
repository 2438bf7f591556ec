"""Asking a batch step: a frame in, a frame of the same leads out; a lead that makes it raise is found and parted."""

from __future__ import annotations

from typing import Any

import polars as pl

from lustrum.engine.answers import answer_schema, reply_frame
from lustrum.engine.columns import flags, optional
from lustrum.engine.given import Given
from lustrum.engine.injecting import injection
from lustrum.engine.inputs import bound_inputs, with_inputs_described
from lustrum.engine.interrupts import pass_on
from lustrum.engine.providers import Round
from lustrum.engine.replies import STEP_RAISED, Reply, raised_reply, transient_reply
from lustrum.engine.state import LeadState
from lustrum.planning.bindings import StepCall
from lustrum.words.errors import Transient


class _WrongAnswer(Exception):  # never leaves this module
    """A batch step answered with no such frame as it was to."""


def ask_batch_step(
    call: StepCall, state: LeadState, rows: pl.Series, given: Given, effects: pl.DataFrame
) -> pl.DataFrame:
    """Give what the batch step says about each of the rows, laid out as `ask_step` does.

    `effects` has the key of each lead's effect (`row`, `effect`), where the step adds up.
    """
    inputs = bound_inputs(call, state, rows)
    keyed = inputs.join(effects, on="row", how="left", maintain_order="left") if call.adds_up else inputs
    ports = {name: injection(call, kind, given) for name, kind in call.step.signature.injected.items()}
    calls = given.providers.round(call.name, call.digest)
    said = pl.concat(_ask(call, keyed, {**call.own_options(), **ports}, calls))
    return with_inputs_described(call, inputs, said)


def _ask(call: StepCall, inputs: pl.DataFrame, options: dict[str, Any], calls: Round) -> list[pl.DataFrame]:
    if inputs.is_empty():
        return [_all(call, inputs, Reply("skipped"))]
    if refusal := calls.refusal():
        return [_all(call, inputs, refusal)]
    try:
        said = _read(call, inputs, call.step(_leads(call, inputs), **options))
    except Transient as error:
        said = _all(call, inputs, transient_reply(error))
    except KeyboardInterrupt as interrupt:
        pass_on(call.step, interrupt)
    except BaseException as error:  # noqa: BLE001  # whatever a step raises is a failure of its leads only
        calls.heard(transient=False)
        return _part(call, inputs, options, calls, error)
    calls.heard(transient=bool((said["status"] == "transient").all()))
    return [said]


def _part(
    call: StepCall, inputs: pl.DataFrame, options: dict[str, Any], calls: Round, error: BaseException
) -> list[pl.DataFrame]:
    """Ask about each half of the leads apart; a single one has failed."""
    if inputs.height <= 1:
        wrong = isinstance(error, _WrongAnswer)
        reply = Reply("failed", code=STEP_RAISED, message=str(error)) if wrong else raised_reply(call.step, error)
        return [_all(call, inputs, reply)]
    half = inputs.height // 2
    return [*_ask(call, inputs.head(half), options, calls), *_ask(call, inputs.slice(half), options, calls)]


def _leads(call: StepCall, inputs: pl.DataFrame) -> pl.DataFrame:
    columns = [pl.col(f"read:{number}").alias(read.parameter) for number, read in enumerate(call.reads)]
    if call.adds_up:
        columns.append(pl.col("effect").alias("_effect"))
    return inputs.select(columns) if columns else inputs.select("row")


def _read(call: StepCall, inputs: pl.DataFrame, said: object) -> pl.DataFrame:
    trouble = _trouble(call, inputs, said)
    if trouble or not isinstance(said, pl.DataFrame):
        raise _WrongAnswer(trouble)
    texts = {name: optional(said, f"_{name}", pl.String()) for name in ("code", "message", "reason")}
    failed = texts["code"].is_not_null()
    passing = failed & flags(said, "_transient")
    word = pl.when(passing).then(pl.lit("transient")).when(failed).then(pl.lit("failed")).otherwise(pl.lit("answered"))
    waits = optional(said, "_retry_after", pl.Float64())
    columns = {**texts, "status": pl.select(word).to_series(), "retry_after": waits}
    return _laid_out(call, inputs["row"], columns, said)


def _trouble(call: StepCall, inputs: pl.DataFrame, said: object) -> str | None:
    where = f"{call.step.place}: {call.step.name} answered"
    if not isinstance(said, pl.DataFrame):
        return f"{where} {type(said).__name__} where a frame was due"
    if said.height != inputs.height:
        return f"{where} more or fewer leads than it was given"
    missing = [write.attribute for write in call.writes if write.attribute not in said.columns]
    if missing:
        return f"{where} without the column {missing[0]}"
    wrong = [write for write in call.writes if not _fits(said[write.attribute], write.type.dtype)]
    if not wrong:
        return None
    return f"{where} {said[wrong[0].attribute].dtype} where {wrong[0].field} is {wrong[0].type.value}"


def _fits(column: pl.Series, dtype: pl.DataType) -> bool:
    numbers = column.dtype.is_integer() and (dtype.is_integer() or dtype.is_float())
    return column.dtype == dtype or column.dtype == pl.Null or numbers


def _all(call: StepCall, inputs: pl.DataFrame, reply: Reply) -> pl.DataFrame:
    return inputs.select("row").join(reply_frame(call, [reply]).drop("input"), how="cross", maintain_order="left")


def _laid_out(call: StepCall, rows: pl.Series, texts: dict[str, pl.Series], said: pl.DataFrame) -> pl.DataFrame:
    columns = [
        texts[name].alias(name) if name in texts else pl.lit(None, kind).alias(name)
        for name, kind in answer_schema(call).items()
    ]
    written: list[pl.Series | pl.Expr] = []
    for number, write in enumerate(call.writes):
        written += [
            _cells(said[write.attribute], write.type.dtype).alias(f"value:{number}"),
            pl.lit(False).alias(f"keep:{number}"),
        ]
    return pl.DataFrame({"row": rows}).select(["row", *columns, *written])


def _cells(values: pl.Series, dtype: pl.DataType) -> pl.Series:
    cast = values.cast(dtype)
    return pl.select(pl.when(cast != "").then(cast)).to_series() if dtype == pl.String else cast
