"""The distinct inputs of a step: bound fields and rendered options of the open leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from lustrum.engine.aliases import alias_words, spelled
from lustrum.engine.answers import is_failing
from lustrum.engine.columns import constant, nowhere, where
from lustrum.engine.state import LeadState
from lustrum.planning.bindings import Read, RenderedOption, StepCall

NO_TRIGGER_VALUE = "no_trigger_value"
_INPUT = "input"


def bound_inputs(call: StepCall, state: LeadState, rows: pl.Series) -> pl.DataFrame:
    """Give what each lead hands to the step: one column a parameter, one a rendered option."""
    bound = [_bound(read, state, rows).alias(f"read:{number}") for number, read in enumerate(call.reads)]
    rendered = [render(option, state, rows).alias(f"option:{option.option}") for option in call.rendered]
    return pl.DataFrame([rows.alias("row"), *bound, *rendered])


def part_unreadable(call: StepCall, state: LeadState, rows: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    """Part the rows from those where a cell to be read is no value of its field's type, which fail as `unreadable`."""
    fields = [read.field for read in call.reads if read.field in state.unreadable]
    failed: list[pl.DataFrame] = []
    for name in dict.fromkeys(field for field in fields if field):
        lost = state.unreadable[name].gather(rows)
        texts = state.batch.raw[name].gather(rows.filter(lost))
        failed.append(_unreadable(rows.filter(lost), texts.alias(name), f"is no {state.types[name].value}"))
        rows = rows.filter(~lost)
    return rows, pl.concat(failed) if failed else pl.DataFrame(schema={"row": rows.dtype})


def _unreadable(rows: pl.Series, texts: pl.Series, why: str) -> pl.DataFrame:
    inputs = pl.DataFrame([texts]).select(pl.struct(pl.all()).struct.json_encode()).to_series()
    return pl.DataFrame([rows.alias("row"), inputs.alias("inputs"), texts.alias("text")]).select(
        "row",
        "inputs",
        status=pl.lit("failed"),
        code=pl.lit("unreadable"),
        message=pl.format('"{}" {}', "text", pl.lit(why)),
    )


def _bound(read: Read, state: LeadState, rows: pl.Series) -> pl.Series:
    if read.field is None:
        return constant(read.default, read.type.dtype, len(rows))
    values = _as_it_stands(read, read.field, state, rows)
    return spelled(read.aliases, values, state, rows) if read.aliases else values


def _as_it_stands(read: Read, field: str, state: LeadState, rows: pl.Series) -> pl.Series:
    return state.take(field, rows) if read.needed else state.settled(field, rows)


def told_aliases(call: StepCall, state: LeadState, rows: pl.Series) -> pl.DataFrame:
    """Give the rows for which an alias counts, each with the words that say so (`row`, `alias`)."""
    words = [
        alias_words(read.aliases, _as_it_stands(read, read.field, state, rows), state, rows).alias(read.parameter)
        for read in call.reads
        if read.aliases and read.field
    ]
    if not words:
        return pl.DataFrame(schema={"row": rows.dtype, "alias": pl.String})
    told = pl.DataFrame(words).select(pl.concat_str(pl.all(), separator="; ", ignore_nulls=True).alias("alias"))
    return told.with_columns(rows.alias("row")).filter(pl.col("alias") != "")


def render(option: RenderedOption, state: LeadState, rows: pl.Series) -> pl.Series:
    """Render an option's text for each of the rows."""
    fields = [state.take(name, rows).alias(name) for name in sorted(option.reads)]
    triggers = [state.trigger(name, rows) for name in sorted(option.triggers)]
    frame = pl.DataFrame([rows.alias("row number"), *fields, *triggers])
    return frame.select(option.expression.alias("text")).to_series()


def part_untriggered(call: StepCall, state: LeadState, rows: pl.Series) -> tuple[pl.Series, pl.DataFrame]:
    """Part the rows from those whose activity lacks what a trigger token asks for, which fail as `no_trigger_value`."""
    failed: list[pl.DataFrame] = []
    for name in sorted({name for option in call.rendered for name in option.required}):
        missing = state.trigger(name, rows).is_null()
        failed.append(_untriggered(rows.filter(missing), name))
        rows = rows.filter(~missing)
    return rows, pl.concat(failed) if failed else pl.DataFrame(schema={"row": rows.dtype})


def _untriggered(rows: pl.Series, name: str) -> pl.DataFrame:
    return pl.DataFrame([rows.alias("row")]).with_columns(
        inputs=pl.lit("{}"),
        status=pl.lit("failed"),
        code=pl.lit(NO_TRIGGER_VALUE),
        message=pl.lit(f"the activity says nothing of {{{{trigger.{name}}}}}, which has no default"),
    )


@dataclass(frozen=True, slots=True)
class DistinctInputs:
    """The distinct inputs of some leads, and which input each lead has.

    `index` has a column `row` and a column `input`; `values` one tuple an input: parameters, then rendered options.
    """

    index: pl.DataFrame
    frame: pl.DataFrame

    def values(self) -> Iterator[tuple[Any, ...]]:
        """Give the distinct inputs in the order of first appearance."""
        return self.frame.drop(_INPUT).iter_rows()

    def __len__(self) -> int:
        return self.frame.height


def distinct(inputs: pl.DataFrame) -> DistinctInputs:
    """Find the distinct inputs; leads that hand over the same share one call."""
    columns = [name for name in inputs.columns if name != "row"]
    if not columns:
        one = pl.DataFrame({_INPUT: pl.Series([0], dtype=pl.UInt32)})
        index = constant(0, pl.UInt32(), inputs.height, _INPUT)
        return DistinctInputs(inputs.hstack([index]), one)
    if inputs.height == 1:
        index = constant(0, pl.UInt32(), 1, _INPUT)
        return DistinctInputs(pl.DataFrame([inputs["row"], index]), inputs[columns].insert_column(0, index))
    unique = inputs.select(columns).unique(maintain_order=True).with_row_index(_INPUT)
    joined = inputs.join(unique, on=columns, how="left", nulls_equal=True, maintain_order="left")
    return DistinctInputs(joined.select("row", _INPUT), unique)


def split_empty(call: StepCall, inputs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the inputs into those that may be handed over and those with an empty value where one is needed."""
    needed = [f"read:{number}" for number, read in enumerate(call.reads) if read.needed]
    if not needed:
        return inputs, inputs.clear()
    empty = nowhere(inputs.height)
    for name in needed:
        if inputs[name].null_count():
            empty |= inputs[name].is_null()
    return (where(inputs, ~empty), where(inputs, empty)) if empty.any() else (inputs, inputs.clear())


def with_inputs_described(call: StepCall, inputs: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """Add to answers the inputs of those that failed, as JSON (`inputs`); nobody asks for those of the others."""
    failed = is_failing(answers["status"])
    nothing = constant(None, pl.String(), answers.height, "inputs")
    if not failed.any():
        return answers.hstack([nothing])
    described = describe_inputs(call, _inputs_of(answers["row"], failed, inputs))
    return answers.hstack([described if failed.all() else nothing.scatter(failed.arg_true(), described)])


def _inputs_of(rows: pl.Series, some: pl.Series, inputs: pl.DataFrame) -> pl.DataFrame:
    """Give the inputs of some rows, in the order of `rows`."""
    if rows.equals(inputs["row"]):
        return where(inputs, some)
    asked = rows.filter(some)
    theirs = where(inputs, inputs["row"].is_in(asked.implode()))
    return pl.DataFrame([asked]).join(theirs, on="row", how="left", maintain_order="left")


def describe_inputs(call: StepCall, inputs: pl.DataFrame) -> pl.Series:
    """Write each lead's input as a JSON object by parameter and option."""
    told = [(f"read:{number}", read.field or "", read.parameter) for number, read in enumerate(call.reads)]
    told += [(f"option:{option.option}", option.option, f"with {option.option}") for option in call.rendered]
    names: dict[str, str] = {}
    for column, name, otherwise in told:
        names[column] = name if name and name not in names.values() else f"{otherwise} ({column})"
    if not names:
        return constant("{}", pl.String(), inputs.height, "inputs")
    shown = inputs.select(pl.struct(pl.col(old).alias(new) for old, new in names.items()).struct.json_encode())
    return shown.to_series().alias("inputs")
