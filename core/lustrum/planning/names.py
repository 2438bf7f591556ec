"""What conditions say by name must be there: statuses of programs, campaigns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lustrum.words.activities import activity_type
from lustrum.words.conditions import Condition, HadActivity
from lustrum.words.conditions.comparisons import Compare, In
from lustrum.words.conditions.values import Constant, Field
from lustrum.words.fields import field_name
from lustrum.words.nearest import did_you_mean

_EXECUTED = activity_type("campaign was executed")


def check_names(
    condition: Condition, programs: Mapping[str, tuple[str, ...]], campaigns: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Find statuses that a program does not have and campaigns nobody knows: what is wrong, and the nearest name."""
    statuses = {field_name(f"status.{name}"): known for name, known in programs.items()}
    for field, text in _compared(condition):
        known = statuses.get(field)
        if known is not None and text.lower() not in {status.lower() for status in known}:
            hint = did_you_mean(text, known) or f"there are: {', '.join(known)}"
            yield f'"{text}" is no status of {field.removeprefix("status_")}', hint
    for asked in condition.activities:
        names = _compared(asked.where) if asked.where and asked.type == _EXECUTED else ()
        for _, text in names:
            if text.lower() not in {name.lower() for name in campaigns}:
                yield f'there is no campaign "{text}" here', did_you_mean(text, campaigns)


def _compared(condition: Condition) -> Iterator[tuple[str, str]]:
    """Give the fields that are asked to equal a constant, with its text."""
    match condition:
        case Compare("=", Field() as field, Constant() as constant):
            yield field.name, constant.text
        case In(Field() as field, choices):
            yield from ((field.name, choice.text) for choice in choices if isinstance(choice, Constant))
        case HadActivity():
            pass
        case _:
            for part in condition.parts:
                yield from _compared(part)
