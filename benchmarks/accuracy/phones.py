"""Phone numbers: the E.164 form in the region of the hint, the extension, and what is no number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from benchmarks.accuracy.contest import Case, Contender, Goal, Table, exact

from lustrum import Answer, Failed
from lustrum_plugins.standardise.phone import phone


class Number(NamedTuple):
    """A number, and its extension where one is told."""

    e164: str
    extension: str = ""


def _case(row: Mapping[str, str]) -> Case:
    wanted = None if row["expected_e164"] == "INVALID" else Number(row["expected_e164"], row["extension"])
    return Case(row["id"], row["slice"], {"phone": row["raw"], "region": row["region_hint"]}, wanted)


def _lustrum(case: Case) -> Number | None:
    reply = phone(case.given["phone"], case.given["region"] or None, extension="keep")
    if isinstance(reply, Failed):
        return None
    value, _, extension = (reply.value if isinstance(reply, Answer) else reply).partition(";ext=")
    return Number(value, extension)


def _phonenumbers(case: Case, region: str | None) -> Number | None:
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number, parse

    try:
        number = parse(case.given["phone"], region)
    except NumberParseException:
        return None
    if not is_valid_number(number):
        return None
    extension = number.extension or ""
    number.extension = None
    return Number(format_number(number, PhoneNumberFormat.E164), extension)


def _in_the_region(case: Case) -> Number | None:
    return _phonenumbers(case, case.given["region"] or None)


def _always_us(case: Case) -> Number | None:
    return _phonenumbers(case, "US")


CONTENDERS: Mapping[str, Contender] = {
    "lustrum": _lustrum,
    "phonenumbers, with the region": _in_the_region,
    "phonenumbers, always US": _always_us,
}

TABLES = (Table("phones", "phones.csv", _case, exact, CONTENDERS, (Goal(right=0.999, wrong=0.0),)),)
