"""Phone cells as leads have them and as nobody would write them, of all regions, always the same for a seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from random import Random

from phonenumbers import SUPPORTED_REGIONS, PhoneNumberFormat, format_number, is_valid_number, parse
from phonenumbers.phonemetadata import PhoneMetadata

from lustrum_plugins.phones.syntax import read_pattern
from lustrum_plugins.phones.terms import DIGITS, Terms

Cell = tuple[str, str | None]

REGIONS = tuple(sorted(SUPPORTED_REGIONS))
_MANY_LEADS = {
    "US": 30,
    "DE": 10,
    "GB": 9,
    "IN": 9,
    "BR": 6,
    "FR": 6,
    "CA": 5,
    "IT": 4,
    "MX": 4,
    "AU": 3,
    "JP": 3,
    "CN": 3,
}
_TYPES = ("mobile", "mobile", "fixed_line", "fixed_line", "toll_free", "voip", "uan", "premium_rate")
_ABROAD = ("00", "011", "0011", "810", "009", "119", "001", "010", "1900", "00155", "0014", "99900", "00700")
_TRUNKS = (
    "0",
    "1",
    "8",
    "06",
    "01",
    "044",
    "015",
    "021",
    "03115",
    "9",
    "15",
    "90",
    "90015",
    "008",
    "00",
    "183",
    "0414",
    "",
)
_SIGNS = (" ", "-", ".", "/", "(", ")", "  ", "\u00a0", "[", "]", ") ", " (", "\u2013", "\u2011", "~", "*", "\u00ad")
_HEADS = (
    "tel:",
    "Tel. ",
    "(",
    "'",
    "fax: ",
    "c/o ",
    "+",
    "++",
    "",
    " ",
    "+(",
    "Büro ",
    "no. ",
    "1x ",
    "\t",
    "+ ",
    "٣ ",
)
_TAILS = (
    *(" ext 12", " x123", " X 99", ";ext=77", " Ext.: 5", " xtn 12", " extn 3", "x7", " extension 45", " EXT 12"),
    *(" x", "#12", ",,12", "p12", ".", " )", "\t", "\n", " ext. 123456", " x 12345678", "/x12", "/ x12", " - ext 4"),
    *(
        " int 5",
        " (Office)",
        " 503#",
        " - 503#",
        "; 12",
        " ABC",
        " abcd",
        " x12x",
        " ext",
        "xxx",
        "\u0660",
        " ext 12 x 5",
    ),
)
_WORDS = ("FLOWERS", "GOFEDEX", "MATTRES", "CONTACT", "x", "ab", "o", "1x2y3z")
_FILLERS = (
    "000-000-0000",
    "1234567890",
    "n/a",
    "unknown",
    "-",
    "+",
    "123",
    "12",
    "9999999999",
    "none",
    "",
    "see notes",
)
_CHARACTERS = "0123456789+-() .x/extTel:#,;*~aA\u00a0\uff11\uff0b\u0661_"


@dataclass(frozen=True)
class Number:
    """A number that exists, as its country, the world and machines write it, and how many of its digits are free."""

    forms: tuple[str, str, str]
    free: int

    @property
    def national(self) -> str:
        """The number as its country writes it."""
        return self.forms[0]

    @property
    def international(self) -> str:
        """The number as the world writes it."""
        return self.forms[1]

    @property
    def e164(self) -> str:
        """The number as machines write it."""
        return self.forms[2]


class Cells:
    """Makes cells, each with the region to read it in."""

    def __init__(self, seed: int, numbers: int = 20) -> None:
        self.random = Random(seed)  # noqa: S311  # test data
        self.numbers = numbers

    def like_leads(self, count: int) -> list[Cell]:
        """Make cells of the countries where leads are."""
        regions = self.random.choices(tuple(_MANY_LEADS), tuple(_MANY_LEADS.values()), k=count)
        rest = self.random.choices(REGIONS, k=count)
        both = zip(regions, rest, strict=True)
        return [self._lead(usual if self.random.random() < 0.9 else other) for usual, other in both]

    def hostile(self, count: int) -> list[Cell]:
        """Make cells of all regions, in their own region, another, or none."""
        return [(self._hostile(own), self._region(own)) for own in self.random.choices(REGIONS, k=count)]

    def _lead(self, region: str) -> Cell:
        cell = self._shaped(self._lead_shapes, self._number(region))
        return self.random.choices((cell, f" {cell}", f"{cell} "), (94, 3, 3))[0], region

    def _hostile(self, region: str) -> str:
        return self._shaped(self._hostile_shapes, self._number(region))

    def _region(self, own: str) -> str | None:
        another = self.random.choice(REGIONS)
        odd = self.random.choice(("ZZ", "XX", "", "001", own.lower()))
        return self.random.choices((own, another, None, odd), (72, 22, 3, 3))[0]

    def _shaped(self, shapes: Mapping[Callable[[Number], str], int], number: Number) -> str:
        return self.random.choices(tuple(shapes), tuple(shapes.values()))[0](number)

    def _number(self, region: str) -> Number:
        known = self.random.choice(numbers_of(region, self.numbers))
        free = str(self.random.randrange(10**known.free)).zfill(known.free)
        national, international, e164 = (_with_tail(form, free) for form in known.forms)
        return Number((national, international, e164), known.free)

    @cached_property
    def _lead_shapes(self) -> Mapping[Callable[[Number], str], int]:
        return {
            lambda number: number.e164: 17,
            lambda number: number.international: 23,
            lambda number: number.national: 26,
            lambda number: _digits(number.national): 10,
            lambda number: number.e164[1:]: 4,
            lambda number: "00" + number.e164[1:]: 3,
            lambda number: number.international.replace(" ", self.random.choice((".", "-", "/", "  "))): 3,
            lambda number: number.national.replace(" ", self.random.choice((".", "-", "/", "\u00a0"))): 2,
            lambda number: number.international.replace(" ", " (0)", 1): 2,
            lambda number: number.national + self.random.choice(_TAILS[:10]): 3,
            lambda number: self.random.choice(_HEADS) + number.international: 2,
            lambda number: number.international[: -self.random.randint(2, 5)]: 1,
            lambda number: number.e164 + str(self.random.randrange(100, 99999)): 1,
            lambda _: "1-800-" + self.random.choice(_WORDS[:4]): 1,
            lambda _: self.random.choice(_FILLERS): 1,
            lambda number: f"{number.national} / {number.national[:-1]}7": 1,
            lambda number: number.international.translate({ord(str(d)): 0xFF10 + d for d in DIGITS}): 1,
        }

    @cached_property
    def _hostile_shapes(self) -> Mapping[Callable[[Number], str], int]:
        return {
            lambda number: self._shaped(self._lead_shapes, number): 25,
            lambda number: self.random.choice(_TRUNKS) + _digits(number.national): 15,
            lambda number: self.random.choice(("", "", "+", "+ (")) + self.random.choice(_ABROAD) + number.e164[1:]: 10,
            lambda number: self.random.choice(("", "+")) + self._mistyped(number): 10,
            lambda _: self.random.choice(("", "", "+")) + self._some("0123456789", self.random.randint(1, 26)): 12,
            lambda number: self._strewn(self.random.choice((number.national, number.international, number.e164))): 18,
            lambda number: self._dressed(self.random.choice((number.national, number.international))): 12,
            lambda number: number.national + self.random.choice(_WORDS): 2,
            lambda _: self._some(_CHARACTERS, self.random.randint(0, 18)): 3,
        }

    def _dressed(self, text: str) -> str:
        return self.random.choice(_HEADS) + text + self.random.choice(_TAILS)

    def _mistyped(self, number: Number) -> str:
        digits = list(_digits(self.random.choice((number.national, number.e164))))
        for _ in range(self.random.randint(1, 3)):
            place = self.random.randrange(len(digits))
            digits[place : place + self.random.randint(0, 1)] = self._some("0123456789", self.random.randint(0, 1))
            digits = digits or ["0"]
        return "".join(digits)

    def _strewn(self, text: str) -> str:
        for _ in range(self.random.randint(1, 4)):
            place = self.random.randrange(len(text) + 1)
            text = text[:place] + self.random.choice(_SIGNS) + text[place:]
        return text

    def _some(self, characters: str, count: int) -> str:
        return "".join(self.random.choices(characters, k=count))


@cache
def numbers_of(region: str, count: int) -> Sequence[Number]:
    """Make valid numbers of a region, out of the patterns of its types."""
    random = Random(region)  # noqa: S311  # test data
    metadata = PhoneMetadata.metadata_for_region(region)
    assert metadata
    terms = Terms()
    described = [getattr(metadata, name) for name in _TYPES]
    patterns = [read_pattern(said.national_number_pattern, terms) for said in described if said]
    sampled = (_valid(metadata, _sample(random.choice(patterns), terms, random)) for _ in range(40 * count))
    return tuple(islice((number for number in sampled if number), count))


def _valid(metadata: PhoneMetadata, national: str) -> Number | None:
    number = parse(f"+{metadata.country_code}{national}")
    forms = (PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164)
    free = 2 if len(national) < 7 else 4 if len(national) < 9 else 5
    national, international, e164 = (format_number(number, form) for form in forms)
    return Number((national, international, e164), free) if is_valid_number(number) else None


def _sample(term: int, terms: Terms, random: Random) -> str:
    digits = ""
    while True:
        onward = [digit for digit in DIGITS if terms.left(term, digit) != terms.never]
        if terms.is_empty(term) and (not onward or random.random() < 0.5):
            return digits
        digit = random.choice(onward)
        term, digits = terms.left(term, digit), f"{digits}{digit}"


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _with_tail(text: str, digits: str) -> str:
    left = list(digits)
    return "".join(left.pop() if sign.isdigit() and left else sign for sign in reversed(text))[::-1]
