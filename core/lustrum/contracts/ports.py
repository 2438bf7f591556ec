"""The two ports through which the engine touches the world: all waiting, and all outside calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable


@runtime_checkable
class Clock(Protocol):
    """All waiting goes through here."""

    def sleep(self, seconds: float) -> None:
        """Wait this long before a transient failure is tried again."""
        ...


@runtime_checkable
class Calls(Protocol):
    """All outside calls go through here, so that they are journaled; injected into a step that asks for it."""

    def call(self, key: str, send: Callable[[], str]) -> str:
        """Answer the call `key`: from the journal if it was made before, else by `send`, and keep the answer."""
        ...
