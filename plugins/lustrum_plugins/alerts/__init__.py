"""Steps that tell people about a lead."""

from __future__ import annotations

from lustrum import Step, hookimpl
from lustrum_plugins.alerts.send import alert


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer the steps of this family."""
    return [alert]
