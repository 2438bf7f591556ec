"""The calls port of a run: every outside call's answer is kept, and the same call is not made twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lustrum.contracts.ports import Calls
from lustrum.contracts.terms import BudgetSpent, Terms
from lustrum.running.clock import Timer
from lustrum.running.journal.ledger import Ledger


class JournaledCalls:
    """Answers a call from the ledger if the run has made it before; on terms, if any run has."""

    def __init__(self, ledger: Ledger, run: str, clock: Timer) -> None:
        self._ledger = ledger
        self._run = run
        self._clock = clock
        self._meters: dict[str, Meter] = {}

    def call(self, key: str, send: Callable[[], str]) -> str:
        """Answer by key, or send and keep the answer."""
        known = self._ledger.answer(self._run, key)
        return self._ask(key, send) if known is None else known

    def on(self, terms: Terms) -> Calls:
        """Give the port for one provider; its calls are counted and timed over the whole run."""
        if terms.provider not in self._meters:
            made = self._ledger.asked(self._run, terms.provider)
            self._meters[terms.provider] = Meter(self._clock, made)
        return _CallsOnTerms(self, terms, self._meters[terms.provider])

    def call_on(self, terms: Terms, meter: Meter, key: str, send: Callable[[], str]) -> str:
        """Answer by key, from whichever run as long as the terms let it count, or send. Raises `BudgetSpent`."""
        known = self._ledger.latest_answer(self._run, key)
        if known is not None and terms.counts(known.answer, known.age):
            return known.answer
        meter.admit(terms)
        self._ledger.note_asked(self._run, terms.provider)
        return self._ask(key, send)

    def _ask(self, key: str, send: Callable[[], str]) -> str:
        answer = send()
        self._ledger.keep_answer(self._run, key, answer)
        return answer


@dataclass(slots=True)
class Meter:
    """How often a run has called a provider, and when it may call again."""

    clock: Timer
    calls: int = 0
    free_at: float = 0

    def admit(self, terms: Terms) -> None:
        """Let one call pass, after a wait where they come too fast. Raises `BudgetSpent`."""
        if terms.budget is not None and self.calls >= terms.budget:
            spent = f"this run has made its {terms.budget} calls to {terms.provider}"
            raise BudgetSpent(spent if terms.budget else f"{terms.provider} is not to be called, and nothing is kept")
        self.calls += 1
        if terms.rate is None:
            return
        now = self.clock.elapsed()
        if self.free_at > now:
            self.clock.sleep(self.free_at - now)
        self.free_at = max(self.free_at, now) + 1 / terms.rate


@dataclass(frozen=True, slots=True)
class _CallsOnTerms:
    calls: JournaledCalls
    terms: Terms
    meter: Meter

    def call(self, key: str, send: Callable[[], str]) -> str:
        return self.calls.call_on(self.terms, self.meter, key, send)
