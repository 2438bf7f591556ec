"""Telephone numbers made from the examples of phonenumbers' metadata, and the ways in which people write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.performance.chance import Chance
from phonenumbers import (
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    example_number_for_type,
    format_number,
    is_valid_number,
    national_significant_number,
)

TAIL = 4
"""The last digits, which every lead has to itself."""

TAILS = [tuple(f"{number:04}") for number in range(10**TAIL)]
LINES = 48
"""Lines of numbers a region has: what stands before the tail."""


class Forms(NamedTuple):
    """The forms of one line of numbers, `%s` in place of each digit of the tail."""

    e164: str
    international: str
    national: str


@dataclass(frozen=True, slots=True)
class Way:
    """How a number is written: in which form, and what becomes of that."""

    form: int
    written: Callable[[str], str] = str


INTERNATIONAL, NATIONAL = 1, 2
WAYS: Sequence[tuple[float, Way]] = (
    (25, Way(0)),
    (21, Way(INTERNATIONAL)),
    (22, Way(NATIONAL)),
    (9, Way(NATIONAL, lambda text: "".join(filter(str.isdigit, text)))),
    (3, Way(0, lambda text: text[1:])),
    (3, Way(0, lambda text: f"00{text[1:]}")),
    (2, Way(INTERNATIONAL, lambda text: text.replace(" ", "."))),
    (2, Way(NATIONAL, lambda text: text.replace(" ", "/"))),
    (1, Way(NATIONAL, lambda text: text.replace(" ", "\u00a0"))),
    (2, Way(INTERNATIONAL, lambda text: text.replace(" ", " (0)", 1))),
    (2, Way(NATIONAL, lambda text: f"{text} ext. 12")),
    (1, Way(INTERNATIONAL, lambda text: f"{text} x7")),
    (1, Way(INTERNATIONAL, lambda text: f"Tel: {text}")),
    (1, Way(INTERNATIONAL, lambda text: text[:-3])),
    (0.7, Way(0, lambda text: f"{text}4711")),
    (0.5, Way(NATIONAL, lambda text: f"{text} / {text[:-1]}0")),
    (0.5, Way(INTERNATIONAL, lambda text: "".join(chr(ord(s) + 0xFEE0) if s.isdigit() else s for s in text))),
    (0.5, Way(0, lambda _: "000-000-0000")),
    (0.4, Way(0, lambda _: "n/a")),
    (0.4, Way(0, lambda _: "see notes")),
    (0.4, Way(0, lambda _: "1-800-FLOWERS")),
    (3.6, Way(0, lambda _: "")),
)


def lines_of(region: str, chance: Chance) -> list[Forms]:
    """Give lines of valid numbers of a region."""
    kinds = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
    found = [example_number_for_type(region, kind) for kind in kinds]
    examples = [number for number in found if number]
    return [_forms(_varied(example, chance)) for example in chance.pick(examples, LINES)]


def _varied(example: PhoneNumber, chance: Chance) -> PhoneNumber:
    """Give a valid number like an example but for all digits after the first, or the example where none was found."""
    digits = national_significant_number(example)
    for tail in chance.below(10 ** (len(digits) - 1), 30):
        number = PhoneNumber(example.country_code, int(f"{digits[0]}{tail:0{len(digits) - 1}}"))
        number.italian_leading_zero = example.italian_leading_zero
        if is_valid_number(number):
            return number
    return example


def _forms(number: PhoneNumber) -> Forms:
    styles = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)
    return Forms(*(_open(format_number(number, style)) for style in styles))


def _open(text: str) -> str:
    """Take the tail out.

    >>> _open("(201) 555-0123")
    '(201) 555-%s%s%s%s'
    """
    left = TAIL
    signs: list[str] = []
    for sign in reversed(text):
        taken = sign.isdigit() and left > 0
        left -= taken
        signs.append("%s" if taken else sign)
    return "".join(reversed(signs))


def written(chance: Chance, lines: Sequence[Sequence[Forms]]) -> list[str]:
    """Write a number for each lead, which has the lines of its region."""
    tails, ways = chance.pick(TAILS, len(lines)), chance.weigh(WAYS, len(lines))
    return [way.written(forms[way.form] % tail) for forms, tail, way in zip(chance.of(lines), tails, ways, strict=True)]
