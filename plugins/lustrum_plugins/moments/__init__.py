"""Steps that tell sales what is worth knowing."""

from __future__ import annotations

from lustrum import StepAt, hookimpl


@hookimpl
def lustrum_steps() -> list[StepAt]:
    """Offer the steps of this family."""
    return [StepAt("moment.record", "lustrum_plugins.moments.record:record")]
