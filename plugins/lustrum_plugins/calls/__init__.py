"""Steps that call other systems."""

from __future__ import annotations

from lustrum import Step, hookimpl
from lustrum_plugins.calls.webhook import call_webhook


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer the steps of this family."""
    return [call_webhook]
