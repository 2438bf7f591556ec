"""Reading a column of phone numbers, each in the region of its row, with the answers of phonenumbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import chain

import numpy as np
import polars as pl

from lustrum_plugins.phones.automata import Automata
from lustrum_plugins.phones.cache import automata
from lustrum_plugins.phones.digits import digits_of
from lustrum_plugins.phones.facts import FACTS, facts_of
from lustrum_plugins.phones.numbers import NO_PLAN, Error
from lustrum_plugins.phones.plans import NO_COUNTRY
from lustrum_plugins.phones.reading import read_digits
from lustrum_plugins.phones.shapes import PAIR, shaped, without_number
from lustrum_plugins.phones.states import LONGEST
from lustrum_plugins.phones.walking import Rows

SLICE = 1 << 17
"""So many texts are read at once, that memory stays flat."""
SHORTEST = 2
"""So few digits are a number only where nothing else stands there."""
_ODD_REGION = -2
"""Stands for a region in small letters, which phonenumbers knows sometimes."""


def read_phones(texts: pl.Series, regions: pl.Series) -> pl.DataFrame:
    """Read texts in regions (ISO 3166-1 alpha-2, or null), one row each.

    `claimed` rows are what phonenumbers says: the `error` it raises, or `Error.NONE` and the number's `e164`, `region`,
    `type` (99 where it is not valid), the class of its `length`, and `extension`. The others it must read itself.

    >>> read_phones(pl.Series(["030 23125001", "hello"]), pl.Series(["DE", None], dtype=pl.String)).rows()
    [(True, -1, '+493023125001', 'DE', 0, 0, None), (True, 1, None, None, None, None, None)]
    """
    slices = ((texts.slice(at, SLICE), regions.slice(at, SLICE)) for at in range(0, len(texts), SLICE))
    return pl.concat([pl.DataFrame(schema=FACTS), *(_read(*both) for both in slices)])


def _read(texts: pl.Series, regions: pl.Series) -> pl.DataFrame:
    tables = automata()
    cells, plans = shaped(texts), _plans(tables, regions)
    digits = digits_of(cells["number"])
    may_be = (digits.lengths <= LONGEST) & (plans[cells["row"].to_numpy()] != _ODD_REGION)
    few = cells.filter(digits.lengths <= SHORTEST).filter(pl.col("extension").is_null())
    is_pair = few["number"].str.contains(PAIR) & ~few["has_plus"]
    pairs, too_few = few["row"].filter(is_pair), few["row"].filter(~is_pair)
    fits = may_be & ((digits.lengths > SHORTEST) | cells["row"].is_in(pairs.implode()).to_numpy())
    if not fits.all():
        cells, digits = cells.filter(fits), digits.of(fits)
    rows = cells["row"].to_numpy().astype(np.int64)
    numbers = read_digits(tables, digits, cells["has_plus"].to_numpy(), plans[rows])
    return _in_place(facts_of(numbers, cells["extension"]), rows, texts, too_few)


def _plans(tables: Automata, regions: pl.Series) -> Rows:
    known = _places(tables.regions)
    return regions.replace_strict(known, default=NO_PLAN, return_dtype=pl.Int64).fill_null(NO_PLAN).to_numpy()


@cache
def _places(regions: tuple[str, ...]) -> Mapping[str, int]:
    places = {region: place for place, region in enumerate(regions) if region != NO_COUNTRY}
    small = ((region.lower(), region.capitalize(), region.capitalize().swapcase()) for region in places)
    return {**dict.fromkeys(chain.from_iterable(small), _ODD_REGION), **places}


def _in_place(facts: pl.DataFrame, rows: Rows, texts: pl.Series, too_few: pl.Series) -> pl.DataFrame:
    """Put facts into the rows they are about; the other rows are open, or said to be no number."""
    place = np.full(len(texts), facts.height, np.int64)
    place[rows] = np.arange(facts.height)
    others = np.flatnonzero(place == facts.height)
    place[too_few.to_numpy()] = facts.height + 1
    place[others[without_number(texts[others]).fill_null(False).to_numpy()]] = facts.height + 1
    said = pl.DataFrame({"claimed": [False, True], "error": [None, Error.NOT_A_NUMBER]}, schema_overrides=FACTS)
    return pl.concat([facts, said], how="diagonal")[place]
