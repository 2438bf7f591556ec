"""Steps that put leads on lists and take them off."""

from __future__ import annotations

from lustrum import StepAt, hookimpl


@hookimpl
def lustrum_steps() -> list[StepAt]:
    """Offer the steps of this family."""
    return [
        StepAt("list.add", "lustrum_plugins.lists.membership:add"),
        StepAt("list.remove", "lustrum_plugins.lists.membership:remove"),
    ]
