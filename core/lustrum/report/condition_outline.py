"""Conditions and activities as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lustrum.planning.bindings import Check

if TYPE_CHECKING:
    from lustrum.words.conditions import ActivityFilter


@dataclass(frozen=True, slots=True)
class ActivityOutline:
    """Activities of a type that meet `where` (None: all), at least and at most (None: any number) so many of them."""

    type: str
    where: str | None
    at_least: int
    at_most: int | None


@dataclass(frozen=True, slots=True)
class ConditionOutline:
    """A condition: its text, the fields whose value it reads, those whose state it asks for with `failed()`.

    `triggers` are the trigger tokens in it, `activities` what it asks of the lead's past.
    """

    text: str
    reads: tuple[str, ...]
    asked: tuple[str, ...]
    triggers: tuple[str, ...]
    activities: tuple[ActivityOutline, ...]

    def __str__(self) -> str:
        return self.text


def outline_condition(check: Check | None) -> ConditionOutline | None:
    """Outline a condition, where there is one."""
    if check is None:
        return None
    asked = sorted(check.activities, key=str)
    return ConditionOutline(
        text=check.text,
        reads=tuple(sorted(check.reads)),
        asked=tuple(sorted(check.asked)),
        triggers=tuple(sorted(check.triggers)),
        activities=tuple(outline_activity(activity) for activity in asked),
    )


def outline_activity(asked: ActivityFilter) -> ActivityOutline:
    """Outline what is asked of activities."""
    where = str(asked.where) if asked.where else None
    return ActivityOutline(asked.type, where, asked.low, asked.high)
