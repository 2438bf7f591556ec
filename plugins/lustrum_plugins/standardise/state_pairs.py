"""Many states and their countries at once: those that are a name or code of one state, by a table of each country."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

import polars as pl

from lustrum import Attempt
from lustrum_plugins.standardise.country import find_country
from lustrum_plugins.standardise.place_text import fold, is_placeholder
from lustrum_plugins.standardise.state_text import BY_NAME, reads_back, state_text
from lustrum_plugins.standardise.subdivisions import StateFormat, names_in, written_as

_REMEMBERED = 50_000


def states_at_once(
    inputs: pl.DataFrame,
    *,
    format: StateFormat = "code",  # noqa: A002 - the option's name
    attempt: Attempt = Attempt(),  # noqa: B008 - an Attempt is frozen
) -> pl.DataFrame:
    """Say of many inputs what `standardise.state` says of each, where a name or code stands alone, with its country.

    >>> states_at_once(pl.DataFrame({"state": ["Calif.", "Narnia"], "country": ["US", "US"]})).rows()
    [('US-CA', 'name or code of the state', True), (None, 'name or code of the state', False)]
    """
    states, countries = inputs["state"].unique(), inputs["country"].unique().drop_nulls()
    homes = pl.Series([find_country(country) for country in countries], dtype=pl.String)
    names = pl.Series([_name(state) for state in states], dtype=pl.String)
    told = inputs.join(pl.DataFrame([states, names.alias("name")]), on="state", how="left", maintain_order="left")
    told = told.join(
        pl.DataFrame([countries, homes.alias("home")]), on="country", how="left", maintain_order="left"
    ).join(_values(homes, format), on=("home", "name"), how="left", maintain_order="left")
    return told.select(
        "value",
        pl.when(pl.col("value") == pl.col("state")).then(pl.lit("")).otherwise(pl.lit(BY_NAME)).alias("_reason"),
        (pl.col("value").is_not_null() & pl.lit(attempt.tries("names"))).alias("_claimed"),
    )


@lru_cache(_REMEMBERED)
def _name(state: str) -> str | None:
    text = state_text(state)
    return None if is_placeholder(text) else fold(text)


def _values(homes: pl.Series, form: StateFormat) -> pl.DataFrame:
    known = [
        (home, name, value) for home in homes.unique().drop_nulls() for name, value in _written(home, form).items()
    ]
    return pl.DataFrame(known, dict.fromkeys(("home", "name", "value"), pl.String()), orient="row")


@cache
def _written(country: str, form: StateFormat) -> Mapping[str, str]:
    """Give what is written for the folded names that mean one state of a country."""
    meant = {name: codes for names in reversed(names_in(country)) for name, codes in names.items()}
    codes = {name: next(iter(codes)) for name, codes in meant.items() if len(codes) == 1}
    values = {code: written_as(code, form) for code in {*codes.values()}}
    sure = {code: value for code, value in values.items() if reads_back(value, country, form)}
    return {name: sure[code] for name, code in codes.items() if code in sure}
