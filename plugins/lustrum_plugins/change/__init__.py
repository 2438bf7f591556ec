"""Steps that set a value, move a score, or move a lead in a program."""

from __future__ import annotations

from lustrum import StepAt, hookimpl

_STEPS = ("score", "status", "value")


@hookimpl
def lustrum_steps() -> list[StepAt]:
    """Offer the steps of this family."""
    return [StepAt(f"change.{name}", f"{__name__}.{name}:{name}") for name in _STEPS]
