"""What is known of numbers once they are read, as a frame."""

from __future__ import annotations

import numpy as np
import polars as pl

from lustrum_plugins.phones.digits import HELD
from lustrum_plugins.phones.kinds import UNKNOWN_TYPE
from lustrum_plugins.phones.numbers import Error, Numbers, digits_in
from lustrum_plugins.phones.reading import LONGEST_NATIONAL
from lustrum_plugins.phones.states import LONGEST
from lustrum_plugins.phones.walking import Rows

FACTS = pl.Schema(
    {
        "claimed": pl.Boolean,
        "error": pl.Int8,
        "e164": pl.String,
        "region": pl.String,
        "type": pl.Int8,
        "length": pl.Int8,
        "extension": pl.String,
    }
)
_NO_TYPE = 99
"""What phonenumbers calls the type of a number that is not valid."""


def facts_of(numbers: Numbers, extensions: pl.Series) -> pl.DataFrame:
    """Give a row a number: `Error` and nothing else where it has one, the E.164 text and what kind it is elsewhere."""
    code = numbers.code
    is_read = ~numbers.is_open & (numbers.error == Error.NONE)
    is_held = digits_in(code) + numbers.lengths <= HELD
    kind = numbers.walker.says(numbers.automata.kinds[code], numbers.places, np.where(is_read, numbers.lengths, 0))
    number_type = np.where(kind % 16 == UNKNOWN_TYPE, _NO_TYPE, kind % 16)
    main = numbers.automata.main[code]
    facts = pl.DataFrame(
        {
            "claimed": ~numbers.is_open & (is_held | ~is_read),
            "error": numbers.error.astype(np.int8),
            "e164": _e164(numbers),
            "region": _regions(numbers, kind // 16),
            "type": number_type.astype(np.int8),
            "length": numbers.automata.lengths[main, np.minimum(numbers.lengths, LONGEST)].astype(np.int8),
            "extension": extensions,
        }
    )
    return facts.with_columns(pl.when(pl.lit(pl.Series(is_read))).then(pl.exclude("claimed", "error")))


def _e164(numbers: Numbers) -> pl.Series:
    scale = np.uint64(10) ** np.clip(numbers.lengths, 0, LONGEST_NATIONAL).astype(np.uint64)
    value = numbers.code.astype(np.uint64) * scale + numbers.digits.values() % scale
    return pl.select("+" + pl.lit(pl.Series(value)).cast(pl.String)).to_series()


def _regions(numbers: Numbers, place: Rows) -> pl.Series:
    names = pl.Series([None, *numbers.automata.regions], dtype=pl.String)
    return names.gather(place)
