"""Reading a phone number in a region, with phonenumbers, and saying why it cannot be one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from lustrum import Failed
from lustrum_plugins.standardise import phone_text
from lustrum_plugins.standardise.country import find_country

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

WHY_NOT = {
    "too_short": "the number is too short to be complete; an area code may be missing",
    "too_long": "the number has too many digits",
    "invalid_for_country": "no line can have this number in that country",
    "not_a_phone_number": "this is not a phone number",
    "country_unknown": "the number does not say its country; set the country or `default_country`",
}
FILLED = "the digits only fill the field"
SEVERAL = "the cell holds {} numbers; keep one, or set `several: first`"
FROM_ABROAD = "international prefix read as +"
OLD_MOBILE_MEXICO = "+521"


@dataclass(frozen=True, slots=True)
class Found:
    """A number that can exist, and why the text means it where that is not plain."""

    number: PhoneNumber
    reason: str = ""

    @property
    def e164(self) -> str:
        """The number as `+` and digits, without its extension."""
        from phonenumbers import PhoneNumberFormat, format_number

        return format_number(self.number, PhoneNumberFormat.E164)

    @property
    def national(self) -> str:
        """The number as people of its country write it."""
        from phonenumbers import PhoneNumberFormat, format_number

        return format_number(self.number, PhoneNumberFormat.NATIONAL)


def read_number(text: str, place: str | None, vanity: bool = False) -> Found | Failed:
    """Read a number, with or without `+`, in a region; `vanity` types the letters of any number on the keypad."""
    from phonenumbers import NumberParseException, is_valid_number, parse

    _speed_up()
    try:
        number = parse(text, place)
    except NumberParseException as error:
        return _unreadable(text, place, error)
    if phone_text.letters_left(text, number.extension):
        return _lettered(text, number, vanity)
    return Found(number) if is_valid_number(number) else _invalid(number)


@lru_cache(maxsize=4096)
def region(country: str) -> str | None:
    """Give the region of the numbering plans that a country, a code or a name, has.

    >>> region("gb"), region("England"), region("Atlantis"), region("Antarctica")
    ('GB', 'GB', None, None)
    """
    from phonenumbers import SUPPORTED_REGIONS

    told = country.strip().upper()
    code = told if told in SUPPORTED_REGIONS else find_country(country)
    return code if code in SUPPORTED_REGIONS else None


def _lettered(text: str, number: PhoneNumber, vanity: bool) -> Found | Failed:
    from phonenumbers import is_valid_number

    if not phone_text.is_vanity(text) or not is_valid_number(number):
        return Failed("not_a_phone_number", "letters stand among the digits")
    found = Found(number, "letters typed on the keypad")
    if vanity or _is_sold_by_its_word(number):
        return found
    return Failed("vanity_number", "letters stand for digits; `vanity: true` reads them", (found.e164,))


def _is_sold_by_its_word(number: PhoneNumber) -> bool:
    from phonenumbers import PhoneNumberType, number_type

    services = (PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)
    return number_type(number) in services


def _unreadable(text: str, place: str | None, error: Exception) -> Failed:
    from phonenumbers import NumberParseException

    kinds = {
        NumberParseException.TOO_LONG: "too_long",
        NumberParseException.TOO_SHORT_NSN: "too_short",
        NumberParseException.TOO_SHORT_AFTER_IDD: "too_short",
    }
    code = kinds.get(getattr(error, "error_type", -1), "not_a_phone_number")
    if getattr(error, "error_type", -1) == NumberParseException.INVALID_COUNTRY_CODE and not text.startswith("+"):
        code = "country_unknown" if place is None else code
    return Failed(code, WHY_NOT[code])


def _invalid(number: PhoneNumber) -> Failed:
    from phonenumbers import ValidationResult, is_possible_number_with_reason

    codes = {
        ValidationResult.TOO_SHORT: "too_short",
        ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "too_short",
        ValidationResult.TOO_LONG: "too_long",
    }
    code = codes.get(is_possible_number_with_reason(number), "invalid_for_country")
    if code == "too_long" and (today := _without_the_old_1(number)):
        return Failed(
            code, "Mexico dropped the 1 before mobile numbers in 2019; the number may be the one named", today
        )
    return Failed(code, WHY_NOT[code])


def _without_the_old_1(number: PhoneNumber) -> tuple[str, ...]:
    old = Found(number).e164
    today = (
        read_number(f"+52{old.removeprefix(OLD_MOBILE_MEXICO)}", None) if old.startswith(OLD_MOBILE_MEXICO) else None
    )
    return (today.e164,) if isinstance(today, Found) else ()


@cache
def _speed_up() -> None:
    from phonenumbers import re_util

    re_util.enable_pattern_cache()
