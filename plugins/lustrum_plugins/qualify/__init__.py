"""Steps that say how good a lead is, and how far it has come."""

from __future__ import annotations

from lustrum import StepAt, hookimpl

_STEPS = ("consistency", "junk", "lifecycle", "score")


@hookimpl
def lustrum_steps() -> list[StepAt]:
    """Offer the steps of this family."""
    return [StepAt(f"qualify.{name}", f"{__name__}.{name}:{name}") for name in _STEPS]
