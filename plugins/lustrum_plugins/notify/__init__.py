"""Telling somebody how a run ended: a command or a web hook gets its summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lustrum import hookimpl

if TYPE_CHECKING:
    from lustrum_plugins.notify.settings import Settings

_wanted: list[Settings] = []


@hookimpl
def lustrum_configure(settings: Mapping[str, Any]) -> None:
    """Read whom to tell, and when: `on`, `command`, `webhook`. Raises where that says nothing."""
    from lustrum_plugins.notify.settings import Settings

    _wanted[:] = [Settings.model_validate(settings)]


@hookimpl
def lustrum_run_finished(run: str, status: str, summary: Mapping[str, Any]) -> None:
    """Tell who wants to know; what goes wrong stands in the run's summary and fails nothing."""
    for settings in _wanted:
        if settings.is_due(status, summary):
            from lustrum_plugins.notify.telling import tell

            tell(settings, {"run": run, "status": status, "summary": dict(summary)})
