"""Steps that say how good a lead is."""

from __future__ import annotations

from lustrum import Step, hookimpl
from lustrum_plugins.qualify.score import score


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer the steps of this family."""
    return [score]
