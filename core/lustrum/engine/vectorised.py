"""Asking a value step about many inputs at once, where it says how: what it claims is laid out as answers are."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import polars as pl

from lustrum.engine.answers import answer_schema
from lustrum.engine.columns import FLAG, flags, nowhere, optional, patched
from lustrum.engine.interrupts import pass_on
from lustrum.engine.replies import told_readings
from lustrum.planning.bindings import StepCall, Write

_SIGNALS = {"code": "_code", "message": "_message", "reason": "_reason"}


def claim(call: StepCall, inputs: pl.DataFrame, options: dict[str, Any]) -> tuple[pl.DataFrame, pl.Series] | None:
    """Give what the step's vectorised form says of the inputs, laid out as answers, and which of them it claims.

    It says nothing where there is none, where an option is rendered for each lead, or, with a warning, where it raises
    or answers with no such frame as it should: then the function is asked, whose word is the same.
    """
    said = _said(call, inputs, options)
    if said is None:
        return None
    claimed = flags(said, "_claimed") if "_claimed" in said.columns else ~nowhere(said.height)
    return (_laid_out(call, inputs, said), claimed) if claimed.any() else None


def no_answers(call: StepCall, inputs: pl.DataFrame) -> pl.DataFrame:
    """Give answers about nobody."""
    written = [(f"value:{number}", write.type.dtype) for number, write in enumerate(call.writes)]
    kept = {name.replace("value", "keep"): FLAG for name, _ in written}
    cells = {name: kind for each in zip(written, kept.items(), strict=True) for name, kind in each}
    return pl.DataFrame(schema={"row": inputs.schema["row"], **answer_schema(call), **cells})


def _said(call: StepCall, inputs: pl.DataFrame, options: dict[str, Any]) -> pl.DataFrame | None:
    if call.step.vectorised is None or call.rendered or inputs.is_empty():
        return None
    bound = pl.DataFrame([inputs[f"read:{number}"].alias(read.parameter) for number, read in enumerate(call.reads)])
    try:
        said = call.step.vectorised(bound, **options)
        if _fits(call, inputs, said):
            return said
        trouble = "answered with no such frame as it should"
    except KeyboardInterrupt as interrupt:
        pass_on(call.step, interrupt)
    except BaseException as error:  # noqa: BLE001  # whatever it raises, the function is asked instead and says what is wrong
        trouble = f"raised {type(error).__name__}: {error}"
    what = f"{call.step.place}: the vectorised form of {call.name} {trouble}; its function is asked, which is slower"
    warnings.warn(what, RuntimeWarning, stacklevel=2)
    return None


def _fits(call: StepCall, inputs: pl.DataFrame, said: pl.DataFrame) -> bool:
    types: dict[str, pl.DataType] = {_column(call, write): write.type.dtype for write in call.writes}
    told: dict[str, pl.DataType] = {name: pl.String() for name in (*_SIGNALS.values(), "_skipped")}
    told |= {"_claimed": pl.Boolean(), "_candidates": pl.List(pl.String())}
    types |= {name: kind for name, kind in told.items() if name in said.columns}
    if said.columns == ["_claimed"] and not said["_claimed"].any():
        return said.height == inputs.height
    return said.height == inputs.height and all(
        said.schema.get(name) in (kind, pl.Null()) for name, kind in types.items()
    )


def _column(call: StepCall, write: Write) -> str:
    return "value" if call.step.signature.value else write.attribute


def _laid_out(call: StepCall, inputs: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    told = {name: optional(said, column, pl.String()) for name, column in _SIGNALS.items()}
    skipped = optional(said, "_skipped", pl.String())
    word = pl.when(pl.col("code").is_not_null()).then(pl.lit("failed")).when(skipped.is_not_null())
    columns: dict[str, Any] = {
        "status": word.then(pl.lit("skipped")).otherwise(pl.lit("answered")),
        "code": pl.coalesce("code", skipped),
        "message": pl.col("message"),
        "reason": pl.when(pl.col("reason") != "").then("reason"),
    }
    head = pl.DataFrame({"row": inputs["row"], **told}).select(
        "row", *(columns.get(name, pl.lit(None, kind)).alias(name) for name, kind in answer_schema(call).items())
    )
    return _with_readings(head, said).hstack(list(_written(call, said)))


def _with_readings(head: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Add what the step hesitated between; a failure names it in its message too."""
    if "_candidates" not in said.columns:
        return head
    readings = said["_candidates"].cast(pl.List(pl.String()))
    rows = (readings.list.len() > 0).arg_true()
    failed, messages = head["code"][rows].is_not_null(), head["message"][rows]
    lists: list[list[str]] = readings[rows].to_list()
    told = [_told(message, tuple(each), lost) for message, each, lost in zip(messages, lists, failed, strict=True)]
    texts = pl.DataFrame(told, schema={"message": pl.String, "candidates": pl.String}, orient="row")
    return patched(head, rows, texts)


@lru_cache(maxsize=4096)
def _told(message: str | None, candidates: tuple[str, ...], failed: bool) -> tuple[str | None, str | None]:
    return told_readings(message, candidates, failed)


def _written(call: StepCall, said: pl.DataFrame) -> Iterator[pl.Series]:
    for number, write in enumerate(call.writes):
        values = optional(said, _column(call, write), write.type.dtype)
        yield (_without_blanks(values) if write.type.dtype == pl.String else values).alias(f"value:{number}")
        yield flags(said, f"_keep_{write.attribute}").alias(f"keep:{number}")


def _without_blanks(texts: pl.Series) -> pl.Series:
    return texts.replace("", None) if (texts == "").any() else texts
