"""Steps that tell people about a lead."""

from __future__ import annotations

from lustrum import StepAt, hookimpl


@hookimpl
def lustrum_steps() -> list[StepAt]:
    """Offer the steps of this family."""
    return [StepAt("send.alert", "lustrum_plugins.alerts.send:alert")]
