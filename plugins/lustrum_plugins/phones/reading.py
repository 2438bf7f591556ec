"""Reading digits as phonenumbers does: calling code, national prefix, and what the number then is."""

from __future__ import annotations

import numpy as np

from lustrum_plugins.phones.automata import Automata
from lustrum_plugins.phones.digits import Digits
from lustrum_plugins.phones.numbers import NO_PLAN, Error, Numbers, digits_in
from lustrum_plugins.phones.plans import TOO_LONG
from lustrum_plugins.phones.states import LONGEST
from lustrum_plugins.phones.walking import Flags, Rows

SHORTEST_NATIONAL = 2
LONGEST_NATIONAL = 17


def read_digits(automata: Automata, digits: Digits, has_plus: Flags, plan: Rows) -> Numbers:
    """Read numbers, each with or without `+`, in the plans of their default regions (`NO_PLAN` where there is none).

    Each has at least two digits, and three behind `+`. What is left in the end is the national number.
    """
    numbers = Numbers(automata, digits, plan)
    again = _with_plus(numbers, has_plus)
    _without_plus(numbers, again | ~has_plus)
    numbers.refuse(np.flatnonzero(again & (numbers.code == 0) & numbers.going()), Error.INVALID_COUNTRY_CODE)
    _nationally(numbers)
    return numbers


def _with_plus(numbers: Numbers, has_plus: Flags) -> Flags:
    """Read the calling code behind `+`; give those that must be read again as if it were not there."""
    rows = np.flatnonzero(has_plus)
    wrong = _take_code(numbers, rows)
    again = np.zeros(len(has_plus), np.bool_)
    again[wrong] = True
    return again


def _without_plus(numbers: Numbers, meant: Flags) -> None:
    numbers.refuse(np.flatnonzero(meant & (numbers.plan == NO_PLAN)), Error.INVALID_COUNTRY_CODE)
    rows = np.flatnonzero(meant & numbers.going())
    prefix = numbers.international_prefix(rows)
    abroad = rows[prefix > 0]
    numbers.drop(abroad, prefix[prefix > 0])
    is_short = numbers.lengths[abroad] <= SHORTEST_NATIONAL
    numbers.refuse(abroad[is_short], Error.TOO_SHORT_AFTER_IDD)
    numbers.refuse(_take_code(numbers, abroad[~is_short]), Error.INVALID_COUNTRY_CODE)
    _take_own_code(numbers, rows[prefix == 0])


def _take_code(numbers: Numbers, rows: Rows) -> Rows:
    """Take the calling code off the front; give the rows that begin with none."""
    code = numbers.automata.code_at[_first_digits(numbers, rows)].astype(np.int64)
    found, code = rows[code > 0], code[code > 0]
    numbers.drop(found, digits_in(code))
    numbers.code[found] = code
    numbers.plan[found] = numbers.automata.main[code]
    without: Rows = rows[numbers.code[rows] == 0]
    return without


def _first_digits(numbers: Numbers, rows: Rows) -> Rows:
    places = numbers.places[rows]
    value = np.zeros(len(rows), np.int64)
    for place in range(3):
        value = value * 10 + numbers.digits.flat[places + place]
    return value


def _take_own_code(numbers: Numbers, rows: Rows) -> None:
    """Take the calling code of the own region off where the number makes sense without it only, or is too long."""
    rows = rows[_begins_with_own(numbers, rows)]
    plan, whole, length = numbers.plan[rows], numbers.places[rows], numbers.lengths[rows]
    code = numbers.automata.calling_code[plan].astype(np.int64)
    taken = digits_in(code)
    taken += numbers.national_prefix(rows, plan, whole + taken, length - taken)
    is_better = ~numbers.are_viable(plan, whole, length) & numbers.are_viable(plan, whole + taken, length - taken)
    is_better |= numbers.automata.lengths[plan, np.minimum(length, LONGEST)] == TOO_LONG
    rows, code = rows[is_better], code[is_better]
    numbers.drop(rows, taken[is_better])
    numbers.code[rows] = code
    numbers.plan[rows] = numbers.automata.main[code]


def _begins_with_own(numbers: Numbers, rows: Rows) -> Flags:
    code = numbers.automata.calling_code[numbers.plan[rows]].astype(np.int64)
    has_digits: Flags = numbers.lengths[rows] >= digits_in(code)
    return has_digits & (_first_digits(numbers, rows) // 10 ** (3 - digits_in(code)) == code)


def _nationally(numbers: Numbers) -> None:
    """Take the national prefix off, if the rest can be a whole number, and look at how many digits are left."""
    _refuse_short(numbers)
    rows = np.flatnonzero(numbers.going())
    plan, places, lengths = numbers.plan[rows], numbers.places[rows], numbers.lengths[rows]
    taken = numbers.national_prefix(rows, plan, places, lengths)
    may = numbers.have_length(plan, lengths - taken)
    numbers.drop(rows[may], taken[may])
    at_home = rows[numbers.code[rows] == 0]
    numbers.code[at_home] = numbers.automata.calling_code[numbers.plan[at_home]]
    _refuse_short(numbers)
    numbers.refuse(np.flatnonzero(numbers.going() & (numbers.lengths > LONGEST_NATIONAL)), Error.TOO_LONG)
    numbers.open_unreadable()


def _refuse_short(numbers: Numbers) -> None:
    numbers.refuse(np.flatnonzero(numbers.going() & (numbers.lengths < SHORTEST_NATIONAL)), Error.TOO_SHORT_NSN)
