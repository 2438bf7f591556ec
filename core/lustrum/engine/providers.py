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
    """How often each call has failed transiently without answering since; shared by a run, as the memo is.

    A call is a step with its options: one `enrich.http` that is down says nothing of another, at another address.
    """

    limit: int = LIMIT
    _failures: dict[str, int] = field(default_factory=dict[str, int])

    def is_down(self, call: str) -> bool:
        """Say whether the last calls with this digest all failed transiently, as many as the limit."""
        return self._failures.get(call, 0) >= self.limit

    def heard(self, call: str, *, transient: bool) -> None:
        """Note how a call ended: what is not transient brings it up again."""
        self._failures[call] = self._failures.get(call, 0) + 1 if transient else 0

    def round(self, step: str, call: str) -> Round:
        """Begin a round of calls of a step, its name, with options, their digest."""
        return Round(self, step, call)


@dataclass(slots=True)
class Round:
    """One round of a step's calls: while the step is down, only the first is made, to see whether it is up again."""

    providers: Providers
    step: str
    call: str
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
        if self._begun and self.providers.is_down(self.call):
            said = f"{self.step} is down: it failed {self.providers.limit} times running and was not asked"
            return Reply("transient", code=PROVIDER_DOWN, message=said)
        self._begun = True
        return None

    def heard(self, *, transient: bool) -> None:
        """Note how a call ended."""
        self.providers.heard(self.call, transient=transient)
