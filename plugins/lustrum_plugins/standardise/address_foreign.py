"""An address outside the United States: house number and road, in the order of its country, where that is sure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from lustrum_plugins.standardise.city_case import capitalised
from lustrum_plugins.standardise.word_tables import rows

_NUMBER = r"\d{1,5}(?:\s?[a-zA-Z](?![^\W_]))?(?:\s?[-–]\s?\d{1,5}[a-zA-Z]?)?(?:\s(?:bis|ter|quater))?"
_NUMBER_FIRST = re.compile(rf"(?P<number>{_NUMBER}),?\s(?P<road>[^\d,;/]+)", re.IGNORECASE)
_ROAD_FIRST = re.compile(
    rf"(?P<road>(?:[^\d,;]|\d{{1,2}}\.(?=\s))+?)[\s,]+(?:n[ro]\.?:?\s?|n[°º]\s?)?(?P<number>{_NUMBER}(?:/\d{{1,4}}[a-zA-Z]?)?)\.?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]")
_ORDINAL = re.compile(r"\b\d+(?:ST|ND|RD|TH|E|ER|ÈME|EME)\b")
_DIGITS = re.compile(r"\S*\d\S*")


def house_and_road(text: str, country: str | None) -> tuple[str, str] | None:
    """Tell the house number from the road where the country's order leaves no doubt.

    >>> house_and_road("Straße des 17. Juni 135", "DE"), house_and_road("12 bis, rue de la Paix", "FR")
    (('135', 'Straße des 17. Juni'), ('12 bis', 'rue de la Paix'))
    >>> house_and_road("Flat 2, 10 High Street", "GB"), house_and_road("10 High Street", None)
    (None, None)
    """
    pattern = {"number_first": _NUMBER_FIRST, "road_first": _ROAD_FIRST}.get(_orders().get(country or "", ""))
    match = pattern.fullmatch(text) if pattern else None
    road = match["road"].strip(" ,") if match else ""
    return (match["number"], road) if match and len(_WORD.findall(road)) > 2 else None


@cache
def _orders() -> Mapping[str, str]:
    return {row["country"]: row["order"] for row in rows("address_orders")}


def with_capitals(text: str, country: str | None) -> str:
    """Write an address that is all in capitals or all in small letters in its usual case; what holds digits stays.

    >>> with_capitals("12 RUE DE LA PAIX", "FR"), with_capitals("hauptstr. 5a", "DE")
    ('12 Rue de la Paix', 'Hauptstr. 5a')
    >>> with_capitals("LONDON SW1A 2AA", None)
    'London SW1A 2AA'
    """
    cased = capitalised(text, country)
    if len(cased) != len(text):
        return text
    pieces = list(cased)
    for match in _DIGITS.finditer(text):
        pieces[match.start() : match.end()] = match[0].lower() if _ORDINAL.fullmatch(match[0]) else match[0]
    return "".join(pieces)
