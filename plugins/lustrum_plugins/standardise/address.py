"""The step that standardises a street address and tells its parts apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from lustrum import Answer, Failed, step
from lustrum_plugins.standardise.address_foreign import house_and_road, with_capitals
from lustrum_plugins.standardise.address_text import needs_capitals, no_address, plain_address
from lustrum_plugins.standardise.address_us import TAKEN_OUT, Parted, Record, parted, tells_america
from lustrum_plugins.standardise.address_words import Style
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.country import find_country

Part = Literal["street", "house_number", "road", "unit", "po_box", "landmark", "city", "state", "postal_code"]
Parts = tuple[Part, ...]
Fields = Mapping[str, str | None]


def _reads(parts: Parts) -> dict[str, bool]:
    return {"street": True, "country": False} | dict.fromkeys((part for part in TAKEN_OUT if part in parts), False)


@step(
    "standardise.address",
    reads=lambda options: _reads(options["parts"]),
    writes=lambda options: options["parts"],
)
def address(
    street: str,
    country: str | None = None,
    unit: str | None = None,
    landmark: str | None = None,
    city: str | None = None,
    state: str | None = None,
    postal_code: str | None = None,
    *,
    parts: Parts = ("street",),
    style: Style = "as_written",
) -> Fields | Answer[Fields] | Failed:
    """Write a street address in one tidy line, and give its parts to their fields.

    Lines become commas; capitals are set only where all letters are large or all are small (McKinley, PO Box, NW).
    An American address (the country says so, or a state with its ZIP code) is read with usaddress; elsewhere house
    number and road are told apart where the country's order leaves no doubt, and all else stays together.

    Options: `parts` names the fields to write, of street, house_number, road, unit, po_box, landmark, city, state and
    postal_code; unit, landmark, city, state and postal_code are taken out of the street, and a field that is already
    filled is kept; where the street would be read otherwise without them, it stays whole. `style` writes the words that
    the US Postal Service abbreviates `as_written`, `short` (N Elm St, Apt 4) or `long` (North Elm Street, Apartment 4).

    Fails with `placeholder`, `not_an_address` (an e-mail address, a web page), `unparsed` (the parts cannot be told
    apart, or there are several addresses), `ambiguous` (the address says one city, the field another; both are
    candidates).

    >>> address("123 MCKINLEY AVE NW", "US").value
    {'street': '123 McKinley Ave NW'}
    >>> address("12 Elm St Apt 4, Salem, MA 01970", parts=("street", "unit", "city")).value
    {'unit': 'Apt 4', 'city': 'Salem', 'street': '12 Elm St, MA 01970'}
    >>> address("Hauptstraße 5", "DE", parts=("house_number", "road")).value
    {'house_number': '5', 'road': 'Hauptstraße'}
    """
    text = plain_address(street)
    if problem := no_address(text):
        return problem
    others = {"unit": unit, "landmark": landmark, "city": city, "state": state, "postal_code": postal_code}
    record = {"street": text} | {name: one_line(value or "") for name, value in others.items() if name in parts}
    home = find_country(country)
    found = _parted(record, home, parts, style)
    if isinstance(found, Failed):
        return found
    if not _reads_back(found, record, home, parts, style):
        found = _beside(found, text)
    reason = found.reason or ("spaces and marks" if text != street else "")
    return Answer(found.fields, reason=reason, certainty=found.certainty)


def _parted(record: Record, home: str | None, parts: Parts, style: Style) -> Parted | Failed:
    american = home == "US" or (home is None and tells_america(record))
    only_street = parts == ("street",) and style == "as_written"
    if american and (not only_street or needs_capitals(record["street"])):
        return parted(record, parts, style)
    return _foreign(record["street"], home, parts)


def _foreign(text: str, home: str | None, parts: Parts) -> Parted:
    cased = with_capitals(text, home) if needs_capitals(text) else text
    split = house_and_road(cased, home)
    found = {"street": cased} | (dict(zip(("house_number", "road"), split, strict=True)) if split else {})
    fields: dict[str, str | None] = {part: found[part] for part in parts if part in found}
    return Parted(fields, "capitals" if cased != text else "", 1.0)


def _beside(found: Parted, text: str) -> Parted:
    """Give the parts to their fields and leave the street whole: without them it would be read differently."""
    fields = {**found.fields} | ({"street": text} if "street" in found.fields else {})
    return Parted(fields, "parts copied, the street left whole", found.certainty)


def _reads_back(found: Parted, record: Record, home: str | None, parts: Parts, style: Style) -> bool:
    then = {**record, **{name: text or "" for name, text in found.fields.items()}}
    if not then["street"] or all(then[name] == text for name, text in record.items()):
        return True
    again = _parted(then, home, parts, style)
    return isinstance(again, Parted) and all(then[name] == (text or "") for name, text in again.fields.items())
