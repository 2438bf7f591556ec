"""One step as text."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lustrum.cli.aligned import align
from lustrum.report.catalogue import FieldUse, OptionSheet, StepSheet


def sheet_lines(step: StepSheet) -> Iterator[str]:
    """Give the lines that describe a step."""
    version = f" {step.version}" if step.version else ""
    yield f"{step.name}, of plugin {step.plugin}{version}: {step.source}"
    yield ""
    yield from step.documentation.splitlines()
    yield ""
    yield f"reads       {_fields(step.reads, step.reads_by_options)}"
    yield f"writes      {step.writes_nothing or _fields(step.writes, step.writes_by_options)}"
    if step.strategies:
        yield f"strategies  {', '.join(step.strategies)}"
    if step.deferred:
        yield "deferred    it does not finish in the call, and is refused in executable campaigns"
    if step.options:
        yield "options"
        yield from align([_option(option) for option in step.options], indent="  ")
    else:
        yield "options     none"


def _fields(fields: tuple[FieldUse, ...], by_options: bool) -> str:
    named = ", ".join(_field(field) for field in fields)
    if by_options:
        return f"the fields its options name; by default {named}" if named else "the fields its options name"
    return named or "nothing"


def _field(field: FieldUse) -> str:
    remarks = [field.type, *["needed"] * field.needed, *["may be missing in the source"] * field.optional]
    return f"{field.name} ({', '.join(remarks)})"


def _option(option: OptionSheet) -> tuple[str, str, str]:
    default = "required" if option.required else f"default {_value(option.default)}"
    return option.name, option.type, f"{default}; lead tokens may stand in it" if option.tokens else default


def _value(value: object) -> str:
    if value is None:
        return "nothing"
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False, default=str)
