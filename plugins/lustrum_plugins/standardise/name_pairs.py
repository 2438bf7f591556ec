"""Many pairs of a first and a last name at once: the facts of each, put together as the step's function would.

Beside what each says by itself a pair matters only where one name is repeated in the other, both only fill their field,
a legal form reaches from one into the other, or capitals of the last name tell how a short first name is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

import polars as pl

from lustrum_plugins.standardise.name_case import Case
from lustrum_plugins.standardise.name_facts import FirstFacts, LastFacts, first_facts, last_facts
from lustrum_plugins.standardise.name_fields import Parts, Way

COMPARABLE = "^[\u0020-\u007e\u00a1-\u017f\u0218-\u021b\u0386-\u03ce\u0400-\u045f]*$"
"""Texts whose letters differ in case only where their small letters are the same, by any version of Unicode."""

_FLAGS = frozenset({"first_filler", "form_begins", "last_loud", "last_filler", "form_closes"})


def names_at_once(
    inputs: pl.DataFrame,
    *,
    parts: Parts = ("first_name", "last_name"),
    order: Literal["unknown", "given_first"] = "unknown",
    case: Case = "repair",
    household: bool = False,
) -> pl.DataFrame:
    """Say of many inputs what `standardise.person_name` says of each, where both names stand in their own fields.

    >>> names = pl.DataFrame({"first_name": ["Dr. JO", "Jo", None], "last_name": ["DOE", "GmbH", "Doe"]})
    >>> names_at_once(names.with_columns(full_name=None)).select("first_name", "last_name", "_claimed").rows()[:2]
    [('Jo', 'Doe', True), ('Jo', None, False)]
    """
    way = Way(parts, order == "given_first", case, household)
    pairs = _pairs(inputs, way)
    claimed = pairs["claimed"] & (pairs["reason"].is_null() | _stays(pairs, way))
    if "full_name" in parts:
        claimed &= pairs.select(_full_is_empty_or_alike()).to_series()
    return pairs.select(*_written(parts), _reason="reason", _claimed=claimed.fill_null(value=False))


def _written(parts: Parts) -> Iterator[pl.Expr]:
    values = {
        "first_name": pl.col("first"),
        "last_name": pl.col("last_written"),
        "full_name": pl.concat_str("first", pl.lit(" "), "last_written"),
        "salutation": pl.col("salutation"),
    }
    for part in parts:
        value = values.get(part, pl.lit(None, pl.String))
        yield value.alias(part)
        yield value.is_null().alias(f"_keep_{part}")


def _pairs(names: pl.DataFrame, way: Way) -> pl.DataFrame:
    firsts = _facts(FirstFacts, first_facts, names["first_name"], way)
    lasts = _facts(LastFacts, last_facts, names["last_name"], way)
    told = names.with_row_index("row")
    for facts, field in ((firsts, "first_name"), (lasts, "last_name")):
        told = told.join(facts, on=field, how="left", maintain_order="left")
    both_fill = pl.col("first_filler") & pl.col("last_filler")
    form = pl.col("form_begins") & pl.col("form_closes")
    return told.with_columns(
        pl.when("last_loud").then("first_shouted").otherwise("first_written").alias("first"),
        (~both_fill & ~form & ~_is_repeated()).fill_null(value=False).alias("claimed"),
    )


def _facts(
    kind: type[NamedTuple], facts: Callable[[str, Way], tuple[object, ...]], names: pl.Series, way: Way
) -> pl.DataFrame:
    schema = {name: pl.Boolean() if name in _FLAGS else pl.String() for name in kind._fields}
    return pl.DataFrame([facts(name, way) for name in names.unique().drop_nulls()], schema, orient="row")


def _is_repeated() -> pl.Expr:
    first, last = pl.col("first_folded"), pl.col("last_folded")
    within = first.str.ends_with(pl.concat_str(pl.lit(" "), last)) | last.str.starts_with(first + " ")
    titled = pl.col("first_titled")
    return within | ((titled == last) & titled.str.contains(" ", literal=True))


def _full_is_empty_or_alike() -> pl.Expr:
    """Say whether the full name is both names, in either order, but for case and blanks between them."""
    given = pl.col("full_name")
    full = given.str.replace_all(" +", " ").str.strip_chars(" ").str.to_lowercase()
    orders = (("first_plain", pl.lit(" "), "last_plain"), ("last_plain", pl.lit(", "), "first_plain"))
    alike = [full == pl.concat_str(order).str.to_lowercase() for order in orders]
    return given.is_null() | (given.str.contains(COMPARABLE) & pl.any_horizontal(alike))


def _stays(pairs: pl.DataFrame, way: Way) -> pl.Series:
    """Say of which pairs with a title what is written reads the same again; of no others."""
    titled = pairs.filter(pl.col("claimed") & pl.col("reason").is_not_null())
    if titled.is_empty() or "full_name" in way.parts or not {"first_name", "last_name"} <= {*way.parts}:
        return pl.zeros(pairs.height, pl.Boolean(), eager=True)
    again = _pairs(titled.select(first_name="first", last_name="last_written"), way)
    firsts = (again[name] == again["first_name"] for name in ("first_plain", "first"))
    lasts = (again[name] == again["last_name"] for name in ("last_plain", "last_written"))
    same = again["claimed"] & again["reason"].is_null()
    for agreed in (*firsts, *lasts):
        same &= agreed
    return pairs["row"].is_in(titled["row"].filter(same).implode())
