"""The phone number of a lead, in one international form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from lustrum import Answer, Attempt, Failed, step
from lustrum_plugins.standardise import phone_text

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

Format = Literal["E164", "INTERNATIONAL", "NATIONAL"]

_ALL = Attempt()
_URI = re.compile(r"tel:", re.IGNORECASE)
_ABROAD = re.compile(r"\(?(?:00|011)[\s().-]*(?=[1-9])")
_WHY_NOT = {
    "too_short": "the number is too short to be complete; an area code may be missing",
    "too_long": "the number has too many digits",
    "invalid_for_country": "no line can have this number in that country",
    "not_a_phone_number": "this is not a phone number",
    "country_unknown": "the number does not say its country; set the country or `default_country`",
}


@step("standardise.phone", strategies=("given", "international_prefix"))
def phone(
    phone: str,
    country: str | None = None,
    *,
    format: Format = "E164",  # noqa: A002  # the word users look for
    default_country: str | None = None,
    extension: Literal["drop", "keep"] = "drop",
    vanity: bool = False,
    attempt: Attempt = _ALL,
) -> str | Answer[str] | Failed:
    """Write a phone number in its international form, read in the country of the lead.

    A number with `+` needs no country. Any other is read in `country` (a code or a name), or in `default_country`
    where the lead has none. A second attempt reads a leading `00` or `011` as `+`.

    Options: `format` is `E164` (+4930123456), `INTERNATIONAL` (+49 30 123456), or `NATIONAL` (030 123456; numbers of
    other countries than the lead's stay international). `extension: keep` writes an extension behind the number, as
    `;ext=12` in E164. `vanity: true` types letters on the keypad (1-800-555-LAMP).

    Fails with `placeholder` (000-000-0000, n/a), `several_numbers`, `vanity_number` (letters, and `vanity` is off),
    `country_unknown`, `too_short`, `too_long`, `invalid_for_country`, or `not_a_phone_number` (a date, a text).

    >>> phone("(030) 123456", "DE"), phone("+1 415 555 2671")
    ('+4930123456', '+14155552671')
    >>> phone("3/10/1984", "US").code, phone("030 123456").code
    ('not_a_phone_number', 'country_unknown')
    """
    text = phone_text.plain_phone(phone)
    place = _region(country, default_country)
    found = _junk(text) or _several(text, place) or _read(text, place, vanity)
    if isinstance(found, Failed) and attempt.tries("international_prefix") and found.code in _WHY_NOT:
        found = _read_from_abroad(text) or found
    if isinstance(found, Failed):
        return (_several_in_a_row(text, place) or found) if found.code == "too_long" else found
    return _written(found, format, place, extension == "keep")


@dataclass(frozen=True, slots=True)
class _Found:
    number: PhoneNumber
    reason: str = ""


def _junk(text: str) -> Failed | None:
    if phone_text.is_junk(text):
        return Failed("placeholder", "the digits only fill the field")
    if phone_text.is_date(text):
        return Failed("not_a_phone_number", "this is a date")
    return None


def _several(text: str, place: str | None) -> _Found | Failed | None:
    parts = [] if _URI.match(text) else phone_text.parts(text)
    read = [_read(part, place) for part in parts] if len(parts) > 1 else []
    found = [one for one in read if isinstance(one, _Found)]
    numbers = tuple(dict.fromkeys(_e164(one.number) for one in found))
    if len(numbers) == 1 and len(found) == len(parts):
        return found[0]
    return _too_many(numbers) if len(numbers) > 1 else None


def _too_many(numbers: tuple[str, ...]) -> Failed:
    return Failed("several_numbers", f"the cell holds {len(numbers)} numbers; keep one", numbers)


def _several_in_a_row(text: str, place: str | None) -> Failed | None:
    for blank in re.finditer(r"\s+", text):
        read = _read(text[: blank.start()], place), _read(text[blank.end() :], place)
        numbers = tuple(_e164(one.number) for one in read if isinstance(one, _Found))
        if len(numbers) == len(read):
            return _too_many(numbers)
    return None


def _read(text: str, place: str | None, vanity: bool = False) -> _Found | Failed:
    from phonenumbers import NumberParseException, is_valid_number, parse

    _speed_up()
    try:
        number = parse(text, place)
    except NumberParseException as error:
        return _unreadable(text, place, error)
    if phone_text.letters_left(text, number.extension):
        if not phone_text.is_vanity(text) or not is_valid_number(number):
            return Failed("not_a_phone_number", "letters stand among the digits")
        if not vanity:
            return Failed("vanity_number", "letters stand for digits; `vanity: true` reads them", (_e164(number),))
    return _Found(number) if is_valid_number(number) else _invalid(number)


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
    return Failed(code, _WHY_NOT[code])


def _invalid(number: PhoneNumber) -> Failed:
    from phonenumbers import ValidationResult, is_possible_number_with_reason

    codes = {
        ValidationResult.TOO_SHORT: "too_short",
        ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "too_short",
        ValidationResult.TOO_LONG: "too_long",
    }
    code = codes.get(is_possible_number_with_reason(number), "invalid_for_country")
    return Failed(code, _WHY_NOT[code])


def _read_from_abroad(text: str) -> _Found | None:
    rest = _ABROAD.sub("+", text, count=1)
    found = _read(rest, None) if rest != text else None
    return _Found(found.number, "international prefix read as +") if isinstance(found, _Found) else None


def _written(found: _Found, form: Format, place: str | None, with_extension: bool) -> str | Answer[str]:
    from phonenumbers import PhoneNumber

    number = PhoneNumber()
    number.merge_from(found.number)
    reason = found.reason
    if number.extension and not with_extension:
        reason = f"{reason}; extension {number.extension} left out".removeprefix("; ")
        number.extension = None
    text = _formatted(number, form, place)
    return Answer(text, reason=reason) if reason else text


def _formatted(number: PhoneNumber, form: Format, place: str | None) -> str:
    from phonenumbers import PhoneNumberFormat, format_number

    if form == "E164":
        return _e164(number) + (f";ext={number.extension}" if number.extension else "")
    if form == "NATIONAL" and place:
        national = format_number(number, PhoneNumberFormat.NATIONAL)
        again = _read(national, place)
        if isinstance(again, _Found) and _e164(again.number) == _e164(number):
            return national
    return format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _e164(number: PhoneNumber) -> str:
    from phonenumbers import PhoneNumberFormat, format_number

    return format_number(number, PhoneNumberFormat.E164)


def _region(country: str | None, default: str | None) -> str | None:
    given = country or default
    return _region_named(given.strip()) if given else None


@lru_cache(maxsize=4096)
def _region_named(country: str) -> str | None:
    from phonenumbers import SUPPORTED_REGIONS

    if country.upper() in SUPPORTED_REGIONS:
        return country.upper()
    from rigour.territories import lookup_territory

    territory = lookup_territory(country)
    code = territory.code[:2].upper() if territory else ""
    return code if code in SUPPORTED_REGIONS else None


@cache
def _speed_up() -> None:
    from phonenumbers import re_util

    re_util.enable_pattern_cache()
