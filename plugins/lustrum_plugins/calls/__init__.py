"""Steps that call other systems."""

from __future__ import annotations

from lustrum import StepAt, hookimpl


@hookimpl
def lustrum_steps() -> list[StepAt]:
    """Offer the steps of this family."""
    return [StepAt("call_webhook", "lustrum_plugins.calls.webhook:call_webhook")]
