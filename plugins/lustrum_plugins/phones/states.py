"""The states of automata over digits, each kept once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from lustrum_plugins.phones.terms import DIGITS, Terms

S = TypeVar("S", bound=Hashable)

SYMBOLS = 11
"""The ten digits, and the end of the number."""
LONGEST = 24
"""How many digits an automaton follows; texts with more are nobody's phone number."""


class States:
    """What each state says, and where each digit leads from it.

    States with the same future are one state, so that automata built from their ends are minimal.
    """

    def __init__(self) -> None:
        self.says: list[int] = []
        self.leads: list[tuple[int, ...]] = []
        self._known: dict[tuple[int, tuple[int, ...] | None, int | None], int] = {}

    def final(self, says: int) -> int:
        """Give the state that is never left."""
        return self._state(says, None, None)

    def state(self, says: int, leads: tuple[int, ...], at_end: int | None = None) -> int:
        """Give the state that says this and leads there; the end of the number keeps it unless told otherwise."""
        same = leads[0]
        is_final = at_end is None and self.says[same] == says and self.leads[same] == (same,) * SYMBOLS
        return same if is_final and leads == (same,) * len(DIGITS) else self._state(says, leads, at_end)

    def _state(self, says: int, leads: tuple[int, ...] | None, at_end: int | None) -> int:
        number = self._known.setdefault((says, leads, at_end), len(self.says))
        if number == len(self.says):
            self.says.append(says)
            itself = (number,) * len(DIGITS) if leads is None else leads
            self.leads.append((*itself, number if at_end is None else at_end))
        return number


@dataclass(frozen=True, slots=True)
class Machine(Generic[S]):
    """An automaton before it is compiled: how a situation goes on, what it says, and whether no digit changes that."""

    left: Callable[[S, int], S]
    says: Callable[[S, int], int]
    is_over: Callable[[S], bool]
    at_end: Callable[[S], int | None] = lambda _: None


def membership(terms: Terms) -> Machine[int]:
    """Make the machine of a term that says 1 of numbers which match it as a whole, else 0."""
    return Machine(terms.left, lambda term, _: terms.is_empty(term), lambda term: term == terms.never)


def compiled(machine: Machine[S], start: S, states: States) -> int:
    """Follow a machine through all numbers of up to `LONGEST` digits, and give its first state."""
    known: dict[tuple[S, int], int] = {}

    def state(situation: S, depth: int) -> int:
        if (situation, depth) not in known:
            known[situation, depth] = found(situation, depth)
        return known[situation, depth]

    def found(situation: S, depth: int) -> int:
        said = machine.says(situation, depth)
        ended = machine.at_end(situation)
        if machine.is_over(situation) or depth == LONGEST:
            return states.final(said)
        leads = tuple(state(machine.left(situation, digit), depth + 1) for digit in DIGITS)
        return states.state(said, leads, None if ended is None else states.final(ended))

    return state(start, 0)
