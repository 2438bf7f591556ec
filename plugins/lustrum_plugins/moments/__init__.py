"""Steps that tell sales what is worth knowing."""

from __future__ import annotations

from lustrum import Step, hookimpl
from lustrum_plugins.moments.record import record


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer the steps of this family."""
    return [record]
