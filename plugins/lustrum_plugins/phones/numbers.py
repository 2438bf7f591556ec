"""The numbers of some texts while they are being read: what is left of each, and what is known of it."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from lustrum_plugins.phones.automata import Automata
from lustrum_plugins.phones.digits import WIDTH, Digits
from lustrum_plugins.phones.plans import LOCAL_ONLY, TOO_SHORT, WRONG_LENGTH
from lustrum_plugins.phones.states import LONGEST
from lustrum_plugins.phones.walking import NOT_AT_ALL, First, Flags, Rows, Walker

NO_PLAN = -1


class Error(IntEnum):
    """Why phonenumbers refuses a text; the names are those of its exception."""

    NONE = -1
    INVALID_COUNTRY_CODE = 0
    NOT_A_NUMBER = 1
    TOO_SHORT_AFTER_IDD = 2
    TOO_SHORT_NSN = 3
    TOO_LONG = 4


def digits_in(code: Rows) -> Rows:
    """Count the digits of calling codes.

    >>> digits_in(np.array([1, 49, 353])).tolist()
    [1, 2, 3]
    """
    return 1 + (code >= 10).astype(np.int64) + (code >= 100)


class Numbers:
    """A column for each thing known: place and length of what is left, plan, calling code, error.

    `is_open` marks those that only phonenumbers itself can read. `plan` is the number of a region.
    """

    def __init__(self, automata: Automata, digits: Digits, plan: Rows) -> None:
        count = len(digits.lengths)
        self.automata = automata
        self.walker = Walker(automata, digits)
        self.digits = digits
        self.places = np.arange(count, dtype=np.int64) * WIDTH
        self.lengths = digits.lengths.copy()
        self.plan = plan.copy()
        self.code = np.zeros(count, np.int64)
        self.error = np.full(count, Error.NONE, np.int64)
        self.is_open = np.zeros(count, np.bool_)
        self.open_unreadable()

    def open_unreadable(self) -> None:
        """Leave those to phonenumbers whose plan could not be compiled."""
        self.is_open |= (self.plan != NO_PLAN) & (self.automata.readable[self.plan] == 0)

    def refuse(self, rows: Rows, error: Error) -> None:
        """Note an error."""
        self.error[rows] = error

    def going(self) -> Flags:
        """Say which are neither refused nor left to phonenumbers."""
        has_error: Flags = self.error != Error.NONE
        return ~(has_error | self.is_open)

    def drop(self, rows: Rows, digits: Rows) -> None:
        """Take digits off the front."""
        self.places[rows] += digits
        self.lengths[rows] -= digits

    def are_viable(self, plan: Rows, places: Rows, lengths: Rows) -> Flags:
        """Say which match the general description of a plan."""
        viable: Flags = self.walker.says(self.automata.viable[plan], places, lengths) == 1
        return viable

    def have_length(self, plan: Rows, lengths: Rows) -> Flags:
        """Say which have enough digits for a whole number of a plan."""
        classes = self.automata.lengths[plan, np.minimum(lengths, LONGEST)]
        return ~np.isin(classes, (LOCAL_ONLY, TOO_SHORT, WRONG_LENGTH))

    def national_prefix(self, rows: Rows, plan: Rows, places: Rows, lengths: Rows) -> Rows:
        """Give how many digits the national prefix takes that may be left out.

        It stays where the number is viable with it and not without. A prefix that rewrites the number opens the row.
        """
        taken = self._reached(rows, self.automata.national[plan], places, lengths)
        found = np.flatnonzero(taken > 0)
        plan, places, lengths, begun = plan[found], places[found], lengths[found], taken[found]
        is_needed = self.are_viable(plan, places, lengths) & ~self.are_viable(plan, places + begun, lengths - begun)
        taken[found[is_needed]] = 0
        return taken

    def international_prefix(self, rows: Rows) -> Rows:
        """Give how many digits the prefix for calls abroad takes, in whole numbers."""
        plan, places = self.plan[rows], self.places[rows]
        taken = self._reached(rows, self.automata.abroad[plan], places, self.lengths[rows])
        taken[self.digits.flat[places + taken] == 0] = 0
        return taken

    def _reached(self, rows: Rows, first: First, places: Rows, lengths: Rows) -> Rows:
        reach = self.walker.reach(first, places, lengths)
        self.is_open[rows[reach.is_marked]] = True
        return np.where(reach.taken == NOT_AT_ALL, 0, reach.taken)
