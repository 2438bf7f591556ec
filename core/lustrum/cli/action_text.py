"""What an entry does, as text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from lustrum.cli.tree import Facts
from lustrum.report.action_outline import ActionOutline
from lustrum.report.condition_outline import ActivityOutline


def does_text(action: ActionOutline) -> str:
    """Say in a few words what is done.

    >>> does_text(ActionOutline("remove", "remove_from_flow")), does_text(ActionOutline("wait", "wait", wait="3d"))
    ('remove_from_flow', 'wait 3d')
    """
    match action.does:
        case "nothing":
            return "nothing"
        case "remove":
            return action.name
        case "wait":
            return f"wait {action.wait}"
        case verb:
            return f"{verb} {action.name}"


def chosen_text(action: ActionOutline) -> str:
    """Say what a choice asks and does, on one line: of a step, the options that are given."""
    given = "; ".join(f"{name}: {option_text(action.options, name)}" for name in action.given)
    does = given or action.name if action.does == "use" else does_text(action)
    return f"{action.when or 'otherwise'}: {does}"


def activity_text(activity: ActivityOutline) -> str:
    """Say of which activities an outline speaks.

    >>> activity_text(ActivityOutline("data value changed", "attribute = 'country'", 1, None))
    "data value changed, with attribute = 'country'"
    """
    return f"{activity.type}, with {activity.where}" if activity.where else activity.type


def action_facts(action: ActionOutline) -> Facts:
    """Give the facts of an action: its options, tokens and fields."""
    if action.given:
        yield "options", "; ".join(f"{name}: {option_text(action.options, name)}" for name in action.given)
    if triggers := sorted({name for template in action.templates for name in template.triggers}):
        yield "activity's", ", ".join(f"{name}{_required(action, name)}" for name in triggers)
    if action.reads or action.writes:
        yield "fields", f"{_listed(_read(action))} → {_listed(_written(action))}"
    if tables := [f"{read.aliases} ({read.spellings})" for read in action.parameters if read.aliases]:
        yield "aliases", ", ".join(tables)
    if action.learns:
        yield "learns", f"{action.learns}, from the whole source before the first batch"
    if action.does == "remove":
        yield "leaves", "the flow of this campaign and of its callers"
    if action.does == "wait":
        yield "parks", "leads that wait longer than 30s: a later run goes on with them behind this"


def _required(action: ActionOutline, trigger: str) -> str:
    required = any(trigger in template.required for template in action.templates)
    return " (fails where the activity lacks it)" if required else ""


def option_text(options: Mapping[str, object], name: str) -> str:
    """Write the value of an option."""
    value = options[name]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"


def _read(action: ActionOutline) -> Iterator[str]:
    """Name the fields read: those bound to parameters with the parameter where that has another name, then others."""
    bound: dict[str, list[str]] = {}
    for parameter in action.parameters:
        if parameter.field is not None:
            bound.setdefault(parameter.field, []).append(parameter.parameter)
    for name in action.reads:
        others = [each for each in bound.get(name, ()) if each != name]
        yield f"{name} as {' and '.join(others)}" if others else name
    for parameter in action.parameters:
        if parameter.field is None:
            yield f"{'nothing' if parameter.default is None else parameter.default} as {parameter.parameter}"


def _written(action: ActionOutline) -> Iterator[str]:
    """Name the fields written, with the result where it goes to another field than the parameter of its name."""
    bound = {parameter.parameter: parameter.field for parameter in action.parameters}
    named = {result.field: result.attribute for result in action.results}
    for name in action.writes:
        attribute = named.get(name, name)
        yield name if name in (attribute, bound.get(attribute)) else f"{attribute} as {name}"
