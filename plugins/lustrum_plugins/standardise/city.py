"""The step that standardises a city."""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from lustrum import Answer, Failed, step
from lustrum_plugins.standardise.city_case import capitalised, needs_capitals
from lustrum_plugins.standardise.country import find_country
from lustrum_plugins.standardise.country_phrases import state_names
from lustrum_plugins.standardise.place_text import fold, is_placeholder, segments, tidy
from lustrum_plugins.standardise.postal_formats import clean, format_of, told_by
from lustrum_plugins.standardise.state_text import WORDS, by_name

_LONGEST = 200
_FOREIGN = re.compile(r"@|://|www\.")
_CITY_STATE = frozenset({"US", "CA", "AU"})
_NAME_PARTS = frozenset({"la"})
_EDGE = " ,;-–—_*"
_SIGNS = frozenset(" '’.-")
_MANGLED = frozenset("ÃÂÐÑØÙâ")


def cities_at_once(inputs: pl.DataFrame) -> pl.DataFrame:
    """Say what `city` says, once for each city, where neither country nor state can change it."""
    cities = inputs["city"].unique()
    told = pl.DataFrame(
        [_told(city) if _stands_alone(tidy(city)[:_LONGEST]) else (None, None, None, None, False) for city in cities],
        schema={**dict.fromkeys(("value", "_reason", "_code", "_message"), pl.String), "_claimed": pl.Boolean},
        orient="row",
    )
    joined = inputs.select("city").join(told.with_columns(cities), on="city", how="left", maintain_order="left")
    return joined.drop("city")


@lru_cache(maxsize=1 << 15)
def _told(text: str) -> tuple[str | None, str | None, str | None, str | None, bool]:
    said = city(text)
    if isinstance(said, Failed):
        return None, None, said.code, said.message, True
    return said.value, said.reason, None, None, True


def _stands_alone(text: str) -> bool:
    """Say whether a tidy text has no part that may be a state, country or postal code, and no letter ij."""
    last = text.rpartition(" ")[2]
    if len(segments(text)) > 1 or "ij" in text.lower().replace("i̇", "i"):
        return False
    if last == text:
        return True
    plain = all(sign.isalpha() or sign in _SIGNS for sign in text) and not _MANGLED & set(text)
    return plain and not 2 <= len(fold(last)) <= 3


@step("standardise.city", vectorised=cities_at_once)
def city(city: str, country: str | None = None, state: str | None = None) -> Answer | Failed:
    """Write a city with tidy spaces and capitals, without the state, country or postal code beside it.

    Capitals are set only where all letters are large or all are small; particles and apostrophes are kept
    ("Stratford-upon-Avon", "L'Aquila"). The name stays in its language. The country and the state (codes or names)
    tell which words beside the city are a state or a postal code.

    Fails with `placeholder` (stands for "not told"), `not_a_city` (no name is left, or it is an address of the net).

    >>> city("  NEW  YORK, NY ", "US").value, city("10115 Berlin", "DE").value, city("'S-HERTOGENBOSCH").value
    ('New York', 'Berlin', "'s-Hertogenbosch")
    >>> city("12345").code
    'not_a_city'
    """
    if is_placeholder(city):
        return Failed("placeholder", f"“{city}” stands for a city not told")
    text, home = tidy(city)[:_LONGEST], find_country(country)
    if _FOREIGN.search(text):
        return Failed("not_a_city", f"“{city}” is an address of the net, not a city")
    name = _without_postal_code(_without_region(_without_postal_code(text, home), home, state), home)
    if not any(c.isalpha() for c in name):
        return Failed("not_a_city", f"“{city}” has no name of a city in it")
    value = capitalised(name, home) if needs_capitals(name) else name
    if tidy(value) != value:
        return Failed("not_a_city", f"“{city}” holds characters of a broken encoding")
    return Answer(value, reason="" if value == city else "spaces, capitals, region or postal code")


def _without_region(text: str, country: str | None, state: str | None) -> str:
    parts = segments(text)
    while len(parts) > 1 and (_is_region(parts[-1], country, state) or _is_postal_code(parts[-1], country)):
        parts.pop()
        if len(parts) == 1:
            return parts[0]
    name, _, last = text.rpartition(" ")
    return (name if name and _ends_in_state(text, last, country, state) else text).strip(_EDGE)


def _ends_in_state(text: str, last: str, country: str | None, state: str | None) -> bool:
    if country is None or not 2 <= len(fold(last)) <= 3:
        return False
    here = by_name(last, country)
    if not here or (state and by_name(state, country) != here):
        return False
    if (last.isupper() and not text.isupper()) or state:
        return True
    return country in _CITY_STATE and fold(last) not in (_NAME_PARTS if text.isupper() else WORDS)


def _is_region(part: str, country: str | None, state: str | None) -> bool:
    if state and fold(part) == fold(state):
        return True
    if country is None:
        return find_country(part) is not None or fold(part) in state_names()
    return bool(by_name(part, country)) or find_country(part) == country


def _without_postal_code(text: str, country: str | None) -> str:
    words = text.split(" ")
    for size in (2, 1):
        for head, tail in ((words[:size], words[size:]), (words[-size:], words[:-size])):
            if tail and _is_postal_code(" ".join(head), country):
                return " ".join(tail).strip(_EDGE)
    return text


def _is_postal_code(text: str, country: str | None) -> bool:
    code = clean(text)
    if sum(c.isdigit() for c in code) < 2:
        return False
    if country is None:
        return bool(told_by(code)) or (code.isdigit() and len(code) >= 5)
    known = format_of(country)
    spelt = known.spell(code) if known else None
    return spelt is not None and (len(code) >= 4 or not code.isdigit())
