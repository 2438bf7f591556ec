"""A person's name over the fields of a lead: what each field gives, and what is written to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from lustrum import Failed
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.name_case import Case, cased
from lustrum_plugins.standardise.name_checks import not_a_person
from lustrum_plugins.standardise.name_reading import NameParts, read_name
from lustrum_plugins.standardise.word_tables import fold, words

Part = Literal["first_name", "last_name", "full_name", "salutation", "middle_name", "suffix", "nickname"]
Parts = tuple[Part, ...]

_EDGES = re.compile(r"^[\s,;:*•_\"“”„]+|[\s,;:*•_\"“”„]+$")
_INITIALS = re.compile(r"(?:\s+[^\W\d_]\.?)+$")


@dataclass(frozen=True, slots=True)
class Way:
    """How a name is to be read and written: the options of the step."""

    parts: Parts
    given_first: bool
    case: Case
    household: bool


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a name, empty where it has none, and why they are right where that wants saying."""

    parts: Mapping[str, str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """The three fields a name may stand in, cleaned."""

    first: str
    last: str
    full: str

    def whole(self) -> str:
        """Give the text that holds the whole name, if one field alone does.

        >>> Given("", "", "Jo Doe").whole(), Given("Doe, Jo", "", "").whole(), Given("Mary Ann", "", "").whole()
        ('Jo Doe', 'Doe, Jo', '')
        """
        first, last = fold(self.first), fold(self.last)
        if not first and not last:
            return self.full
        if first == last and " " in first:
            return self.first
        alone = self.first if not last else self.last if not first else ""
        return alone if "," in alone else ""

    def without_repeats(self) -> Given:
        """Take off the last name that stands in the first too, and the other way round.

        >>> Given("Jo Doe", "Doe", "").without_repeats()
        Given(first='Jo', last='Doe', full='')
        """
        first, last = fold(self.first).split(), fold(self.last).split()
        if last and len(first) > len(last) and first[-len(last) :] == last:
            return replace(self, first=" ".join(self.first.split()[: -len(last)])).without_repeats()
        if first and len(last) > len(first) and last[: len(first)] == first:
            return replace(self, last=" ".join(self.last.split()[len(first) :])).without_repeats()
        return self


def plain_name(text: str | None) -> str:
    """Take off blanks, commas, quotes and dots of lists round a name.

    >>> plain_name(' "Jo  Doe", '), plain_name(None)
    ('Jo Doe', '')
    """
    return _EDGES.sub("", one_line(text or ""))


def from_reading(read: NameParts, text: str, case: Case) -> Mapping[str, str]:
    """Give every part of a whole name that was read from this text."""
    inverted = "," in text and fold(text).startswith(fold(read.last))
    full = " ".join(filter(None, (read.title, read.first, read.middle, read.last, read.suffix)))
    shouted = text.isupper() or text.islower()
    first, last = cased(read.first, case, shouted=shouted), cased(read.last, case, family=True, shouted=shouted)
    return {
        "first_name": first,
        "last_name": last,
        "middle_name": cased(read.middle, case, shouted=shouted),
        "nickname": cased(read.nickname, case, shouted=shouted),
        "salutation": cased(read.title, case, shouted=shouted),
        "suffix": _suffix_cased(read.suffix, case, shouted),
        "full_name": _full(full if inverted else text, first, last, case),
    }


def untitled(text: str) -> tuple[str, str]:
    """Split a first name into the titles it begins with and the rest.

    >>> untitled("Prof. Dr. Jo"), untitled("Dr.")
    (('Prof. Dr.', 'Jo'), ('', 'Dr.'))
    """
    pieces = text.split()
    count = 0
    while count < len(pieces) - 1 and fold(pieces[count]).rstrip(".") in words("name_words", "word", kind="salutation"):
        count += 1
    return " ".join(pieces[:count]), plain_name(" ".join(pieces[count:]))


def from_fields(given: Given, way: Way) -> Name | Failed:
    """Give every part of a name whose first and last name stand in their own fields."""
    title, rest = untitled(given.first)
    once = replace(given, first=rest).without_repeats()
    first, middle = _without_initials(plain_name(once.first)) if "middle_name" in way.parts else (once.first, "")
    last = plain_name(once.last) or _last_from_full(first, given.full)
    last, suffix = _without_suffix(last) if "suffix" in way.parts else (last, "")
    if problem := not_a_person(tuple(filter(None, (first, last))), household=way.household):
        return problem
    names = _cased_fields(first, last, way.case)
    parts = {
        "first_name": names[0],
        "last_name": names[1],
        "middle_name": middle if way.case == "keep" else middle.upper(),
        "salutation": cased(title, way.case),
        "suffix": _suffix_cased(suffix, way.case, suffix.isupper() or suffix.islower()),
        "nickname": "",
        "full_name": _full(given.full, *names, way.case) if "full_name" in way.parts else "",
    }
    return Name(parts, f"title {title!r} taken off the first name" if title else "")


def _suffix_cased(suffix: str, case: Case, shouted: bool) -> str:
    return cased(f"x x {suffix}", case, shouted=shouted)[4:] if suffix else ""


def _cased_fields(first: str, last: str, case: Case) -> tuple[str, str]:
    shouted = last.isupper() and sum(sign.isupper() for sign in last) > 1
    short = first.isupper() and len(first) < 3 and not shouted
    return first if short else cased(first, case), cased(last, case, family=True)


def _full(text: str, first: str, last: str, case: Case) -> str:
    if not text:
        return f"{first} {last}" if first and last else ""
    if fold(text) in (fold(f"{first} {last}"), fold(f"{last}, {first}")):
        return f"{first} {last}"
    return cased(text, case)


def _last_from_full(first: str, full: str) -> str:
    if not first or not full or not_a_person((full,)):
        return ""
    read = read_name(full)
    return read.last if not read.doubts and fold(read.first) == fold(first) else ""


def _without_initials(text: str) -> tuple[str, str]:
    match = _INITIALS.search(text)
    return (plain_name(text[: match.start()]), match[0].strip()) if match else (text, "")


def _without_suffix(text: str) -> tuple[str, str]:
    known = words("name_words", "word", kind="generation") | words("name_words", "word", kind="credential")
    pieces = text.split()
    count = 0
    while count < len(pieces) - 1 and fold(pieces[-count - 1]).rstrip(",") in known:
        count += 1
    kept = len(pieces) - count
    return plain_name(" ".join(pieces[:kept])), " ".join(pieces[kept:])
