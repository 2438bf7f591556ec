"""Learning, before the first batch, what steps must know of the whole source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from lustrum.contracts.learning import Learning
from lustrum.engine.columns import constant
from lustrum.engine.interrupts import pass_on
from lustrum.engine.replies import raised_reply
from lustrum.planning.bindings import StepCall
from lustrum.planning.plan import Plan


class Lessons:
    """What the steps of a plan learn; two that learn the same of the same fields learn it once.

    A step that raises while it learns has no fact, and stands among the `complaints`.
    """

    def __init__(self, plan: Plan) -> None:
        calls = [call for entry in plan.entries() for call in entry.calls]
        self._calls = {call.lesson: call for call in calls if call.lesson}
        self._new = frozenset(plan.schema.new)
        self._summaries: dict[str, Any] = {}
        self.complaints: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._calls)

    def hear(self, leads: pl.DataFrame) -> None:
        """Take in some leads as they come from the source."""
        for lesson, call in list(self._calls.items()):
            summary = self._try(call, self._together(lesson, self._seen(call, leads)))
            if summary is None:
                del self._calls[lesson]
            else:
                self._summaries[lesson] = summary

    def decide(self) -> Mapping[str, str]:
        """Give the facts, by the lesson."""
        facts = {lesson: self._try(call, self._decided(lesson)) for lesson, call in self._calls.items()}
        return {lesson: fact for lesson, fact in facts.items() if isinstance(fact, str)}

    def _together(self, lesson: str, seen: pl.DataFrame) -> Callable[[Learning], Any]:
        def together(learning: Learning) -> Any:
            summary = learning.summarise(seen)
            return learning.merge(self._summaries[lesson], summary) if lesson in self._summaries else summary

        return together

    def _decided(self, lesson: str) -> Callable[[Learning], Any]:
        return lambda learning: learning.decide(self._summaries[lesson]) if lesson in self._summaries else None

    def _try(self, call: StepCall, act: Callable[[Learning], Any]) -> Any:
        try:
            return act(call.step.learns) if call.step.learns else None
        except KeyboardInterrupt as interrupt:
            pass_on(call.step, interrupt)
        except BaseException as error:  # noqa: BLE001  # a plugin's own code may raise anything
            self.complaints.append(f"{call.name} learnt nothing: {raised_reply(call.step, error).message}")
            return None

    def _seen(self, call: StepCall, leads: pl.DataFrame) -> pl.DataFrame:
        columns = [
            leads[read.field]
            if read.field and read.field not in self._new
            else constant(None, read.type.dtype, leads.height)
            for read in call.reads
        ]
        names = [read.parameter for read in call.reads]
        return pl.DataFrame([column.alias(name) for name, column in zip(names, columns, strict=True)])
