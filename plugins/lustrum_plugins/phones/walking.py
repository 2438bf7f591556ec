"""Running automata over the digits of many numbers at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lustrum_plugins.phones.automata import Automata
from lustrum_plugins.phones.digits import Digits
from lustrum_plugins.phones.states import SYMBOLS
from lustrum_plugins.phones.threads import MARKED_MATCH, NO_MATCH

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
First = NDArray[np.int32]
"""The states in which to begin."""

NOT_AT_ALL = -1


@dataclass(frozen=True, eq=False, slots=True)
class Reach:
    """How many digits a pattern takes, or `NOT_AT_ALL`, and whether its last group took part."""

    taken: Rows
    is_marked: Flags


@lru_cache(maxsize=4)
def _scaled(automata: Automata) -> tuple[NDArray[np.int32], int]:
    """Give the steps as one row, in which each names the place of the next state's, and the state that is over."""
    return automata.steps.ravel() * SYMBOLS, automata.over * SYMBOLS


class Walker:
    """The automata over the digits of some texts. A number is a place in the long row of digits, and a length."""

    def __init__(self, automata: Automata, digits: Digits) -> None:
        self._digits = digits.flat
        self._steps, self._over = _scaled(automata)
        self._says = automata.says

    def says(self, first: First, places: Rows, lengths: Rows) -> Rows:
        """Give what the states say in which these numbers end."""
        state, at, ends = first * SYMBOLS, places, places + lengths
        for _ in range(int(lengths.max(initial=0))):
            state = self._steps[state + self._digits[at]]
            at = np.minimum(at + 1, ends)
        return self._says[state // SYMBOLS].astype(np.int64)

    def reach(self, first: First, places: Rows, lengths: Rows) -> Reach:
        """Give how far patterns reach into these numbers."""
        taken, kind = np.full(len(first), NOT_AT_ALL, np.int64), np.zeros(len(first), np.int64)
        going, state = np.arange(len(first)), first * SYMBOLS
        for step in range(int(lengths.max(initial=0)) + 2):
            said = self._says[state // SYMBOLS]
            matched = going[said != NO_MATCH]
            taken[matched] = np.minimum(step, lengths[matched])
            kind[matched] = said[said != NO_MATCH]
            is_open = (state != self._over) & (step <= lengths[going])
            going = going[is_open]
            state = self._steps[state[is_open] + self._digits[places[going] + step]]
        return Reach(taken, kind == MARKED_MATCH)
