"""The name of a person, in the parts a lead has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from lustrum import Answer, Failed, Skip, step
from lustrum_plugins.standardise.name_case import Case
from lustrum_plugins.standardise.name_checks import job_title_after_comma, not_a_person
from lustrum_plugins.standardise.name_fields import Given, Name, Part, Parts, Way, from_fields, from_reading, plain_name
from lustrum_plugins.standardise.name_pairs import names_at_once
from lustrum_plugins.standardise.name_reading import NameParts, read_name
from lustrum_plugins.standardise.word_tables import fold

__all__ = ["Part", "Parts", "person_name"]

_FIRST_AND_LAST = ("first_name", "last_name")


@step("standardise.person_name", writes=lambda options: options["parts"], vectorised=names_at_once)
def person_name(
    first_name: str | None = None,
    last_name: str | None = None,
    full_name: str | None = None,
    *,
    parts: Parts = ("first_name", "last_name"),
    order: Literal["unknown", "given_first"] = "unknown",
    case: Case = "repair",
    household: bool = False,
) -> Mapping[str, str] | Answer[Mapping[str, str]] | Failed | Skip:
    """Write a person's name in its usual case, with each part in its field.

    Names all in capitals or all in small letters get their usual case (McDonald, O'Neill, van der Berg); all others
    keep theirs. Where first and last name are empty, they are read from `full_name`, or from the one field that holds
    a whole name (`Doe, Jo`). A title such as Dr. is taken off the first name.

    Options: `parts` names the fields to write, of first_name, last_name, full_name, salutation, middle_name, suffix
    and nickname; a part the name does not have leaves its field as it is. `order: given_first` says that the source
    writes given names first, which settles names such as Tanaka Hanako, Van Morris and Cher. `case: keep` leaves the
    case alone, `force` repairs mixed case too. `household: true` takes Jo and Ann Doe for one name, with Jo and Ann as
    its first name.

    Fails with `ambiguous` (with the readings as candidates), `company_in_name`, `several_persons`, `placeholder`
    (n/a, test), or `not_a_name` (an address, digits).

    >>> person_name("JO", "VAN DER BERG")
    {'first_name': 'Jo', 'last_name': 'van der Berg'}
    >>> person_name(full_name="de la Cruz, Dr. Ana", parts=("first_name", "last_name", "salutation"))
    {'first_name': 'Ana', 'last_name': 'de la Cruz', 'salutation': 'Dr.'}
    >>> person_name("Blue Lamp", "GmbH").code, person_name(full_name="Van Morris").candidates
    ('company_in_name', ('Van | Morris', 'Van Morris'))
    """
    given = Given(plain_name(first_name), plain_name(last_name), plain_name(full_name))
    if not any((given.first, given.last, given.full)):
        return Skip("empty")
    way = Way(parts, order == "given_first", case, household)
    name = _read(given, way)
    name = name if isinstance(name, Failed) else _settled(name, given, way)
    if isinstance(name, Failed):
        return name
    written: dict[str, str] = {part: value for part in parts if (value := name.parts[part])}
    return Answer(written, reason=name.reason) if name.reason else written


def _read(given: Given, way: Way) -> Name | Failed:
    whole = given.whole()
    return _from_whole(whole, way) if whole else from_fields(given, way)


def _from_whole(text: str, way: Way) -> Name | Failed:
    text, job = job_title_after_comma(text)
    if problem := not_a_person((text,), household=way.household):
        return problem
    read = read_name(text, given_first=way.given_first)
    if read.doubts or not _is_told(read, way):
        first = f"{read.first} {read.middle}".strip()
        readings = (f"{first} | {read.last}", *read.doubts) if first and read.last else read.doubts
        return Failed("ambiguous", "the name can be read in more than one way", tuple(dict.fromkeys(readings)))
    return Name(from_reading(read, text, way.case), f"the job title {job!r} left out" if job else "")


def _is_told(read: NameParts, way: Way) -> bool:
    if read.last:
        return bool(read.first or read.title)
    return bool(read.first and (read.title or way.given_first))


def _settled(name: Name, given: Given, way: Way) -> Name | Failed:
    kept = {"first_name": given.first, "last_name": given.last, "full_name": given.full}
    written: dict[str, str] = kept | {part: name.parts[part] for part in way.parts if name.parts[part]}
    if given.first and given.last and all(fold(written[part]) == fold(kept[part]) for part in _FIRST_AND_LAST):
        return name
    then = Given(written["first_name"], written["last_name"], written["full_name"])
    again = _read(then, way)
    if isinstance(again, Failed):
        return again
    same = all(again.parts[part] in ("", written.get(part)) for part in way.parts)
    return name if same else Failed("ambiguous", "the name reads otherwise once it is divided", (then.whole(),))
