"""All numbering plans as tables of numbers: what a machine can run over, made of the installed phonenumbers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lustrum_plugins.phones.kinds import Kinds
from lustrum_plugins.phones.plans import NumberingPlan, numbering_plans
from lustrum_plugins.phones.states import LONGEST, Machine, States, compiled, membership
from lustrum_plugins.phones.syntax import UnknownPatternError, read_pattern
from lustrum_plugins.phones.terms import Terms
from lustrum_plugins.phones.threads import first_threads, prefix_machine

S = TypeVar("S", bound=Hashable)

CODES = 1000
"""Calling codes, and the first three digits of a number, are below it."""


@dataclass(frozen=True, eq=False, slots=True)
class Automata:
    """The tables, all of numbers: a region is its place in `regions`, a state its place in `steps`.

    `steps` tells for each state and symbol where it leads, `says` what each state says. Of each region there are the
    first states of its general description (`viable`) and its prefixes (`abroad`, `national`); those of a region that
    is not `readable` mean nothing, as its patterns cannot be compiled. Of each calling code there are the first state
    of its `kinds` and its `main` region; `code_at` is the calling code that three digits begin with, or 0.
    """

    regions: tuple[str, ...]
    steps: NDArray[np.int32]
    says: NDArray[np.int32]
    calling_code: NDArray[np.int32]
    viable: NDArray[np.int32]
    abroad: NDArray[np.int32]
    national: NDArray[np.int32]
    lengths: NDArray[np.int32]
    readable: NDArray[np.int32]
    kinds: NDArray[np.int32]
    main: NDArray[np.int32]
    code_at: NDArray[np.int32]

    @property
    def states(self) -> int:
        """How many states there are."""
        return len(self.says)

    @property
    def over(self) -> int:
        """The state in which nothing matches any more."""
        itself = (self.steps == np.arange(self.states, dtype=np.int32)[:, None]).all(axis=1)
        return int(np.flatnonzero(itself & (self.says == 0))[0])


def compile_automata() -> Automata:
    """Compile the installed metadata; takes some seconds, so that the result is kept (`cache.py`)."""
    return _Compiler(list(numbering_plans())).compile()


class _Compiler:
    def __init__(self, by_code: Sequence[tuple[NumberingPlan, ...]]) -> None:
        self.by_code = by_code
        self.plans = [plan for plans in by_code for plan in plans]
        self.terms = Terms()
        self.states = States()
        self.unreadable: set[int] = set()

    def compile(self) -> Automata:
        plans = self.plans
        viable = _table(self._viable(plan) for plan in plans)
        abroad = _table(self._abroad(plan) for plan in plans)
        national = _table(self._national(plan) for plan in plans)
        kinds, main = self._codes()
        return Automata(
            regions=tuple(plan.region for plan in plans),
            steps=np.array(self.states.leads, np.int32),
            says=_table(self.states.says),
            calling_code=_table(plan.calling_code for plan in plans),
            viable=viable,
            abroad=abroad,
            national=national,
            lengths=np.array(
                [[plan.length_class(digits) for digits in range(LONGEST + 1)] for plan in plans], np.int32
            ),
            readable=_table(plan.calling_code not in self.unreadable for plan in plans),
            kinds=kinds,
            main=main,
            code_at=_table(self._code_at(first) for first in range(CODES)),
        )

    def _viable(self, plan: NumberingPlan) -> int:
        pattern = plan.general.national_number_pattern if plan.general else None
        return self._compiled(plan.calling_code, membership(self.terms), lambda: self._read(pattern))

    def _national(self, plan: NumberingPlan) -> int:
        found = plan.metadata
        return self._prefix(plan, found.national_prefix_for_parsing, bool(found.national_prefix_transform_rule))

    def _abroad(self, plan: NumberingPlan) -> int:
        return self._prefix(plan, plan.metadata.international_prefix, False)

    def _prefix(self, plan: NumberingPlan, pattern: str | None, marks_group: bool) -> int:
        machine = prefix_machine(self.terms)
        return self._compiled(
            plan.calling_code, machine, lambda: first_threads(self.terms, self._read(pattern, marks_group))
        )

    def _read(self, pattern: str | None, marks_group: bool = False) -> int:
        return read_pattern(pattern, self.terms, marks_group) if pattern else self.terms.never

    def _codes(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        kinds, main = np.zeros(CODES, np.int32), np.zeros(CODES, np.int32)
        first = 0
        for plans in self.by_code:
            code = plans[0].calling_code
            kinds[code], main[code] = self._kinds(plans, first), first
            first += len(plans)
        return kinds, main

    def _kinds(self, plans: Sequence[NumberingPlan], first: int) -> int:
        rules = Kinds(first, self.terms)
        return self._compiled(plans[0].calling_code, rules.machine(), lambda: rules.add(plans))

    def _compiled(self, calling_code: int, machine: Machine[S], start: Callable[[], S]) -> int:
        try:
            return compiled(machine, start(), self.states)
        except UnknownPatternError:
            self.unreadable.add(calling_code)
            return self.states.final(0)

    def _code_at(self, first_digits: int) -> int:
        codes = {plans[0].calling_code for plans in self.by_code}
        text = f"{first_digits:03}"
        begun = (int(text[:length]) for length in (1, 2, 3))
        return 0 if text[0] == "0" else next((code for code in begun if code in codes), 0)


def _table(numbers: Iterable[int]) -> NDArray[np.int32]:
    return np.fromiter(numbers, np.int32)
