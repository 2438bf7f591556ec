"""Steps that set a value, move a score, or move a lead in a program."""

from __future__ import annotations

from lustrum import Step, hookimpl
from lustrum_plugins.change.score import score
from lustrum_plugins.change.status import status
from lustrum_plugins.change.value import value


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer the steps of this family."""
    return [score, status, value]
