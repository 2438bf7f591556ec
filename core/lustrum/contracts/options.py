"""The options of a step: its keyword-only parameters, validated by pydantic.

One declaration gives validation, documentation and JSON Schema. Special annotations:

* `Template`: text in which lead and trigger tokens may stand; the step receives it rendered for each lead.
* `FieldName`: the name of a field, in either spelling.
* `WrittenTo` in its metadata: the field that the option's text goes into; what is no value of that field is refused.
* `HoldsConditions` in its metadata: conditions stand in it under keys named `when`; they get their tokens as values.
* `ProjectFile`: a file of the project, relative to its folder; it must exist when the project is loaded.
* `ListField`: the name of a list; the step receives the name of the field that says who is on it (`list_hot`).
* `ProgramOption`: the name of a program of `lustrum.yaml`; the step receives a `Program`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, NotRequired, cast

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
)
from typing_extensions import TypedDict

from lustrum.words.fields import field_name
from lustrum.words.nearest import did_you_mean


@dataclass(frozen=True, slots=True)
class Program:
    """A program: its name, and its statuses from the first to the last; its field says which one a lead has."""

    name: str
    statuses: tuple[str, ...]

    @property
    def field(self) -> str:
        """The field that holds the status.

        >>> Program("Webinar 24", ("Invited", "Attended")).field
        'status_webinar_24'
        """
        return field_name(f"status.{self.name}")


class TemplateMark:
    """Marks an option whose text is rendered for each lead."""


@dataclass(frozen=True, slots=True)
class WrittenTo:
    """Marks an option whose text is written, as it stands, into the field that the option `field` names.

    A text that is no value of the field's type is refused when the project is loaded; those of `emptying` empty it.
    """

    field: str = "field"
    emptying: frozenset[str] = frozenset({""})


class HoldsConditions:
    """Marks an option in which conditions stand under keys named `when`: tokens there are not filled in as text."""


def _project_file(path: Path, info: ValidationInfo) -> Path:
    context: Mapping[str, Path] = info.context or {}
    root = context.get("root", Path())
    found = path if path.is_absolute() else root / path
    if "root" in context and not found.resolve().is_relative_to(root.resolve()):
        raise ValueError(f"{path} lies outside of the project; put the file into it")
    if not found.is_file():
        raise ValueError(f"there is no file {path} in the project")
    return found


def _list_field(name: str) -> str:
    if not field_name(name):
        raise ValueError(f'"{name}" is no name of a list')
    return field_name(f"list.{name}")


def _program(name: object, info: ValidationInfo) -> Program:
    if isinstance(name, Program):
        return name
    context: Mapping[str, Mapping[str, tuple[str, ...]]] = info.context or {}
    programs = {field_name(known): Program(known, statuses) for known, statuses in context.get("programs", {}).items()}
    found = programs.get(field_name(str(name)))
    if found is None:
        remedy = (
            did_you_mean(field_name(str(name)), programs) or "declare it in lustrum.yaml: programs: {NAME: [STATUS]}"
        )
        raise ValueError(f'there is no program "{name}"; {remedy}')
    return found


Template = Annotated[str, TemplateMark()]
FieldName = Annotated[str, AfterValidator(field_name)]
ProjectFile = Annotated[Path, AfterValidator(_project_file)]
ListField = Annotated[str, AfterValidator(_list_field)]
ProgramOption = Annotated[Program, BeforeValidator(_program), WithJsonSchema({"type": "string"})]

OptionValues = Mapping[str, Any]


class Options:
    """The typed options of one step.

    >>> options = Options({"format": (str, "E164"), "times": (int, ...)})
    >>> options.validate({"times": "3"})
    {'format': 'E164', 'times': 3}
    """

    def __init__(self, declared: Mapping[str, tuple[Any, Any]]) -> None:
        self.declared = dict(declared)
        self.templates = frozenset(name for name, (annotation, _) in self.declared.items() if is_template(annotation))
        marks = ((name, written_to(annotation)) for name, (annotation, _) in self.declared.items())
        self.written = {name: mark for name, mark in marks if mark}
        self._adapter: TypeAdapter[dict[str, Any]] | None = None

    def validate(self, given: Mapping[str, object], context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Type the given options, which may all be text, and fill in the defaults.

        The context a validator may ask for has `root`, the project's folder, `tokens`, the values of my, campaign and
        system tokens by namespace, `programs`, the statuses of each program, and `smart_lists`, conditions by name.
        Raises `pydantic.ValidationError`, whose `loc` leads to the wrong option.
        """
        if not given and self._may_be_left_out:
            return self.defaults  # the adapter, which takes a while to make, would say nothing else
        return {**self.defaults, **self.adapter.validate_python(dict(given), context=dict(context or {}))}

    @property
    def _may_be_left_out(self) -> bool:
        """Say whether all options have a default that nothing judges: an annotation may ask for that."""
        return all(
            default is not ... and not hasattr(annotation, "__metadata__")
            for annotation, default in self.declared.values()
        )

    @property
    def defaults(self) -> dict[str, Any]:
        """Give the options that may be left out, with their values."""
        return {name: default for name, (_, default) in self.declared.items() if default is not ...}

    @property
    def adapter(self) -> TypeAdapter[dict[str, Any]]:
        """Give the pydantic adapter, made at first use."""
        if self._adapter is None:
            self._adapter = TypeAdapter(self._typed_dict())
        return self._adapter

    def schema(self) -> dict[str, Any]:
        """Give the JSON Schema of the options."""
        return self.adapter.json_schema()

    def _typed_dict(self) -> Any:
        members: dict[str, Any] = {}
        for name, (annotation, default) in self.declared.items():
            members[name] = annotation if default is ... else _optional(annotation, default)
        options = TypedDict("options", members)  # type: ignore[misc]  # a TypedDict takes any option name; generated models do not
        options.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)  # type: ignore[attr-defined]  # pydantic's documented hook
        return options


def _optional(annotation: Any, default: Any) -> Any:
    annotated: Any = Annotated
    described = annotated[annotation, Field(default=default)]
    optional: Any = NotRequired
    return optional[described]


def holds_conditions(annotation: Any) -> bool:
    """Say whether an annotation is marked with `HoldsConditions`."""
    return any(isinstance(mark, HoldsConditions) for mark in getattr(annotation, "__metadata__", ()))


def is_template(annotation: Any) -> bool:
    """Say whether an annotation is `Template`, alone or in a union."""
    metadata = getattr(annotation, "__metadata__", ())
    members = getattr(annotation, "__args__", ())
    return any(isinstance(mark, TemplateMark) for mark in metadata) or any(is_template(member) for member in members)


def written_to(annotation: Any) -> WrittenTo | None:
    """Give the `WrittenTo` that an annotation, alone or in a union, is marked with."""
    marks = [mark for mark in getattr(annotation, "__metadata__", ()) if isinstance(mark, WrittenTo)]
    members = (written_to(member) for member in getattr(annotation, "__args__", ()))
    return next(iter(marks), None) or next(filter(None, members), None)


def files_named(value: object) -> Iterator[Path]:
    """Give the files that the value of an option names, however deep.

    >>> [str(path) for path in files_named([{"table": Path("tables/a.csv")}, Path("b.csv"), "c.csv"])]
    ['tables/a.csv', 'b.csv']
    """
    if isinstance(value, Path):
        yield value
        return
    parts: Iterable[object] = ()
    if is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, part.name) for part in fields(value)]
    elif isinstance(value, Mapping):
        parts = cast("Mapping[object, object]", value).values()
    elif isinstance(value, list | tuple):
        parts = cast("Sequence[object]", value)
    for part in parts:
        yield from files_named(part)
