"""Providers that are down: a step that failed transiently several times running is not asked about every lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lustrum.engine.replies import Reply

PROVIDER_DOWN = "provider_down"
LIMIT = 5
"""After how many transient failures running a provider is down."""


@dataclass(slots=True)
class Providers:
    """How often each step, by name, has failed transiently without answering since; shared by a run, as the memo is."""

    limit: int = LIMIT
    _failures: dict[str, int] = field(default_factory=dict[str, int])

    def is_down(self, step: str) -> bool:
        """Say whether a step's last calls all failed transiently, as many as the limit."""
        return self._failures.get(step, 0) >= self.limit

    def heard(self, step: str, *, transient: bool) -> None:
        """Note how a call ended: what is not transient brings the step up again."""
        self._failures[step] = self._failures.get(step, 0) + 1 if transient else 0

    def round(self, step: str) -> Round:
        """Begin a round of calls."""
        return Round(self, step)


@dataclass(slots=True)
class Round:
    """One round of a step's calls: while the step is down, only the first is made, to see whether it is up again."""

    providers: Providers
    step: str
    _begun: bool = False

    def ask(self, send: Callable[[], Reply]) -> Reply:
        """Make a call, or say that the provider is down."""
        if refusal := self.refusal():
            return refusal
        reply = send()
        self.heard(transient=reply.status == "transient")
        return reply

    def refusal(self) -> Reply | None:
        """Give the reply that stands for a call which is not to be made."""
        if self._begun and self.providers.is_down(self.step):
            said = f"{self.step} is down: it failed {self.providers.limit} times running and was not asked"
            return Reply("transient", code=PROVIDER_DOWN, message=said)
        self._begun = True
        return None

    def heard(self, *, transient: bool) -> None:
        """Note how a call ended."""
        self.providers.heard(self.step, transient=transient)
