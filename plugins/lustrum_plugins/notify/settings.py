"""Whom to tell how a run ended, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from lustrum_plugins.web.options import Url
from lustrum_plugins.web.secret import revealed

Occasion = Literal["finish", "guard", "failure", "quarantine"]


class Settings(BaseModel):
    """What `plugins: settings: notify:` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: tuple[Occasion, ...] = ("guard", "failure")
    """When: at every end, when a guard stopped the run, when it failed, when leads are in quarantine."""
    command: tuple[str, ...] = ()
    """A program and its arguments; it gets the summary as JSON on its standard input. No shell reads it."""
    webhook: Url | None = None
    """An address that gets the summary by POST, or `{env: NAME}`."""

    @model_validator(mode="after")
    def _tells_somebody(self) -> Self:
        if not self.command and not self.webhook:
            raise ValueError("nobody is told: give a command or a webhook")
        return self

    @property
    def address(self) -> str:
        """The address of the web hook as it is called. Raises `SecretMissing`."""
        return revealed(self.webhook or "")

    def is_due(self, status: str, summary: Mapping[str, Any]) -> bool:
        """Say whether this end is one that somebody wants to know."""
        happened = {
            "finish": True,
            "guard": status == "stopped",
            "failure": status in ("aborted", "interrupted", "broken"),
            "quarantine": bool(summary.get("quarantined")),
        }
        return any(happened[occasion] for occasion in self.on)
