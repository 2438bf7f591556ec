"""Made-up leads by the million: dirty, of 48 regions, and the same for the same seed.

Nobody in them exists; the words are those of `fixtures/generate_leads.py`, whose few thousand leads are made one by
one. A lead depends on the seed and its number only: fewer leads are the beginning of more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import polars as pl
import pycountry
from babel import Locale
from benchmarks.performance.chance import Chance
from benchmarks.performance.dirt import spoilt
from benchmarks.performance.phone_lines import Forms, lines_of, written
from fixtures.generate_leads import ascii_of, read_tables

CHUNK = 10_000
POOLS = 2**32 - 1
"""The chunk whose chances the pools are made by."""

COLUMNS = (
    "id", "first_name", "last_name", "email", "phone", "country", "state", "city", "postal_code", "company", "title",
    "website", "source", "created_at", "score",
)  # fmt: skip
LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "sv", "pl")
FREE_MAIL = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "gmx.de", "icloud.com", "gmial.com", "qq.com")


@dataclass(frozen=True, slots=True)
class Region:
    """What leads of one region are made of."""

    code: str
    weight: int
    countries: Sequence[str]
    states: Sequence[str]
    places: Sequence[tuple[str, str]]
    first: Sequence[str]
    last: Sequence[str]
    forms: Sequence[str]
    lines: Sequence[Forms]


@dataclass(frozen=True, slots=True)
class Pools:
    """What all leads are made of."""

    regions: Sequence[Region]
    words: Mapping[str, Sequence[str]]
    lasts: Mapping[str, str]
    """How an address writes a name."""


@cache
def pools(seed: int = 1) -> Pools:
    """Collect what leads are made of."""
    tables = read_tables()
    chance = Chance(seed, POOLS)
    regions = [_region(row, tables.names[row["culture"]], chance) for _, row in tables.regions[:48]]
    names = {name for region in regions for name in (*region.first, *region.last)}
    return Pools(regions, tables.words, {name: ascii_of(name) or "lead" for name in names})


def _region(row: Mapping[str, str], names: Mapping[str, str], chance: Chance) -> Region:
    code, spellings = row["region"], row["spellings"].split("|")
    foreign = [Locale(language).territories[code] for language in LANGUAGES]
    subdivisions = cast("Any", pycountry.subdivisions)
    divisions = list(subdivisions.get(country_code=code) or ())[:60]
    places = [place.split("/") for place in row["places"].split("|")]
    return Region(
        code=code,
        weight=int(row["weight"]),
        countries=[code] * len(spellings) + spellings + foreign,
        states=[text for each in divisions for text in (each.name, each.code.partition("-")[2])] or [places[0][1]],
        places=[(city, postal) for city, _, postal in places],
        first=names["first"].split("|"),
        last=names["last"].split("|"),
        forms=row["legal_forms"].split("|"),
        lines=lines_of(code, chance),
    )


def frames(count: int, seed: int = 1) -> Iterator[pl.DataFrame]:
    """Give this many leads, all cells as text, chunk by chunk."""
    for number in range(-(-count // CHUNK)):
        chance = Chance(seed, number)
        cells = {column: spoilt(chance, column, clean) for column, clean in tidy(number, pools(seed), chance).items()}
        yield pl.DataFrame(cells, schema=dict.fromkeys(COLUMNS, pl.String)).head(count - number * CHUNK)


def tidy(number: int, made: Pools, chance: Chance) -> dict[str, list[str]]:
    """Make up one chunk of leads, before their cells are spoilt."""
    regions = chance.weigh([(region.weight, region) for region in made.regions], CHUNK)
    first, last = chance.of(region.first for region in regions), chance.of(region.last for region in regions)
    places = chance.of(region.places for region in regions)
    names = _companies(chance, regions, last, made)
    domains = [f"{ascii_of(name)}.example{'.com' if roll < 0.6 else ''}" for name, roll in _rolled(chance, names)]
    return {
        "id": [f"L{number * CHUNK + row:08}" for row in range(CHUNK)],
        "first_name": first,
        "last_name": last,
        "email": _emails(chance, first, last, domains, made),
        "phone": written(chance, [region.lines for region in regions]),
        "country": chance.of(region.countries for region in regions),
        "state": chance.of(region.states for region in regions),
        "city": [city for city, _ in places],
        "postal_code": [postal for _, postal in places],
        "company": [f"{name} {form}" for name, form in zip(names, chance.of(r.forms for r in regions), strict=True)],
        "title": chance.pick(made.words["title"], CHUNK),
        "website": [f"https://www.{domain}" for domain in domains],
        "source": chance.pick(made.words["lead_source"], CHUNK),
        "created_at": _moments(chance),
        "score": [str(points) for points in chance.below(101, CHUNK)],
    }


def _rolled(chance: Chance, texts: Sequence[str]) -> Iterator[tuple[str, float]]:
    return zip(texts, chance.rolls(len(texts)), strict=True)


def _companies(chance: Chance, regions: Sequence[Region], last: Sequence[str], made: Pools) -> list[str]:
    coined, sectors = (chance.pick(made.words[kind], len(regions)) for kind in ("coined", "sector"))
    owned = zip(coined, sectors, last, chance.rolls(len(regions)), strict=True)
    return [f"{name} {coin} {sector}" if roll < 0.4 else f"{coin} {sector}" for coin, sector, name, roll in owned]


def _emails(
    chance: Chance, first: Sequence[str], last: Sequence[str], domains: Sequence[str], made: Pools
) -> list[str]:
    free, numbers = chance.pick(FREE_MAIL, CHUNK), chance.below(1_000_000, CHUNK)
    parts = zip(first, last, domains, free, numbers, chance.rolls(CHUNK), strict=True)
    plain = made.lasts
    return [
        f"{plain[one]}.{plain[other]}{number}@{mailer if roll < 0.35 else domain}"
        for one, other, domain, mailer, number, roll in parts
    ]


def _moments(chance: Chance) -> list[str]:
    parts = (chance.below(limit, CHUNK) for limit in (12, 28, 24, 60, 60))
    return [
        f"2025-{month + 1:02}-{day + 1:02}T{hour:02}:{minute:02}:{second:02}Z"
        for month, day, hour, minute, second in zip(*parts, strict=True)
    ]
