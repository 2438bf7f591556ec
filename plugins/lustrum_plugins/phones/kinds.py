"""The automaton of a calling code: of which region and type a national number is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lustrum_plugins.phones.plans import NumberingPlan
from lustrum_plugins.phones.states import Machine
from lustrum_plugins.phones.syntax import read_pattern
from lustrum_plugins.phones.terms import ANY_DIGIT, Terms

if TYPE_CHECKING:
    from phonenumbers.phonemetadata import PhoneNumberDesc

FIXED_LINE, MOBILE, FIXED_LINE_OR_MOBILE = range(3)
UNKNOWN_TYPE = 15
NOWHERE = -1
_TYPES_BEFORE_LINES = {
    "premium_rate": 4,
    "toll_free": 3,
    "shared_cost": 5,
    "voip": 6,
    "personal_number": 7,
    "pager": 8,
    "uan": 9,
    "voicemail": 10,
}
Situation = tuple[int, ...]
"""What must follow, in each pattern of the calling code."""


def as_kind(region: int, number_type: int) -> int:
    """Pack the number of a region and a type into what a state says.

    >>> as_kind(NOWHERE, UNKNOWN_TYPE), as_kind(0, MOBILE)
    (15, 17)
    """
    return (region + 1) * 16 + number_type


@dataclass(frozen=True, slots=True)
class _Pattern:
    place: int
    lengths: frozenset[int]

    def matches(self, situation: Situation, digits: int, terms: Terms) -> bool:
        return terms.is_empty(situation[self.place]) and (not self.lengths or digits in self.lengths)


@dataclass(frozen=True, slots=True)
class _Rules:
    """How a region tells its types; `leading` is the pattern by which it alone knows its numbers."""

    region: int
    leading: int | None
    general: _Pattern | None
    before_lines: tuple[tuple[_Pattern, int], ...]
    fixed: _Pattern | None
    mobile: _Pattern | None
    same_lines: bool


class Kinds:
    """The regions of one calling code, as one machine over all their patterns at once."""

    def __init__(self, first_region: int, terms: Terms) -> None:
        self.first_region = first_region
        self.terms = terms
        self.patterns: list[int] = []
        self.rules: list[_Rules] = []
        self.is_single = False

    def add(self, plans: Sequence[NumberingPlan]) -> Situation:
        """Take the plans of the code, and give the situation before the first digit: all patterns whole."""
        self.is_single = len(plans) == 1
        self.rules = [self._rules(plan, self.first_region + place) for place, plan in enumerate(plans)]
        return tuple(self.patterns)

    def machine(self) -> Machine[Situation]:
        """Make the machine of all patterns at once."""
        return Machine(
            left=lambda situation, digit: tuple(self.terms.left(term, digit) for term in situation),
            says=self._kind,
            is_over=lambda situation: all(term == self.terms.never for term in situation),
        )

    def _rules(self, plan: NumberingPlan, region: int) -> _Rules:
        found = plan.metadata
        before = (
            (self._pattern(getattr(found, name)), number_type) for name, number_type in _TYPES_BEFORE_LINES.items()
        )
        return _Rules(
            region,
            self._leading(found.leading_digits),
            self._pattern(found.general_desc),
            tuple((pattern, number_type) for pattern, number_type in before if pattern),
            self._pattern(found.fixed_line),
            self._pattern(found.mobile),
            found.same_mobile_and_fixed_line_pattern,
        )

    def _pattern(self, said: PhoneNumberDesc | None) -> _Pattern | None:
        if said is None or not said.national_number_pattern:
            return None
        self.patterns.append(read_pattern(said.national_number_pattern, self.terms))
        return _Pattern(len(self.patterns) - 1, frozenset(said.possible_length))

    def _leading(self, pattern: str | None) -> int | None:
        if pattern is None or self.is_single:
            return None
        more = self.terms.repeat(self.terms.digit(ANY_DIGIT), 0, None)
        self.patterns.append(self.terms.chain([read_pattern(pattern, self.terms), more]))
        return len(self.patterns) - 1

    def _kind(self, situation: Situation, digits: int) -> int:
        for rules in self.rules:
            number_type = self._type(rules, situation, digits)
            by_digits = rules.leading is not None and self.terms.is_empty(situation[rules.leading])
            by_type = rules.leading is None and number_type != UNKNOWN_TYPE
            if self.is_single or by_digits or by_type:
                return as_kind(rules.region, number_type)
        return as_kind(NOWHERE, UNKNOWN_TYPE)

    def _type(self, rules: _Rules, situation: Situation, digits: int) -> int:
        def matches(pattern: _Pattern | None) -> bool:
            return pattern is not None and pattern.matches(situation, digits, self.terms)

        if not matches(rules.general):
            return UNKNOWN_TYPE
        for pattern, number_type in rules.before_lines:
            if matches(pattern):
                return number_type
        is_mobile = not rules.same_lines and matches(rules.mobile)
        if matches(rules.fixed):
            return FIXED_LINE_OR_MOBILE if rules.same_lines or is_mobile else FIXED_LINE
        return MOBILE if is_mobile else UNKNOWN_TYPE
