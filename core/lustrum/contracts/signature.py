"""Reading a step's contract from its function: parameters, results and options, by their annotations."""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

import polars as pl

from lustrum.contracts.options import Options
from lustrum.contracts.ports import Calls
from lustrum.words.errors import LustrumError
from lustrum.words.fields import FieldType
from lustrum.words.outcomes import Alert, Answer, Attempt, Fact, Failed, Keep, Moment, Skip

_NONE = type(None)
_TYPES: dict[Any, FieldType] = {kind.python: kind for kind in FieldType}
_SIGNALS = frozenset({Failed, Skip, Keep, _NONE})
_EFFECTS = frozenset({Moment, Alert})


class StepContractError(LustrumError):
    """A function cannot be a step as it is annotated."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One field a step reads: `needed` refuses an empty value, `optional` lets the source lack the field."""

    name: str
    type: FieldType
    needed: bool
    optional: bool
    default: object = None


@dataclass(frozen=True, slots=True)
class Variadic:
    """The fields that options name, given as `*values`: their type, None where each has its own."""

    name: str
    type: FieldType | None
    needed: bool


@dataclass(frozen=True, slots=True)
class ResultField:
    """One field a step's result writes."""

    name: str
    type: FieldType


@dataclass(frozen=True, slots=True)
class Signature:
    """All that a function's annotations say about the step.

    `variadic` is set when the function takes the fields its options name (`*values`). Its result is one plain
    `value`, a dataclass (`results`, `wrapper`), a `mapping` of fields, an `effect` (`Moment`, `Alert`), or (`batch`) a
    frame.
    """

    parameters: tuple[Parameter, ...]
    variadic: Variadic | None
    options: Options
    injected: Mapping[str, type]
    batch: bool
    results: tuple[ResultField, ...]
    value: FieldType | None
    mapping: bool
    effect: type | None
    wrapper: type | None


def read_signature(function: Callable[..., object]) -> Signature:
    """Derive a step's contract from a function, or raise `StepContractError` naming what is in the way."""
    where = f"{function.__module__}.{function.__qualname__}"
    if inspect.iscoroutinefunction(function):
        raise StepContractError(f"{where} is async; a step ends within the call: make it a plain function")
    hints = get_type_hints(function, include_extras=True)
    if "return" not in hints:
        raise StepContractError(f"{where} has no return annotation; the engine reads from it what the step writes")
    parameters = list(inspect.signature(function).parameters.values())
    if unhinted := [p.name for p in parameters if p.name not in hints]:
        raise StepContractError(f"{where} has parameters without annotation: {', '.join(unhinted)}")
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    keyword = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
    starred = [p for p in parameters if p.kind is p.VAR_POSITIONAL]
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        raise StepContractError(f"{where} takes ** options; name each option, so that a misspelt one is noticed")
    batch = [hints[p.name] for p in positional] == [pl.DataFrame]
    result = _Result.of(hints["return"], where, batch)
    return Signature(
        parameters=() if batch else tuple(_parameter(p, hints[p.name], where) for p in positional),
        variadic=_variadic(starred[0], hints[starred[0].name], where) if starred else None,
        options=Options({p.name: _option(p, hints[p.name]) for p in keyword if not _injected(hints[p.name])}),
        injected={p.name: hints[p.name] for p in keyword if _injected(hints[p.name])},
        batch=batch,
        results=result.fields,
        value=result.value,
        mapping=result.mapping,
        effect=result.effect,
        wrapper=result.wrapper,
    )


def _parameter(parameter: inspect.Parameter, annotation: Any, where: str) -> Parameter:
    members = _members(annotation)
    kinds = [member for member in members if member is not _NONE]
    if len(kinds) != 1 or kinds[0] not in _TYPES:
        names = ", ".join(kind.__name__ for kind in _TYPES)
        raise StepContractError(f"{where}: parameter {parameter.name} must be one of {names}, or that `| None`")
    optional = parameter.default is not inspect.Parameter.empty
    default = parameter.default if optional else None
    return Parameter(parameter.name, _TYPES[kinds[0]], _NONE not in members, optional, default)


def _variadic(parameter: inspect.Parameter, annotation: Any, where: str) -> Variadic:
    if annotation is object:
        return Variadic(parameter.name, None, needed=False)
    read = _parameter(parameter, annotation, where)
    return Variadic(read.name, read.type, read.needed)


def _option(parameter: inspect.Parameter, annotation: Any) -> tuple[Any, Any]:
    return annotation, ... if parameter.default is inspect.Parameter.empty else parameter.default


def _injected(annotation: Any) -> bool:
    return annotation in (Attempt, Calls, Fact)


@dataclass(frozen=True, slots=True)
class _Result:
    fields: tuple[ResultField, ...] = ()
    value: FieldType | None = None
    mapping: bool = False
    effect: type | None = None
    wrapper: type | None = None

    @classmethod
    def of(cls, annotation: Any, where: str, batch: bool) -> _Result:
        if batch:
            if annotation is not pl.DataFrame:
                raise StepContractError(f"{where} takes a DataFrame and must return one")
            return cls()
        kinds = {_unwrapped(member) for member in _members(annotation)} - _SIGNALS
        if len(kinds) != 1:
            raise StepContractError(f"{where} must return exactly one kind of value beside Failed, Skip and None")
        return cls._of_kind(kinds.pop(), where)

    @classmethod
    def _of_kind(cls, kind: Any, where: str) -> _Result:
        if kind in _EFFECTS:
            return cls(effect=kind)
        if kind in _TYPES:
            return cls(value=_TYPES[kind])
        if get_origin(kind) in (dict, Mapping):
            return cls(mapping=True)
        if dataclasses.is_dataclass(kind) and isinstance(kind, type):
            return cls(fields=_attributes(kind, where), wrapper=kind)
        raise StepContractError(
            f"{where} returns {kind}; return a field's value, a frozen dataclass, a mapping, a Moment or an Alert"
        )


def _attributes(kind: type, where: str) -> tuple[ResultField, ...]:
    hints = get_type_hints(kind)
    found: list[ResultField] = []
    for attribute in dataclasses.fields(kind):
        types_ = [member for member in _members(hints[attribute.name]) if member not in _SIGNALS]
        if len(types_) != 1 or types_[0] not in _TYPES:
            raise StepContractError(
                f"{where}: attribute {attribute.name} of {kind.__name__} is not the type of a field"
            )
        found.append(ResultField(attribute.name, _TYPES[types_[0]]))
    return tuple(found)


def _members(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, types.UnionType):
        return get_args(annotation)
    return (annotation,)


def _unwrapped(member: Any) -> Any:
    origin = get_origin(member) or member
    if origin is Answer:
        return (get_args(member) or (str,))[0]
    return member
