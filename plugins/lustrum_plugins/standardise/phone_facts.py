"""What many phone cells are read as, each in its region, with the codes of the failures of `standardise.phone`."""

from __future__ import annotations

import polars as pl

from lustrum_plugins.standardise.phone_reading import region

_NOT_VALID = 99


def regions_of(countries: pl.Series, default: str | None) -> pl.Series:
    """Give the region of each country, a code or a name; where there is none, that of the default."""
    given = countries.replace("", None).fill_null(default or "")
    known = {country: region(country) if country else None for country in given.unique()}
    return given.replace_strict(known, return_dtype=pl.String)


def read_cells(cells: pl.Series, regions: pl.Series) -> pl.DataFrame:
    """Read cells as `read_number` does: `e164` and `extension`, or the `code` of a failure, where `claimed`."""
    from lustrum_plugins.phones.numbers import Error
    from lustrum_plugins.phones.reader import read_phones

    facts = read_phones(cells, regions).with_columns(cell=cells, place=regions)
    failed = facts.select((pl.col("error") != Error.NONE) | (pl.col("type") == _NOT_VALID)).to_series().arg_true()
    code = pl.repeat(None, len(cells), dtype=pl.String, eager=True)
    code = code.scatter(failed, facts[failed].select(_code()).to_series())
    return facts.select("claimed", "e164", "extension", "cell", "place", code.alias("code"))


def _code() -> pl.Expr:
    """Say why what could not be read is no number."""
    from lustrum_plugins.phones.numbers import Error
    from lustrum_plugins.phones.plans import LOCAL_ONLY, TOO_LONG, TOO_SHORT

    error, length = pl.col("error"), pl.col("length")
    is_nowhere = pl.col("place").is_null() & ~pl.col("cell").str.starts_with("+")
    return (
        pl.when(length.is_in([TOO_SHORT, LOCAL_ONLY]) | error.is_in([Error.TOO_SHORT_NSN, Error.TOO_SHORT_AFTER_IDD]))
        .then(pl.lit("too_short"))
        .when((length == TOO_LONG) | (error == Error.TOO_LONG))
        .then(pl.lit("too_long"))
        .when(error == Error.NONE)
        .then(pl.lit("invalid_for_country"))
        .when((error == Error.INVALID_COUNTRY_CODE) & is_nowhere)
        .then(pl.lit("country_unknown"))
        .otherwise(pl.lit("not_a_phone_number"))
    )
