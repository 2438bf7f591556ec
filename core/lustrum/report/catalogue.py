"""What is known of a step, as plain data: what `lustrum steps` shows, and its JSON keys."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import PydanticSchemaGenerationError
from pydantic.errors import PydanticInvalidForJsonSchema

from lustrum.contracts.options import OptionValues
from lustrum.contracts.steps import Step
from lustrum.planning.registry import Offered

JsonSchema = Mapping[str, Any]
ANY = "any type"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FieldUse:
    """A field a step reads or writes; `needed` refuses an empty cell, `optional` lets the source lack the field."""

    name: str
    type: str
    needed: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class OptionSheet:
    """One option; `tokens` says whether lead tokens may stand in it, `default` means nothing where it is required."""

    name: str
    type: str
    required: bool
    default: Any
    tokens: bool


@dataclass(frozen=True, slots=True)
class StepSheet:
    """One step. Where its options say which fields it reads or writes, they are those of the default options."""

    name: str
    plugin: str
    source: str
    version: str
    summary: str
    documentation: str
    reads: tuple[FieldUse, ...]
    reads_by_options: bool
    writes: tuple[FieldUse, ...]
    writes_by_options: bool
    strategies: tuple[str, ...]
    batch: bool
    effect: str | None
    deferred: bool
    options: tuple[OptionSheet, ...]
    schema: JsonSchema

    @property
    def writes_nothing(self) -> str:
        """Say what a step that writes no field does instead, or nothing where it writes."""
        article = "an" if self.effect and self.effect[0] in "aeiou" else "a"
        return f"nothing; notes {article} {self.effect}" if self.effect else ""


def fields_text(fields: Iterable[FieldUse], *, by_options: bool, quote: str = "") -> str:
    """Say which fields a step reads or writes, their names between two of `quote`.

    >>> fields_text([FieldUse("city", "text", needed=True)], by_options=False, quote="`")
    '`city` (text, needed)'
    >>> fields_text([], by_options=True)
    'the fields its options name'
    """
    named = ", ".join(_field_text(field, quote) for field in fields)
    if by_options:
        return f"the fields its options name; by default {named}" if named else "the fields its options name"
    return named or "nothing"


def _field_text(field: FieldUse, quote: str) -> str:
    remarks = [field.type, *["needed"] * field.needed, *["may be missing in the source"] * field.optional]
    return f"{quote}{field.name}{quote} ({', '.join(remarks)})"


def describe_step(offered: Offered) -> StepSheet:
    """Describe a step."""
    step, plugin = offered.step, offered.plugin
    schema = _schema(step)
    return StepSheet(
        name=step.name,
        plugin=plugin.name,
        source=plugin.source,
        version=plugin.version,
        summary=step.summary,
        documentation=inspect.getdoc(step.function) or "",
        reads=_reads(step),
        reads_by_options=callable(step.reads),
        writes=_writes(step),
        writes_by_options=callable(step.writes),
        strategies=step.strategies,
        batch=step.signature.batch,
        effect=step.signature.effect.__name__.lower() if step.signature.effect else None,
        deferred=step.deferred,
        options=tuple(_options(step, schema)),
        schema=schema,
    )


def _schema(step: Step) -> JsonSchema:
    """Give the JSON Schema of the options, empty where one of them is of a type that has none."""
    try:
        return step.options.schema()
    except (PydanticInvalidForJsonSchema, PydanticSchemaGenerationError):
        return {}


def _reads(step: Step) -> tuple[FieldUse, ...]:
    if step.parameters:
        return tuple(FieldUse(read.name, read.type.value, read.needed, read.optional) for read in step.parameters)
    variadic = step.signature.variadic
    kind = variadic.type.value if variadic and variadic.type else ANY
    return tuple(FieldUse(name, kind, needed) for name, needed in (_by_default(step, step.fields_read) or {}).items())


def _writes(step: Step) -> tuple[FieldUse, ...]:
    signature = step.signature
    if step.writes is not None:
        named = _by_default(step, step.fields_written) or {}
        return tuple(FieldUse(name, kind.value if kind else ANY) for name, kind in named.items())
    if signature.value is not None:
        return (FieldUse(step.parameters[0].name, signature.value.value),)
    return tuple(FieldUse(result.name, result.type.value) for result in signature.results)


def _by_default(step: Step, fields: Callable[[OptionValues], T | None]) -> T | None:
    """Give the fields of the default options, or None where they are not enough to tell."""
    try:
        return fields(step.options.defaults)
    except Exception:  # noqa: BLE001  # a plugin's function of options, asked without those that are required
        return None


def _options(step: Step, schema: JsonSchema) -> Iterator[OptionSheet]:
    properties: JsonSchema = schema.get("properties", {})
    for name, (_, default) in step.options.declared.items():
        required = default is ...
        kind = type_text(properties.get(name, {}))
        yield OptionSheet(name, kind, required, None if required else default, name in step.options.templates)


_TYPES = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "true or false",
    "object": "mapping",
    "null": "nothing",
}


def type_text(schema: JsonSchema) -> str:
    """Name the type that a JSON Schema describes, in the words of campaign files.

    >>> type_text({"enum": ["E164", "NATIONAL"], "type": "string"})
    'E164 | NATIONAL'
    >>> type_text({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]})
    'list of text'
    """
    if "enum" in schema or "const" in schema:
        return " | ".join(str(value) for value in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        kinds = [type_text(part) for part in schema["anyOf"] if part.get("type") != "null"]
        return " | ".join(dict.fromkeys(kinds))
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2].lower()
    return _plain(schema)


def _plain(schema: JsonSchema) -> str:
    kind: str | list[str] = schema.get("type", "any")
    if isinstance(kind, list):
        return " | ".join(_TYPES.get(name, name) for name in kind)
    if kind == "array":
        return f"list of {type_text(schema.get('items', {}))}"
    inner = schema.get("additionalProperties")
    if kind == "object" and inner and inner is not True:
        return f"mapping to {type_text(inner)}"
    known = {"path": "file of the project", "file-path": "file of the project"}
    return known.get(str(schema.get("format")), _TYPES.get(kind, kind))
