"""What a step's function said about one input, made uniform and checked at the door."""

from __future__ import annotations

import inspect
import json
import math
import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Literal, cast, get_args

import polars as pl

from lustrum.contracts.steps import Step
from lustrum.planning.bindings import StepCall, Write
from lustrum.words.errors import Transient
from lustrum.words.fields import FieldType, parse_cells
from lustrum.words.outcomes import KEEP, Alert, Answer, Failed, Moment, MomentType, Skip
from lustrum.words.places import Place

Status = Literal["answered", "skipped", "failed", "transient"]
STEP_RAISED = "step_raised"
WRONG_TYPE = "wrong_type"
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Reply:
    """One step's reply: a value (or KEEP) for each of its writes, or why there is none; `candidates` as JSON."""

    status: Status
    values: tuple[object, ...] = ()
    code: str | None = None
    message: str | None = None
    reason: str | None = None
    candidates: str | None = None
    retry_after: float | None = None
    effect: Moment | Alert | None = None

    @property
    def lasts(self) -> bool:
        """Whether the same input would be answered the same again."""
        return self.status != "transient" and self.code != STEP_RAISED


def transient_reply(error: Transient) -> Reply:
    """Turn a raised `Transient` into a reply."""
    waits = error.retry_after
    sound = isinstance(waits, int | float) and math.isfinite(waits)
    return Reply(
        "transient",
        code=_shown(error.code),
        message=_shown(error.message),
        retry_after=float(waits or 0) if sound else None,
    )


def _shown(text: object) -> str | None:
    """Write anything a plugin handed over as text that can be stored."""
    if type(text) is str and text.isascii():
        return text or None
    try:
        return (text if isinstance(text, str) else str(text)).encode(errors="replace").decode() or None
    except Exception:  # noqa: BLE001  # a plugin's own __str__ may raise
        return f"<{type(text).__name__}>"


def raised_reply(step: Step, error: BaseException) -> Reply:
    """Turn any other exception of a step into a failure that names the place in the step's file."""
    said = _shown(error)
    reason = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return Reply("failed", code=STEP_RAISED, message=f"{place_raised(step, error)}: {reason}")


def place_raised(step: Step, error: BaseException) -> Place:
    """Find the last line of the step's own file that the error passed through, else the step itself."""
    own = inspect.unwrap(step.function).__code__.co_filename
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == own]
    return Place(step.place.file, lines[-1]) if lines else step.place


def read_reply(call: StepCall, said: object) -> Reply:
    """Make a step's result uniform; a result of the wrong type is a failure of the leads with that input."""
    answer = cast("Answer[object]", said) if isinstance(said, Answer) else Answer(said)
    value = answer.value
    if isinstance(value, Failed):
        message, readings = told_readings(_shown(value.message), value.candidates)
        return Reply("failed", code=_shown(value.code) or "failed", message=message, candidates=readings)
    if isinstance(value, Skip):
        return Reply("skipped", code=_shown(value.reason) or "skipped")
    if call.step.signature.effect is not None:
        return _effect_reply(call, call.step.signature.effect, value)
    cleaned: list[object] = []
    for write, said_of_it in zip(call.writes, _values(call, value), strict=True):
        cell = _typed(call, write, said_of_it)
        if not _fits(cell, write):
            return _wrong_result(call, write, cell)
        cleaned.append(None if cell == "" else cell)
    return Reply("answered", tuple(cleaned), reason=_reason(answer), candidates=_readings(answer.candidates))


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
        return (_Misshapen(value),) * len(call.writes)
    return (value,)


def _typed(call: StepCall, write: Write, cell: object) -> object:
    """Read a text for a typed field that only the options have named."""
    if write.type is FieldType.TEXT or not isinstance(cell, str) or call.step.writes is None or not cell:
        return cell
    read = parse_cells(pl.Series([cell]), write.type)[0]
    return _Unreadable(cell) if read is None else read


@dataclass(frozen=True, slots=True)
class _Unreadable:
    said: str


@dataclass(frozen=True, slots=True)
class _Misshapen:
    said: object


def _fits(cell: object, write: Write) -> bool:
    if cell is None or cell is KEEP:
        return True
    if isinstance(cell, str):
        return write.type is FieldType.TEXT and _is_unicode(cell)
    if type(cell) is int:
        return write.type in (FieldType.INTEGER, FieldType.DECIMAL) and -(2**63) <= cell < 2**63
    if isinstance(cell, float):
        return write.type is FieldType.DECIMAL and math.isfinite(cell)
    return type(cell) is write.type.python


def _is_unicode(text: str) -> bool:
    return text.isascii() or not _SURROGATE.search(text)


def _wrong_result(call: StepCall, write: Write, cell: object) -> Reply:
    """Say what is wrong: a text that is no value of a field only the options name is bad data, all else the step."""
    if isinstance(cell, _Unreadable) and _may_be_any_text(call, write):
        message = f'the answer for {write.field} is "{_shown(cell.said)}", no {write.type.value}'
        return Reply("failed", code=WRONG_TYPE, message=message)
    said = cell.said if isinstance(cell, _Unreadable | _Misshapen) else cell
    message = (
        f"{call.step.place}: {call.step.name} answered {type(said).__name__} where {write.field} is {write.type.value}"
    )
    return Reply("failed", code=STEP_RAISED, message=message)


def _may_be_any_text(call: StepCall, write: Write) -> bool:
    """Say whether the step promises no more than a text for a field."""
    signature = call.step.signature
    attributes = {result.name: result.type for result in signature.results}
    return signature.mapping or attributes.get(write.attribute, signature.value) is FieldType.TEXT


def _effect_reply(call: StepCall, kind: type, value: object) -> Reply:
    if isinstance(value, Moment | Alert) and isinstance(value, kind) and _is_sound(value):
        return Reply("answered", effect=value)
    if value is None:
        return Reply("skipped", code=f"no_{kind.__name__.lower()}")
    message = f"{call.step.place}: {call.step.name} answered {type(value).__name__} where a {kind.__name__} was due"
    return Reply("failed", code=STEP_RAISED, message=message)


def _is_sound(effect: Moment | Alert) -> bool:
    texts: tuple[object, ...] = astuple(effect)
    known = not isinstance(effect, Moment) or effect.type in get_args(MomentType)
    return known and all(isinstance(text, str) and _is_unicode(text) for text in texts)


def told_readings(
    message: str | None, candidates: Sequence[object], failed: bool = True
) -> tuple[str | None, str | None]:
    """Give the message, which of a failure names the readings that the step hesitated between, and those as JSON."""
    if not candidates:
        return message, None
    readings = ", ".join(_shown(candidate) or "" for candidate in candidates)
    told = f"{message} (could be: {readings})" if message else f"could be: {readings}"
    return (told if failed else message), _readings(candidates)


def _readings(candidates: Sequence[object]) -> str | None:
    """Write the readings that a step hesitated between, or that lost, as a JSON list."""
    if len(candidates) == 0:
        return None
    shown = [text for candidate in candidates if (text := _shown(candidate))]
    return json.dumps(shown, ensure_ascii=False) if shown else None


def _reason(answer: Answer[object]) -> str | None:
    if len(answer.evidence) == 0:
        return _shown(answer.reason)
    evidence = ", ".join(f"{_shown(name)}: {_shown(text)}" for name, text in answer.evidence.items())
    reason = _shown(answer.reason)
    return f"{reason} ({evidence})" if reason else evidence
