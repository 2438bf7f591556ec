"""The terms on which a provider may be called: how often, how fast, and for how long its answers count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeGuard

from lustrum.contracts.ports import Calls
from lustrum.words.errors import LustrumError


class BudgetSpent(LustrumError):
    """A run has made as many calls to a provider as it may; the one asked for was not made."""


def counts_always(answer: str, age: timedelta) -> bool:  # noqa: ARG001  # the signature of `Terms.counts`
    """Let every answer count, however old it is."""
    return True


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed about one provider, known by its name.

    `budget` limits the calls of a run, `rate` those of a second. An answer of an earlier run is given again, and
    nobody is called, where `counts` says so of the answer and its age.
    """

    provider: str
    budget: int | None = None
    rate: float | None = None
    counts: Callable[[str, timedelta], bool] = counts_always


class ProviderCalls(Calls, Protocol):
    """A calls port that can keep to terms."""

    def on(self, terms: Terms) -> Calls:
        """Give the port for one provider, whose answers last longer than a run; its `call` raises `BudgetSpent`."""
        ...


def on_terms(calls: Calls, terms: Terms) -> Calls:
    """Give the port for one provider; one that keeps nothing (`NoCalls`) has no terms either."""
    return calls.on(terms) if _keeps_terms(calls) else calls


def _keeps_terms(calls: Calls) -> TypeGuard[ProviderCalls]:
    """Say whether a port has `on`; asking a protocol would cost more than the rest of a kept answer."""
    return hasattr(calls, "on")
