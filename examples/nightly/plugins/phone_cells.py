"""Steps of this project alone: one file in `plugins/` is a plugin."""

from __future__ import annotations

import re

from lustrum import Failed, Step, hookimpl, step

_SEPARATORS = re.compile(r"\s*[/;]\s*")


@step("nightly.first_number")
def first_number(phone: str) -> str | Failed:
    """Keep the first of several phone numbers in one cell.

    >>> first_number("+39 06 1234567 / +39 06 7654321")
    '+39 06 1234567'
    """
    first, *others = _SEPARATORS.split(phone)
    return first if others and first else Failed("one_number", "the cell holds a single number")


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer the steps."""
    return [first_number]
