"""Checking what a file says against a model, and saying what is wrong in our own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    field_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError

from lustrum.files.descriptions import descriptions
from lustrum.files.nodes import Document, Path
from lustrum.words.durations import DurationError, parse_duration
from lustrum.words.errors import Problem, ProjectError
from lustrum.words.fields import field_name
from lustrum.words.nearest import did_you_mean

M = TypeVar("M", bound="FileModel")

_DIGITS = re.compile(r"[0-9]{1,9}")
_MARK = re.compile(r"<.*>|\[key\]")


class FileModel(BaseModel):
    """A part of a file: frozen, and no key of it is ever ignored or left empty by accident."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_empty(cls, value: object) -> object:
        if value is None:
            raise wrong("is empty", "give it a value or leave the key out", subject=True)
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe each part by its docstring."""
        written = handler(schema)
        parts = handler.resolve_ref_schema(written)["properties"]
        for name, text in descriptions(cls).items():
            parts[cls.model_fields[name].alias or name]["description"] = text
        return written


def wrong(what: str, remedy: str = "", *, at: Path = (), subject: bool = False) -> PydanticCustomError:
    """Make the error a validator raises: what is wrong, what to do, and the path from the part validated to it.

    With `subject` the sentence goes on from the name of the part.
    """
    context = {"what": what, "remedy": remedy, "at": tuple(at), "subject": subject}
    return PydanticCustomError("lustrum", "{what}", context)


def validate(model: type[M], document: Document) -> M:
    """Make a model of a file. Raises `ProjectError` with every problem and its line."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        problems = [_problem(detail, model, document) for detail in error.errors()]
        raise ProjectError(sorted(problems, key=_line)) from error


def one_of(what: str, *words: str, prefixes: tuple[str, ...] = ()) -> AfterValidator:
    """Accept some words only, and texts that begin with one of the prefixes."""

    def check(text: str) -> str:
        if text in words or text.startswith(prefixes or ("\0",)):
            return text
        known = [*words, *(f"{prefix}…" for prefix in prefixes)]
        raise wrong(f'"{text}" is no {what}', did_you_mean(text, words) or f"write one of: {', '.join(known)}")

    return AfterValidator(check)


def _whole_number(value: object) -> object:
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise wrong(f'must be a whole number, not "{value}"', subject=True)
    return value


def _duration(text: str) -> str:
    try:
        parse_duration(text)
    except DurationError as error:
        raise wrong(str(error)) from error
    return text


def _field(text: str) -> str:
    name = field_name(text)
    if not name:
        raise wrong(f'"{text}" is no name of a field', "use letters or digits")
    return name


_ANY_SCALAR = {"type": ["string", "number", "boolean"]}

AnyText = Annotated[str, WithJsonSchema(_ANY_SCALAR)]
"""Text, however an editor may colour it: `01234`, `NO` and `true` are text to us."""

Text = Annotated[str, StringConstraints(min_length=1), WithJsonSchema(_ANY_SCALAR)]
"""Text that says something."""

Count = Annotated[int, BeforeValidator(_whole_number)]
"""A whole number written in digits."""

Duration = Annotated[Text, AfterValidator(_duration)]
"""A length of time, such as `30s` or `2 hours`."""

Field = Annotated[Text, AfterValidator(_field)]
"""The name of a field in either spelling, brought to the canonical one."""


def _line(problem: Problem) -> int:
    return (problem.place and problem.place.line) or 0


def _problem(detail: ErrorDetails, model: type[FileModel], document: Document) -> Problem:
    path = _path(detail)
    what, remedy = _sentence(detail, path, model)
    key = detail["type"] in ("extra_forbidden", "lustrum")
    return Problem(document.place(path, key=key), what, remedy)


def _path(detail: ErrorDetails) -> Path:
    """Drop pydantic's own marks (tags of unions, `[key]`) and follow a validator's pointer.

    What is unknown or missing is a key, whatever it looks like.
    """
    keys = detail["loc"][-1:] if detail["type"] in ("extra_forbidden", "missing") else ()
    above = detail["loc"][: len(detail["loc"]) - len(keys)]
    context: Mapping[str, Any] = detail.get("ctx") or {}
    return [*(part for part in above if not _is_mark(part)), *keys, *context.get("at", ())]


def _is_mark(part: int | str) -> bool:
    return isinstance(part, str) and _MARK.fullmatch(part) is not None


def _sentence(detail: ErrorDetails, path: Path, model: type[FileModel]) -> tuple[str, str]:
    kind, value = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        return _unknown_key(path, model)
    if kind == "missing":
        return f'missing key "{path[-1]}"{_inside(path)}', "add it"
    if kind == "lustrum":
        context: Mapping[str, Any] = detail.get("ctx") or {}
        return (f"{_name(path)} {context['what']}" if context["subject"] else context["what"]), context["remedy"]
    if kind in ("literal_error", "enum"):
        return _unknown_word(detail, path)
    if value is None or kind == "string_too_short":
        return f"{_name(path)} is empty", "give it a value or leave the key out"
    return f"{_name(path)} {_expected(detail)}, not {_shown(value)}", ""


def _unknown_key(path: Path, model: type[FileModel]) -> tuple[str, str]:
    known = _known_keys(model, path[:-1])
    nearest = did_you_mean(str(path[-1]), known)
    return f'unknown key "{path[-1]}"{_inside(path)}', nearest or f"known: {', '.join(known)}"


def _unknown_word(detail: ErrorDetails, path: Path) -> tuple[str, str]:
    expected = str((detail.get("ctx") or {})["expected"]).replace(" or ", ", ").replace("'", "")
    given = detail["input"]
    nearest = did_you_mean(given, expected.split(", ")) if isinstance(given, str) else ""
    return f"{_name(path)} cannot be {_shown(given)}", nearest or f"write one of: {expected}"


_EXPECTED: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "string_type": lambda _: "must be text",
    "int_type": lambda _: "must be a whole number",
    "tuple_type": lambda _: "must be a list",
    "dict_type": lambda _: "must be a mapping of key: value",
    "model_type": lambda _: "must be a mapping of key: value",
    "greater_than_equal": lambda context: f"must be at least {context['ge']}",
}


def _expected(detail: ErrorDetails) -> str:
    if detail["type"] in _EXPECTED:
        return _EXPECTED[detail["type"]](detail.get("ctx") or {})
    return detail["msg"].replace("Input should", "must").replace("Value error, ", "").rstrip(".")


def _name(path: Path) -> str:
    if isinstance(path[-1], int):
        return f"item {path[-1] + 1} of {_name(path[:-1])}"
    return f'"{path[-1]}"'


def _inside(path: Path) -> str:
    return f" in {_name(path[:-1])}" if len(path) > 1 else ""


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, (list, tuple)) else f'"{value}"'


def _known_keys(model: type[FileModel], path: Path) -> list[str]:
    for step in path:
        if isinstance(step, str):
            model = _model_in(_annotations(model).get(step)) or model
    return list(_annotations(model))


def _annotations(model: type[FileModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> type[FileModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, FileModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
