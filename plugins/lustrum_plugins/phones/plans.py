"""The numbering plans of the installed phonenumbers, in the order of their calling codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers.phonemetadata import PhoneMetadata, PhoneNumberDesc

NO_COUNTRY = "001"
"""The region of numbers that belong to no country, such as +800."""
POSSIBLE, LOCAL_ONLY, TOO_SHORT, TOO_LONG, WRONG_LENGTH = range(5)


@dataclass(frozen=True, slots=True)
class NumberingPlan:
    """What one region says of its numbers."""

    region: str
    calling_code: int
    metadata: PhoneMetadata

    @property
    def general(self) -> PhoneNumberDesc | None:
        """What all its numbers have in common."""
        return self.metadata.general_desc

    def length_class(self, digits: int) -> int:
        """Say whether a number may have so many digits."""
        allowed = self.general.possible_length if self.general else ()
        if self.general and digits in self.general.possible_length_local_only:
            return LOCAL_ONLY
        if not allowed or digits < allowed[0]:
            return TOO_SHORT
        if digits > allowed[-1]:
            return TOO_LONG
        return POSSIBLE if digits in allowed else WRONG_LENGTH


def numbering_plans() -> Iterable[tuple[NumberingPlan, ...]]:
    """Give the plans of each calling code, that of its main region first.

    >>> next(iter(numbering_plans()))[0].region
    'US'
    """
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items()):
        yield tuple(plan for region in regions if (plan := _plan(code, region)))


def _plan(code: int, region: str) -> NumberingPlan | None:
    from phonenumbers.phonemetadata import PhoneMetadata

    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    return NumberingPlan(region, code, metadata) if metadata else None
