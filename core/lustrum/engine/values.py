"""Asking a value step: one call a distinct input, the replies spread back over the leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from lustrum.engine.answers import reply_frame
from lustrum.engine.columns import parts_of, patched, shaped, where, without
from lustrum.engine.given import Given
from lustrum.engine.injecting import injection
from lustrum.engine.inputs import DistinctInputs, bound_inputs, distinct, split_empty, with_inputs_described
from lustrum.engine.interrupts import pass_on
from lustrum.engine.replies import Reply, raised_reply, read_reply, transient_reply
from lustrum.engine.state import LeadState
from lustrum.engine.vectorised import claim, no_answers
from lustrum.planning.bindings import StepCall
from lustrum.words.errors import Transient
from lustrum.words.outcomes import Attempt

_SKIPPED = {"status": "skipped", "code": "empty"}


def ask_value_step(call: StepCall, state: LeadState, rows: pl.Series, attempt: int, given: Given) -> pl.DataFrame:
    """Give what a value step says about each of the rows; a lead with an empty value where one is needed is skipped.

    What the step can say of many inputs at once is asked so, the rest once for each distinct input.
    """
    bound = bound_inputs(call, state, rows)
    inputs, empty = split_empty(call, bound)
    answers = _answered(call, inputs, attempt, given) if len(inputs) else no_answers(call, inputs)
    if len(empty):
        answers = parts_of([answers, shaped(empty[["row"]], answers.schema, _SKIPPED)]).sort("row")
    return with_inputs_described(call, bound, answers)


def _answered(call: StepCall, inputs: pl.DataFrame, attempt: int, given: Given) -> pl.DataFrame:
    """Ask about the inputs at once, if they are not few, and one by one about those that this leaves open."""
    options = {**call.own_options(), **_injections(call, attempt, given)}
    said = claim(call, inputs, options) if len(inputs) >= given.at_once_from else None
    if said is None:
        return _ask_distinct(call, inputs, attempt, given)
    answers, claimed = said
    if claimed.all():
        return answers
    asked = _ask_distinct(call, where(inputs, ~claimed), attempt, given)
    return patched(answers, (~claimed).arg_true(), asked)


def _ask_distinct(call: StepCall, inputs: pl.DataFrame, attempt: int, given: Given) -> pl.DataFrame:
    asked = distinct(inputs)
    replies = reply_frame(call, _ask_each(call, asked, attempt, given))
    rows, numbers = asked.index.get_columns()
    return pl.DataFrame([rows, *(column[numbers] for column in without(replies, ["input"]).get_columns())])


def _ask_each(call: StepCall, asked: DistinctInputs, attempt: int, given: Given) -> list[Reply]:
    seen = attempt if Attempt in call.step.signature.injected.values() else 0
    injected = _injections(call, attempt, given)
    calls = given.providers.round(call.name, call.digest)

    def ask(values: tuple[object, ...]) -> Reply:
        return calls.ask(lambda: _ask(call, values, injected))

    return [given.memo.answer(call.digest, seen, values, ask) for values in asked.values()]


def _ask(call: StepCall, values: tuple[object, ...], injected: Mapping[str, Any]) -> Reply:
    bound = len(call.reads)
    rendered = {option.option: text for option, text in zip(call.rendered, values[bound:], strict=True)}
    options = {**call.own_options(), **rendered, **injected}
    try:
        return read_reply(call, call.step(*values[:bound], **options))
    except Transient as error:
        return transient_reply(error)
    except KeyboardInterrupt as interrupt:
        pass_on(call.step, interrupt)
    except BaseException as error:  # noqa: BLE001  # whatever a step raises is a failure of its leads only
        return raised_reply(call.step, error)


def _injections(call: StepCall, attempt: int, given: Given) -> dict[str, Any]:
    tries = Attempt(attempt, call.step.strategies[:attempt] or None)
    asked_for = call.step.signature.injected.items()
    return {name: tries if kind is Attempt else injection(call, kind, given) for name, kind in asked_for}
