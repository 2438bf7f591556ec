"""Many states and their countries at once: those that are a name or code of one state, by a table of each country."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

import polars as pl

from lustrum import Answer, Attempt, Failed
from lustrum_plugins.standardise.answer_columns import told_in_columns
from lustrum_plugins.standardise.country import find_country
from lustrum_plugins.standardise.place_text import fold, is_placeholder
from lustrum_plugins.standardise.state_answers import filler, without_country
from lustrum_plugins.standardise.state_text import BY_NAME, reads_back, state_text
from lustrum_plugins.standardise.subdivisions import StateFormat, names_in, written_as

_REMEMBERED = 50_000


def states_at_once(
    inputs: pl.DataFrame,
    *,
    format: StateFormat = "code",  # noqa: A002 - the option's name
    attempt: Attempt = Attempt(),  # noqa: B008 - an Attempt is frozen
) -> pl.DataFrame:
    """Say of many inputs what `standardise.state` says of each, but for what more than its name must tell.

    >>> states_at_once(pl.DataFrame({"state": ["Calif.", "Narnia"], "country": ["US", "US"]}))["value"].to_list()
    ['US-CA', None]
    """
    states, countries = inputs["state"].unique(), inputs["country"].unique().drop_nulls()
    homes = pl.Series([find_country(country) for country in countries], dtype=pl.String)
    names = pl.Series([_name(state) for state in states], dtype=pl.String)
    told = inputs.join(pl.DataFrame([states, names.alias("name")]), on="state", how="left", maintain_order="left")
    told = told.join(
        pl.DataFrame([countries, homes.alias("home")]), on="country", how="left", maintain_order="left"
    ).join(_values(frozenset(homes.drop_nulls()), format), on=("home", "name"), how="left", maintain_order="left")
    others = _others(told, format)
    named = pl.col("value").is_not_null() & pl.lit(attempt.tries("names"))
    reason = pl.when(named & (pl.col("value") != pl.col("state"))).then(pl.lit(BY_NAME))
    return others.with_columns(
        told.select(
            pl.coalesce("value", others["value"]),
            pl.coalesce(reason, others["_reason"]).alias("_reason"),
            (named | others["_claimed"]).alias("_claimed"),
        )
    )


def _others(told: pl.DataFrame, form: StateFormat) -> pl.DataFrame:
    """Give what is said of states without a country, and of texts that only fill the field."""
    is_other = pl.col("home").is_null() | pl.col("name").is_null()
    rows = told.select(is_other).to_series().arg_true()
    asked = told.select("state", "home")[rows]
    pairs = asked.unique(maintain_order=True).with_row_index("place")
    found = asked.join(pairs, on=["state", "home"], how="left", nulls_equal=True, maintain_order="left")
    places = pl.repeat(None, told.height, dtype=pl.UInt32, eager=True).scatter(rows, found["place"])
    return told_in_columns([_other(state, home, form) for _, state, home in pairs.iter_rows()], places)


@lru_cache(_REMEMBERED)
def _other(state: str, home: str | None, form: StateFormat) -> Answer[str] | Failed | None:
    return filler(state, home) if home else without_country(state, form)


@lru_cache(_REMEMBERED)
def _name(state: str) -> str | None:
    text = state_text(state)
    return None if is_placeholder(text) else fold(text)


@lru_cache(maxsize=16)
def _values(homes: frozenset[str], form: StateFormat) -> pl.DataFrame:
    known = [(home, name, value) for home in sorted(homes) for name, value in _written(home, form).items()]
    return pl.DataFrame(known, dict.fromkeys(("home", "name", "value"), pl.String()), orient="row")


@cache
def _written(country: str, form: StateFormat) -> Mapping[str, str]:
    """Give what is written for the folded names that mean one state of a country."""
    meant = {name: codes for names in reversed(names_in(country)) for name, codes in names.items()}
    codes = {name: next(iter(codes)) for name, codes in meant.items() if len(codes) == 1}
    values = {code: written_as(code, form) for code in {*codes.values()}}
    sure = {code: value for code, value in values.items() if reads_back(value, country, form)}
    return {name: sure[code] for name, code in codes.items() if code in sure}
