"""An American address in its parts: what the street field holds, beside what the other fields already say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lustrum import Failed
from lustrum_plugins.standardise.address_reading import Reading, Word, read_address
from lustrum_plugins.standardise.address_text import needs_capitals
from lustrum_plugins.standardise.address_words import Style, recased, styled
from lustrum_plugins.standardise.place_text import fold
from lustrum_plugins.standardise.postal_data import postal_data
from lustrum_plugins.standardise.state_text import by_name

Record = Mapping[str, str]
"""The text of each field, empty where the lead has none."""

TAKEN_OUT = ("unit", "landmark", "city", "state", "postal_code")
_ONLY_COPIED = ("house_number", "road", "po_box")
_JOINED = ("unit", "city", "state", "postal_code")
_AMERICA = re.compile(r"(?<![^\W_])(?:USA?|U\.S\.(?:A\.?)?|United States(?: of America)?)$", re.IGNORECASE)
_STATE_AND_ZIP = re.compile(r"(?:^|[\s,])([A-Za-z][A-Za-z. ]*?),? (\d{5})(?:-\d{4})?$")
_SECOND = re.compile(r"[,;]\s*\d")
_CORE = re.compile(r"(\(*)(.*?)([.,;)]*)", re.DOTALL)
_BOX = re.compile(r"(?:P(?:ost)?\.? ?O(?:ffice)?\.? ?Box|POB)(?![^\W_])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parted:
    """What to write in each field (None empties it), why, and how sure the reading is."""

    fields: Mapping[str, str | None]
    reason: str
    certainty: float


def tells_america(record: Record) -> bool:
    """Say whether an address itself tells that it is in the United States.

    >>> tells_america({"street": "12 Elm St, Salem, MA 01970"}), tells_america({"street": "12 Elm St, Berlin 10115"})
    (True, False)
    """
    text = joined(record)
    if america := _AMERICA.search(text):
        return "," in text[: america.start()]
    match = _STATE_AND_ZIP.search(text)
    if match is None:
        return False
    before, code = match.groups()
    return any(_is_zip_of(code, name) for name in _endings(before))


def _endings(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[-count:]) for count in range(1, min(len(words), 3) + 1)]


def _is_zip_of(code: str, state: str) -> bool:
    known = (postal_data("US").get(name.replace("-", "/"), {}) for name in by_name(state, "US"))
    return any(re.match(entry["zip"], code) for entry in known if entry.get("zip"))


def joined(record: Record) -> str:
    """Give the address in one text: the street field, then what the other fields say."""
    place = ", ".join(filter(None, (record.get("unit"), record.get("city"))))
    region = " ".join(filter(None, (record.get("state"), record.get("postal_code"))))
    return ", ".join(filter(None, (record["street"], place, region)))


def parted(record: Record, parts: tuple[str, ...], style: Style) -> Parted | Failed:
    """Read the street field in the light of the others, and give each part to its field."""
    told = {part: record[part] for part in parts if part in TAKEN_OUT and record.get(part)}
    reading = _in_context(record["street"], told) or read_address(record["street"])
    if doubt := reading.doubt():
        return Failed("unparsed", f"the address is not read: {doubt}; correct it or leave its parts together")
    if not reading.is_crossing and _SECOND.search(reading.part("road")):
        return Failed("unparsed", "there are two addresses; keep one")
    if clash := _clash(reading, told):
        return clash
    found = {part: _written(reading, (part,), style) for part in parts if part in (*TAKEN_OUT, *_ONLY_COPIED)}
    if reading.is_crossing:
        found = {part: text for part, text in found.items() if part not in _ONLY_COPIED}
    fields: dict[str, str | None] = {part: text for part, text in found.items() if _adds(text, told.get(part, ""))}
    if "street" in parts:
        out = {part for part in TAKEN_OUT if found.get(part)}
        fields["street"] = _without(reading, out, style) or None
    return Parted(fields, _reason(record, fields), reading.certainty)


def _adds(text: str, told: str) -> bool:
    return any(sign.isalnum() for sign in text) and (not told or (len(text) > len(told) and text.startswith(told)))


def _in_context(street: str, told: Mapping[str, str]) -> Reading | None:
    fields = {part: told[part] for part in _JOINED if part in told}
    if not fields:
        return None
    whole = read_address(joined({"street": street, **fields}))
    inside = tuple(word for word in whole.words if word.start < len(street))
    beside = whole.words[len(inside) :]
    fits = not whole.doubt() and not {word.part for word in inside} & fields.keys()
    if not fits or {word.part for word in beside} != fields.keys():
        return None
    return Reading(street, inside, whole.certainty)


def _clash(reading: Reading, told: Mapping[str, str]) -> Failed | None:
    for part, text in told.items():
        read = reading.part(part)
        if read and not _same(part, text, read):
            name = part.replace("_", " ")
            return Failed("ambiguous", f"the {name} field says “{text}”, the address “{read}”", (text, read))
    return None


def _same(part: str, told: str, read: str) -> bool:
    one, other = fold(told), fold(read)
    if part == "postal_code":
        return one.startswith(other) or other.startswith(one)
    if part == "state":
        return bool(by_name(told, "US") & by_name(read, "US"))
    if part == "unit":
        return _unit(one) == _unit(other)
    return one == other


def _unit(text: str) -> str:
    return styled(text.split()[-1], "OccupancyType", "long").lower()


def _without(reading: Reading, out: set[str], style: Style) -> str:
    gone = {*out, "country"} if out & {"state", "postal_code"} else out
    kept = tuple(part for part in dict.fromkeys(word.part for word in reading.words) if part not in gone)
    return _written(reading, kept, style)


def _written(reading: Reading, parts: tuple[str, ...], style: Style) -> str:
    recase = needs_capitals(reading.text)

    def write(word: Word, before: str) -> str:
        match = _CORE.fullmatch(word.text)
        opening, core, closing = match.groups() if match else ("", word.text, "")
        text = styled(core, word.label, style)
        if text != core:
            closing = closing.lstrip(".")
        elif recase:
            text = recased(core, word.label, before.strip("(.,;)"))
        return f"{opening}{text}{closing}"

    text = reading.shown(lambda word: word.part in parts, write)
    return _BOX.sub("PO Box", text) if style != "as_written" else text


def _reason(record: Record, fields: Mapping[str, str | None]) -> str:
    moved = [part.replace("_", " ") for part in TAKEN_OUT if fields.get(part)]
    if "street" in fields and moved and fields["street"] != record["street"]:
        return f"{', '.join(moved)} told apart"
    return "capitals or abbreviations" if fields.get("street", record["street"]) != record["street"] else ""
