"""What a step's function said about one input, made uniform and checked at the door."""

from __future__ import annotations

import inspect
import math
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

import polars as pl

from lustrum.contracts.steps import Step
from lustrum.planning.bindings import StepCall, Write
from lustrum.words.errors import Transient
from lustrum.words.fields import FieldType, parse_cells
from lustrum.words.outcomes import KEEP, Answer, Failed, Moment, Skip
from lustrum.words.places import Place

Status = Literal["answered", "skipped", "failed", "transient"]
STEP_RAISED = "step_raised"


@dataclass(frozen=True, slots=True)
class Reply:
    """One step's reply: a value (or KEEP) for each of its writes, or why there is none."""

    status: Status
    values: tuple[object, ...] = ()
    code: str | None = None
    message: str | None = None
    reason: str | None = None
    retry_after: float | None = None
    moment: Moment | None = None

    @property
    def lasts(self) -> bool:
        """Whether the same input would be answered the same again."""
        return self.status != "transient" and self.code != STEP_RAISED


def transient_reply(error: Transient) -> Reply:
    """Turn a raised `Transient` into a reply."""
    return Reply("transient", code=error.code, message=error.message or None, retry_after=error.retry_after)


def raised_reply(step: Step, error: BaseException) -> Reply:
    """Turn any other exception of a step into a failure that names the place in the step's file."""
    return Reply("failed", code=STEP_RAISED, message=f"{_place(step, error)}: {type(error).__name__}: {error}".strip())


def _place(step: Step, error: BaseException) -> Place:
    """Find the last line of the step's own file that the error passed through, else the step itself."""
    own = inspect.unwrap(step.function).__code__.co_filename
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == own]
    return Place(step.place.file, lines[-1]) if lines else step.place


def read_reply(call: StepCall, said: object) -> Reply:
    """Make a step's result uniform; a result of the wrong type is a failure of the leads with that input."""
    answer = cast("Answer[object]", said) if isinstance(said, Answer) else Answer(said)
    value = answer.value
    if isinstance(value, Failed):
        return Reply("failed", code=value.code, message=_failure_text(value))
    if isinstance(value, Skip):
        return Reply("skipped", code=value.reason)
    if call.step.signature.moment:
        return _moment_reply(call, value)
    values = tuple(_typed(call, write, cell) for write, cell in zip(call.writes, _values(call, value), strict=True))
    for write, cell in zip(call.writes, values, strict=True):
        if not _fits(cell, write):
            return _wrong_result(call, write, cell)
    cleaned = tuple(None if cell == "" else cell for cell in values)
    return Reply("answered", cleaned, reason=_reason(answer))


def _values(call: StepCall, value: object) -> tuple[object, ...]:
    signature = call.step.signature
    if signature.wrapper is not None and isinstance(value, signature.wrapper):
        return tuple(getattr(value, write.attribute) for write in call.writes)
    if signature.mapping and isinstance(value, Mapping):
        cells = cast("Mapping[str, object]", value)
        return tuple(cells.get(write.attribute, KEEP) for write in call.writes)
    if (signature.wrapper or signature.mapping) and value is None:
        return (None,) * len(call.writes)
    if signature.wrapper or signature.mapping:
        return (_Unreadable(value),) * len(call.writes)
    return (value,)


def _typed(call: StepCall, write: Write, cell: object) -> object:
    """Read a text for a typed field that only the options have named."""
    if write.type is FieldType.TEXT or not isinstance(cell, str) or call.step.writes is None or not cell:
        return cell
    read = parse_cells(pl.Series([cell]), write.type)[0]
    return _Unreadable(cell) if read is None else read


@dataclass(frozen=True, slots=True)
class _Unreadable:
    said: object


def _fits(cell: object, write: Write) -> bool:
    if cell is None or cell is KEEP:
        return True
    if write.type is FieldType.DECIMAL and isinstance(cell, int) and not isinstance(cell, bool):
        return True
    if isinstance(cell, str):
        return write.type is FieldType.TEXT and _is_unicode(cell)
    if type(cell) is int:
        return write.type is FieldType.INTEGER and -(2**63) <= cell < 2**63
    if isinstance(cell, float):
        return write.type is FieldType.DECIMAL and math.isfinite(cell)
    return type(cell) is write.type.python


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _wrong_result(call: StepCall, write: Write, cell: object) -> Reply:
    said = cell.said if isinstance(cell, _Unreadable) else cell
    message = (
        f"{call.step.place}: {call.step.name} answered {type(said).__name__} where {write.field} is {write.type.value}"
    )
    return Reply("failed", code=STEP_RAISED, message=message)


def _moment_reply(call: StepCall, value: object) -> Reply:
    if isinstance(value, Moment):
        return Reply("answered", moment=value)
    if value is None:
        return Reply("skipped", code="no_moment")
    message = f"{call.step.place}: {call.step.name} answered {type(value).__name__} where a Moment was due"
    return Reply("failed", code=STEP_RAISED, message=message)


def _failure_text(failed: Failed) -> str | None:
    if not failed.candidates:
        return failed.message or None
    readings = ", ".join(failed.candidates)
    return f"{failed.message} (could be: {readings})" if failed.message else f"could be: {readings}"


def _reason(answer: Answer[object]) -> str | None:
    evidence = ", ".join(f"{name}: {text}" for name, text in answer.evidence.items())
    if answer.reason and evidence:
        return f"{answer.reason} ({evidence})"
    return answer.reason or evidence or None
