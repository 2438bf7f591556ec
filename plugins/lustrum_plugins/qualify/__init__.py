"""Steps that say how good a lead is, and how far it has come."""

from __future__ import annotations

from lustrum import Step, hookimpl
from lustrum_plugins.qualify.consistency import consistency
from lustrum_plugins.qualify.junk import junk
from lustrum_plugins.qualify.lifecycle import lifecycle
from lustrum_plugins.qualify.score import score


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer the steps of this family."""
    return [
        consistency,
        junk,
        lifecycle,
        score,
    ]
