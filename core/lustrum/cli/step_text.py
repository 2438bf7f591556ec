"""One step as text."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lustrum.cli.aligned import align
from lustrum.report.catalogue import OptionSheet, StepSheet, fields_text


def sheet_lines(step: StepSheet) -> Iterator[str]:
    """Give the lines that describe a step."""
    version = f" {step.version}" if step.version else ""
    yield f"{step.name}, of plugin {step.plugin}{version}: {step.source}"
    yield ""
    yield from step.documentation.splitlines()
    yield ""
    yield f"reads       {fields_text(step.reads, by_options=step.reads_by_options)}"
    writes = step.writes_nothing or fields_text(step.writes, by_options=step.writes_by_options)
    yield f"writes      {writes}"
    if step.strategies:
        yield f"strategies  {', '.join(step.strategies)}"
    if step.deferred:
        yield "deferred    it does not finish in the call, and is refused in executable campaigns"
    if step.options:
        yield "options"
        yield from align([_option(option) for option in step.options], indent="  ")
    else:
        yield "options     none"


def _option(option: OptionSheet) -> tuple[str, str, str]:
    default = "required" if option.required else f"default {_value(option.default)}"
    return option.name, option.type, f"{default}; lead tokens may stand in it" if option.tokens else default


def _value(value: object) -> str:
    if value is None:
        return "nothing"
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False, default=str)
