"""Steps that put leads on lists and take them off."""

from __future__ import annotations

from lustrum import Step, hookimpl
from lustrum_plugins.lists.membership import add, remove


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer the steps of this family."""
    return [add, remove]
