"""The calls port of a run: every outside call's answer is kept, and the same call is not made twice."""

from __future__ import annotations

from collections.abc import Callable

from lustrum.running.ledger import Ledger


class JournaledCalls:
    """Answers a call from the ledger if the run has made it before."""

    def __init__(self, ledger: Ledger, run: str) -> None:
        self._ledger = ledger
        self._run = run

    def call(self, key: str, send: Callable[[], str]) -> str:
        """Answer by key, or send and keep the answer."""
        known = self._ledger.answer(self._run, key)
        if known is None:
            known = send()
            self._ledger.keep_answer(self._run, key, known)
        return known
