"""The name of a person, in the parts a lead has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from lustrum import Answer, Failed, Skip, step
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.name_case import repair_case
from lustrum_plugins.standardise.name_checks import job_title_after_comma, not_a_person
from lustrum_plugins.standardise.name_reading import NameParts, read_name
from lustrum_plugins.standardise.word_tables import fold, words

Part = Literal["first_name", "last_name", "full_name", "salutation", "middle_name", "suffix", "nickname"]
Parts = tuple[Part, ...]

_FIRST_AND_LAST = ("first_name", "last_name")
_EDGES = re.compile(r"^[\s,;:*•_\"“”„]+|[\s,;:*•_\"“”„]+$")
_INITIALS = re.compile(r"(?:\s+[^\W\d_]\.?)+$")


@step("standardise.person_name", writes=lambda options: options["parts"])
def person_name(
    first_name: str | None = None,
    last_name: str | None = None,
    full_name: str | None = None,
    *,
    parts: Parts = ("first_name", "last_name"),
    order: Literal["unknown", "given_first"] = "unknown",
) -> Mapping[str, str] | Answer[Mapping[str, str]] | Failed | Skip:
    """Write a person's name in its usual case, with each part in its field.

    Names all in capitals or all in small letters get their usual case (McDonald, O'Neill, van der Berg); all others
    keep theirs. Where first and last name are empty, they are read from `full_name`, or from the one field that holds
    a whole name (`Doe, Jo`). A title such as Dr. is taken off the first name.

    Options: `parts` names the fields to write, of first_name, last_name, full_name, salutation, middle_name, suffix
    and nickname; a part the name does not have leaves its field as it is. `order: given_first` says that the source
    writes given names first, which settles names such as Tanaka Hanako.

    Fails with `ambiguous` (with the readings as candidates), `company_in_name`, `several_persons`, `placeholder`
    (n/a, test), or `not_a_name` (an address, digits).

    >>> person_name("JO", "VAN DER BERG")
    {'first_name': 'Jo', 'last_name': 'van der Berg'}
    >>> person_name(full_name="de la Cruz, Dr. Ana", parts=("first_name", "last_name", "salutation"))
    {'first_name': 'Ana', 'last_name': 'de la Cruz', 'salutation': 'Dr.'}
    >>> person_name("Blue Lamp", "GmbH").code, person_name(full_name="Van Morris").candidates
    ('company_in_name', ('Van | Morris', 'Van Morris'))
    """
    given = _Given(_cleaned(first_name), _cleaned(last_name), _cleaned(full_name))
    if not any((given.first, given.last, given.full)):
        return Skip("empty")
    whole = given.whole()
    name = _from_whole(whole, order) if whole else _from_fields(given, parts)
    name = name if isinstance(name, Failed) else _settled(name, given, parts, order)
    if isinstance(name, Failed):
        return name
    written: dict[str, str] = {part: value for part in parts if (value := name.parts[part])}
    return Answer(written, reason=name.reason) if name.reason else written


@dataclass(frozen=True, slots=True)
class _Name:
    parts: Mapping[str, str]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Given:
    first: str
    last: str
    full: str

    def whole(self) -> str:
        """Give the text that holds the whole name, if one field alone does."""
        first, last = fold(self.first), fold(self.last)
        if not first and not last:
            return self.full
        if first == last and " " in first:
            return self.first
        alone = self.first if not last else self.last if not first else ""
        return alone if "," in alone else ""

    def without_repeats(self) -> _Given:
        """Take off the last name that stands in the first too, and the other way round."""
        first, last = fold(self.first).split(), fold(self.last).split()
        if last and len(first) > len(last) and first[-len(last) :] == last:
            return replace(self, first=" ".join(self.first.split()[: -len(last)])).without_repeats()
        if first and len(last) > len(first) and last[: len(first)] == first:
            return replace(self, last=" ".join(self.last.split()[len(first) :])).without_repeats()
        return self


def _from_whole(text: str, order: str) -> _Name | Failed:
    text, job = job_title_after_comma(text)
    if problem := not_a_person((text,)):
        return problem
    read = read_name(text, given_first=order == "given_first")
    if read.doubts or not read.last or not (read.first or read.title):
        first = f"{read.first} {read.middle}".strip()
        readings = (f"{first} | {read.last}", *read.doubts) if first and read.last else read.doubts
        return Failed("ambiguous", "the name can be read in more than one way", tuple(dict.fromkeys(readings)))
    return _Name(_parts_of(read, text), f"the job title {job!r} left out" if job else "")


def _settled(name: _Name, given: _Given, parts: Parts, order: str) -> _Name | Failed:
    kept = {"first_name": given.first, "last_name": given.last, "full_name": given.full}
    written: dict[str, str] = kept | {part: name.parts[part] for part in parts if name.parts[part]}
    if given.first and given.last and all(fold(written[part]) == fold(kept[part]) for part in _FIRST_AND_LAST):
        return name
    then = _Given(written["first_name"], written["last_name"], written["full_name"])
    whole = then.whole()
    again = _from_whole(whole, order) if whole else _from_fields(then, parts)
    if isinstance(again, Failed):
        return again
    same = all(again.parts[part] in ("", written.get(part)) for part in parts)
    return name if same else Failed("ambiguous", "the name reads otherwise once it is divided", (whole,))


def _parts_of(read: NameParts, text: str) -> Mapping[str, str]:
    inverted = "," in text and fold(text).startswith(fold(read.last))
    full = " ".join(filter(None, (read.title, read.first, read.middle, read.last, read.suffix)))
    shouted = text.isupper() or text.islower()
    cased = {
        "first_name": repair_case(read.first, force=shouted),
        "last_name": repair_case(read.last, family=True, force=shouted),
        "middle_name": repair_case(read.middle, force=shouted),
        "nickname": repair_case(read.nickname, force=shouted),
        "salutation": repair_case(read.title, force=shouted),
        "suffix": repair_case(f"x x {read.suffix}", force=shouted)[4:],
    }
    shown = _Given("", "", full if inverted else text)
    return {**cased, "full_name": _full(shown, cased["first_name"], cased["last_name"])}


def _from_fields(given: _Given, parts: Parts) -> _Name | Failed:
    title, untitled = _untitled(given.first)
    once = replace(given, first=untitled).without_repeats()
    first = _cleaned(once.first)
    first, middle = _split(first, _INITIALS) if "middle_name" in parts else (first, "")
    last = _cleaned(once.last) or _last_from_full(first, given.full)
    last, suffix = _without_suffix(last) if "suffix" in parts else (last, "")
    if problem := not_a_person(tuple(filter(None, (first, last)))):
        return problem
    names = _cased_fields(first, last)
    return _Name(
        {
            "first_name": names[0],
            "last_name": names[1],
            "middle_name": middle.upper(),
            "salutation": repair_case(title),
            "suffix": repair_case(f"x x {suffix}", force=suffix.isupper() or suffix.islower())[4:],
            "nickname": "",
            "full_name": _full(given, *names),
        },
        f"title {title!r} taken off the first name" if title else "",
    )


def _cased_fields(first: str, last: str) -> tuple[str, str]:
    shouted = last.isupper() and sum(sign.isupper() for sign in last) > 1
    short = first.isupper() and len(first) < 3 and not shouted
    return first if short else repair_case(first), repair_case(last, family=True)


def _full(given: _Given, first: str, last: str) -> str:
    if not given.full:
        return f"{first} {last}" if first and last else ""
    orders = {f"{first} {last}", f"{last}, {first}"}
    if fold(given.full) in {fold(text) for text in orders}:
        return f"{first} {last}"
    return repair_case(given.full)


def _last_from_full(first: str, full: str) -> str:
    if not first or not full or not_a_person((full,)):
        return ""
    read = read_name(full)
    return read.last if not read.doubts and fold(read.first) == fold(first) else ""


def _untitled(text: str) -> tuple[str, str]:
    pieces = text.split()
    count = 0
    while count < len(pieces) - 1 and fold(pieces[count]).rstrip(".") in words("name_words", "word", kind="salutation"):
        count += 1
    return " ".join(pieces[:count]), _cleaned(" ".join(pieces[count:]))


def _split(text: str, tail: re.Pattern[str]) -> tuple[str, str]:
    match = tail.search(text)
    return (_cleaned(text[: match.start()]), match[0].strip()) if match else (text, "")


def _without_suffix(text: str) -> tuple[str, str]:
    known = words("name_words", "word", kind="generation") | words("name_words", "word", kind="credential")
    pieces = text.split()
    count = 0
    while count < len(pieces) - 1 and fold(pieces[-count - 1]).rstrip(",") in known:
        count += 1
    kept = len(pieces) - count
    return _cleaned(" ".join(pieces[:kept])), " ".join(pieces[kept:])


def _cleaned(text: str | None) -> str:
    return _EDGES.sub("", one_line(text or ""))
