"""The phone number of a lead, in one international form."""

from __future__ import annotations

import re
from typing import Literal

from lustrum import Answer, Attempt, Failed, step
from lustrum_plugins.standardise import phone_text
from lustrum_plugins.standardise.phone_columns import phones_at_once
from lustrum_plugins.standardise.phone_reading import FILLED, FROM_ABROAD, SEVERAL, WHY_NOT, Found, read_number, region

Format = Literal["E164", "INTERNATIONAL", "NATIONAL"]

_ALL = Attempt()
_URI = re.compile(r"tel:", re.IGNORECASE)
_ABROAD = re.compile(r"\(?(?:00|011)[\s().-]*(?=[1-9])")
_SHORT_ENDING = re.compile(r"(.*\d)\s*/\s*(\d{1,3})")


@step(
    "standardise.phone",
    strategies=("given", "international_prefix", "stray_letter"),
    vectorised=phones_at_once,
)
def phone(
    phone: str,
    country: str | None = None,
    *,
    format: Format = "E164",  # noqa: A002  # the word users look for
    default_country: str | None = None,
    extension: Literal["drop", "keep"] = "drop",
    several: Literal["refuse", "first"] = "refuse",
    vanity: bool = False,
    attempt: Attempt = _ALL,
) -> str | Answer[str] | Failed:
    """Write a phone number in its international form, read in the country of the lead.

    A number with `+` needs no country. Any other is read in `country` (a code or a name), or in `default_country`
    where the lead has none. Letters of freephone and other service numbers are typed on the keypad (1-800-555-LAMP).

    Strategies: `given` (as it stands), `international_prefix` (a leading `00` or `011` is `+`), `stray_letter` (one
    or two single letters among the digits are slips and left out, where the rest is a number).

    Options: `format` is `E164` (+4930123456), `INTERNATIONAL` (+49 30 123456), or `NATIONAL` (030 123456; numbers of
    other countries than the lead's stay international). `extension: keep` writes an extension behind the number, as
    `;ext=12` in E164. `several: first` takes the first of the numbers in a cell. `vanity: true` types the letters of
    any number on the keypad.

    Fails with `placeholder` (000-000-0000, n/a), `ambiguous` (several numbers, named as candidates), `vanity_number`
    (letters, and `vanity` is off), `country_unknown`, `too_short`, `too_long`, `invalid_for_country`, or
    `not_a_phone_number` (a date, a text).

    >>> phone("(030) 123456", "DE"), phone("+1 415 555 2671")
    ('+4930123456', '+14155552671')
    >>> phone("3/10/1984", "US").code, phone("030 123456").code
    ('not_a_phone_number', 'country_unknown')
    >>> phone("030 123456 / 0171 3920001", "DE").candidates
    ('+4930123456', '+491713920001')
    """
    text = phone_text.plain_phone(phone)
    place = _place(country, default_country)
    found = _filler(text, place) or _several(text, place, several) or _read(text, place, vanity, attempt)
    if isinstance(found, Failed) and found.code == "too_long":
        found = _side_by_side(text, place, several) or found
    return found if isinstance(found, Failed) else _written(found, format, place, extension == "keep")


def _place(country: str | None, default: str | None) -> str | None:
    given = country or default
    return region(given) if given else None


def _filler(text: str, place: str | None) -> Failed | None:
    if phone_text.is_junk(text):
        return Failed("placeholder", FILLED)
    run, day = phone_text.is_run(text), phone_text.is_date(text)
    if not (run or day) or _is_in_national_form(text, place):
        return None
    return Failed("placeholder", "the digits only count") if run else Failed("not_a_phone_number", "this is a date")


def _is_in_national_form(text: str, place: str | None) -> bool:
    found = read_number(text, place)
    return isinstance(found, Found) and found.national == text


def _read(text: str, place: str | None, vanity: bool, attempt: Attempt) -> Found | Failed:
    found = read_number(text, place, vanity)
    if isinstance(found, Failed) and found.code in WHY_NOT and attempt.tries("international_prefix"):
        found = _again(_ABROAD.sub("+", text, count=1), text, None, FROM_ABROAD) or found
    if isinstance(found, Failed) and found.code == "not_a_phone_number" and attempt.tries("stray_letter"):
        found = _again(phone_text.without_stray_letters(text), text, place, "stray letters left out") or found
    return found


def _again(mended: str, text: str, place: str | None, reason: str) -> Found | None:
    found = read_number(mended, place) if mended != text else None
    return Found(found.number, reason) if isinstance(found, Found) else None


def _several(text: str, place: str | None, several: str) -> Found | Failed | None:
    if _URI.match(text):
        return None
    parts = phone_text.parts(text)
    read = [read_number(part, place) for part in parts] if len(parts) > 1 else []
    found = [one for one in read if isinstance(one, Found)]
    if len({one.e164 for one in found}) > 1:
        return _chosen(found, several)
    if found and len(found) == len(parts):
        return found[0]
    return _with_short_ending(text, place, several)


def _with_short_ending(text: str, place: str | None, several: str) -> Found | Failed | None:
    match = _SHORT_ENDING.fullmatch(text)
    if not match:
        return None
    first, ending = match[1], match[2]
    read = read_number(first, place), read_number(first[: -len(ending)] + ending, place)
    found = [one for one in read if isinstance(one, Found)]
    return _chosen(found, several) if len(found) == len(read) else None


def _side_by_side(text: str, place: str | None, several: str) -> Found | Failed | None:
    for blank in re.finditer(r"\s+", text):
        read = read_number(text[: blank.start()], place), read_number(text[blank.end() :], place)
        found = [one for one in read if isinstance(one, Found)]
        if len(found) == len(read):
            return _chosen(found, several)
    return None


def _chosen(found: list[Found], several: str) -> Found | Failed:
    numbers = tuple(dict.fromkeys(one.e164 for one in found))
    if several == "first" or len(numbers) == 1:
        return Found(found[0].number, f"the first of {len(numbers)} numbers" if len(numbers) > 1 else "")
    return Failed("ambiguous", SEVERAL.format(len(numbers)), numbers)


def _written(found: Found, form: Format, place: str | None, with_extension: bool) -> str | Answer[str]:
    from phonenumbers import PhoneNumber

    number = PhoneNumber()
    number.merge_from(found.number)
    reason = found.reason
    if number.extension and not with_extension:
        reason = f"{reason}; extension {number.extension} left out".removeprefix("; ")
        number.extension = None
    text = _formatted(Found(number), form, place)
    return Answer(text, reason=reason) if reason else text


def _formatted(found: Found, form: Format, place: str | None) -> str:
    from phonenumbers import PhoneNumberFormat, format_number

    if form == "E164":
        return found.e164 + (f";ext={found.number.extension}" if found.number.extension else "")
    if form == "NATIONAL" and place:
        again = read_number(found.national, place)
        if isinstance(again, Found) and again.e164 == found.e164:
            return found.national
    return format_number(found.number, PhoneNumberFormat.INTERNATIONAL)
