"""Drawing what an entry does, but for the campaigns it calls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lustrum.planning.actions import Waiting
from lustrum.planning.bindings import Read, RenderedOption, StepCall, Write
from lustrum.report.action_outline import ActionOutline, ParameterOutline, ResultOutline, TemplateOutline
from lustrum.report.condition_outline import ConditionOutline
from lustrum.words.durations import duration_text


def outline_step(call: StepCall, when: ConditionOutline | None, root: Path) -> ActionOutline:
    """Outline the use of a step; files among its options are named relative to the project's folder `root`."""
    return ActionOutline(
        does="use",
        name=call.step.name,
        when=when,
        plugin=call.origin.plugin,
        version=call.origin.version,
        options=_options(call, root),
        given=tuple(_given(call)),
        templates=tuple(_template(option) for option in call.rendered),
        parameters=tuple(_parameter(read) for read in call.reads),
        results=tuple(_result(write) for write in call.writes),
        reads=tuple(sorted(call.fields_read)),
        writes=call.fields_written,
        once=call.adds_up,
        learns=call.lesson,
    )


def outline_wait(waiting: Waiting, when: ConditionOutline | None) -> ActionOutline:
    """Outline a wait."""
    templates = tuple(_template(option) for option in waiting.rendered)
    said = [f"until {template.text}" for template in templates]
    length = duration_text(waiting.duration) if waiting.duration is not None else "".join(said)
    reads = tuple(sorted(waiting.fields_read))
    return ActionOutline("wait", waiting.name, when, templates=templates, reads=reads, once=True, wait=length)


def _options(call: StepCall, root: Path) -> dict[str, Any]:
    plain = call.step.options.adapter.dump_python(
        dict(call.options), mode="json", by_alias=True, warnings=False, fallback=str
    )
    return {name: _relative(call.options[name], value, root) for name, value in plain.items()}


def _relative(option: object, plain: object, root: Path) -> object:
    inside = isinstance(option, Path) and option.is_relative_to(root)
    return option.relative_to(root).as_posix() if isinstance(option, Path) and inside else plain


def _given(call: StepCall) -> Iterator[str]:
    defaults = call.step.options.defaults
    return (name for name, value in call.options.items() if name not in defaults or defaults[name] != value)


def _template(option: RenderedOption) -> TemplateOutline:
    return TemplateOutline(
        option.option,
        option.text,
        tuple(sorted(option.reads)),
        tuple(sorted(option.triggers)),
        tuple(sorted(option.required)),
    )


def _parameter(read: Read) -> ParameterOutline:
    file, count = (read.aliases.file, read.aliases.count) if read.aliases else (None, 0)
    return ParameterOutline(read.parameter, read.field, read.type.value, read.needed, read.default, file, count)


def _result(write: Write) -> ResultOutline:
    return ResultOutline(write.attribute, write.field, write.type.value)
