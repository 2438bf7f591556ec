"""American addresses: each part told from the others, field by field."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any

from benchmarks.accuracy.contest import Case, Goal, Table, Verdict, exact

from lustrum import Answer, Failed
from lustrum_plugins.standardise.address import Parts, address

_FIELDS = {
    "house_number": "house_number",
    "road": "road",
    "unit": "unit",
    "po_box": "po_box",
    "house": "landmark",
    "LandmarkName": "landmark",
    "city": "city",
    "state": "state",
    "postcode": "postal_code",
}
_PARTS: Parts = ("street", "house_number", "road", "unit", "po_box", "landmark", "city", "state", "postal_code")


def _case(field: str, row: Mapping[str, str]) -> Case:
    told = {_FIELDS.get(name, name): text for name, text in json.loads(row["components"])}
    given = {"address": row["raw"], "country": row["country_hint"], "field": field}
    return Case(row["id"], row["slice"], given, told.get(field))


def _judge(case: Case, answer: str | None) -> Verdict:
    asked = Case(case.id, case.slice, case.given, _bare(case.expected))
    return exact(asked, _bare(answer))


def _bare(text: str | None) -> str | None:
    return " ".join(text.lower().split()).strip(" ,;.") if text else None


def _lustrum(case: Case) -> str | None:
    reply = address(case.given["address"], case.given["country"] or None, parts=_PARTS)
    if isinstance(reply, Failed):
        return None
    return (reply.value if isinstance(reply, Answer) else reply).get(case.given["field"])


def _usaddress(case: Case) -> str | None:
    library: Any = import_module("usaddress")
    try:
        tagged, _ = library.tag(case.given["address"], tag_mapping=_labels(library.LABELS))
    except library.RepeatedLabelError:
        return None
    found: str | None = tagged.get(case.given["field"])
    return found


def _labels(labels: list[str]) -> dict[str, str]:
    starts = {
        "AddressNumber": "house_number",
        "StreetName": "road",
        "Occupancy": "unit",
        "USPSBoxType": "po_box",
        "USPSBoxID": "po_box",
        "BuildingName": "landmark",
        "LandmarkName": "landmark",
        "PlaceName": "city",
        "StateName": "state",
        "ZipCode": "postal_code",
    }
    return {label: part for label in labels for start, part in starts.items() if label.startswith(start)}


def _table(field: str) -> Table:
    case: Callable[[Mapping[str, str]], Case] = partial(_case, field)
    goals = (Goal(right=0.97),)
    contenders = {"lustrum": _lustrum, "usaddress": _usaddress}
    return Table(f"addresses, {field.replace('_', ' ')}", "addresses.csv", case, _judge, contenders, goals)


TABLES = tuple(_table(field) for field in _PARTS if field != "street")
