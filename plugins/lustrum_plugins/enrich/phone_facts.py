"""The step that tells what a phone number itself says: its kind, country, time zone, place and carrier."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from lustrum import Answer, Failed, Skip, step
from lustrum_plugins.standardise.phone import phone as standard_phone

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

Part = Literal["phone_type", "phone_country", "phone_time_zone", "phone_location", "phone_carrier"]

_UNPLACED = "001"
_MOVES_WITH_ITS_OWNER = 0.7


@step("enrich.phone_facts", writes=lambda options: options["parts"])
def phone_facts(
    phone: str,
    country: str | None = None,
    *,
    parts: tuple[Part, ...] = ("phone_type", "phone_country", "phone_time_zone"),
    time_zones: Literal["only_one", "all"] = "only_one",
    carrier: Literal["sure", "original"] = "sure",
) -> Mapping[str, str] | Answer[Mapping[str, str]] | Failed | Skip:
    """Write what a phone number tells of itself; a fact it does not tell leaves its field as it is.

    Reads the number as `standardise.phone` does: an international one, or a national one in `country`.

    Options: `parts` names the facts to write, of `phone_type` (fixed_line, mobile, fixed_line_or_mobile, toll_free …),
    `phone_country` (ISO 3166-1 alpha-2), `phone_time_zone` (IANA), `phone_location` (the town or area of its prefix, in
    English) and `phone_carrier`. A number of several time zones tells none; `time_zones: all` writes all of them.
    A carrier is written only where numbers stay with it; `carrier: original` writes whom the number was given to.

    The certainty is lower where the number may live elsewhere than its prefix says: everything but a fixed line.

    Fails with `placeholder`, `ambiguous`, `country_unknown`, `too_short`, `too_long`, `invalid_for_country`,
    `vanity_number` or `not_a_phone_number`, as `standardise.phone` does.

    >>> phone_facts("+44 20 7946 0018").value
    {'phone_type': 'fixed_line', 'phone_country': 'GB', 'phone_time_zone': 'Europe/London'}
    >>> phone_facts("030 23125001", "DE", parts=("phone_location",)).value
    {'phone_location': 'Berlin'}
    >>> phone_facts("030 23125001").code
    'country_unknown'
    """
    said = standard_phone(phone, country)
    if isinstance(said, Failed):
        return said
    found = _parsed(said.value if isinstance(said, Answer) else said)
    facts: dict[Part, Callable[[PhoneNumber], str]] = {
        "phone_type": _type,
        "phone_country": _country,
        "phone_time_zone": lambda number: _time_zone(number, time_zones == "all"),
        "phone_location": _location,
        "phone_carrier": lambda number: _carrier(number, carrier == "sure"),
    }
    told: dict[str, str] = {part: fact for part in parts if (fact := facts[part](found))}
    sure = 1.0 if _type(found) == "fixed_line" else _MOVES_WITH_ITS_OWNER
    return Answer(told, reason="from the number's prefix", certainty=sure) if told else Skip("nothing_told")


def _parsed(e164: str) -> PhoneNumber:
    from phonenumbers import parse

    return parse(e164, None)


def _type(number: PhoneNumber) -> str:
    from phonenumbers import PhoneNumberType, number_type

    kind = number_type(number)
    return "" if kind == PhoneNumberType.UNKNOWN else PhoneNumberType.to_string(kind).lower()


def _country(number: PhoneNumber) -> str:
    from phonenumbers import region_code_for_number

    code = region_code_for_number(number)
    return code if code and code != _UNPLACED else ""


def _time_zone(number: PhoneNumber, several: bool) -> str:
    from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

    zones = [_names().get(zone, zone) for zone in time_zones_for_number(number) if zone != UNKNOWN_TIMEZONE]
    return ", ".join(zones) if several or len(zones) == 1 else ""


@cache
def _names() -> Mapping[str, str]:
    table = files("lustrum_plugins.enrich") / "data" / "time_zone_names.csv"
    return {row["old"]: row["name"] for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())}


def _location(number: PhoneNumber) -> str:
    from phonenumbers.geocoder import country_name_for_number, description_for_number

    place: str = description_for_number(number, "en")
    return "" if place == country_name_for_number(number, "en") else place


def _carrier(number: PhoneNumber, sure: bool) -> str:
    from phonenumbers.carrier import name_for_number, safe_display_name

    name: str = safe_display_name(number, "en") if sure else name_for_number(number, "en")
    return name
