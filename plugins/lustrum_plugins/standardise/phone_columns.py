"""What `standardise.phone` says of many inputs at once; what it leaves open, the step is asked."""

from __future__ import annotations

import polars as pl

from lustrum import Attempt
from lustrum_plugins.standardise import phone_cells
from lustrum_plugins.standardise.phone_reading import FILLED, FROM_ABROAD, OLD_MOBILE_MEXICO, WHY_NOT, region

_ALL = Attempt()
_NOT_VALID = 99
_LETTER = "[A-Za-z]"
_FAILED = pl.col("code").is_not_null()


def phones_at_once(
    inputs: pl.DataFrame,
    *,
    format: str = "E164",  # noqa: A002  # the word users look for
    default_country: str | None = None,
    extension: str = "drop",
    several: str = "refuse",  # noqa: ARG001  # cells with several numbers are left open
    vanity: bool = False,  # noqa: ARG001  # cells with words are left open
    attempt: Attempt = _ALL,
) -> pl.DataFrame:
    """Standardise phones as the step does, those of the usual shapes; `_claimed` says which.

    >>> said = phones_at_once(pl.DataFrame({"phone": ["030 23125001", "1-800-LAMP"], "country": ["Germany", None]}))
    >>> said["value"].to_list(), said["_claimed"].to_list()
    (['+493023125001', None], [True, False])
    """
    cells = phone_cells.plain_phones(inputs["phone"])
    read = _read(cells, _regions(inputs["country"].cast(pl.String), default_country))
    read = read.with_columns(claimed=pl.col("claimed") & phone_cells.is_one_number(cells) & ~_is_list(read))
    if attempt.tries("international_prefix"):
        read = _read_from_abroad(read)
    read = read.with_columns(claimed=pl.col("claimed") & (~_FAILED | _is_plain_failure()) & ~_is_pair(read))
    filled = phone_cells.is_filler(cells)
    read = read.with_columns(
        claimed=pl.col("claimed") | filled, code=pl.when(filled).then(pl.lit("placeholder")).otherwise("code")
    )
    return _answered(read, extension == "keep", format == "E164")


def _regions(countries: pl.Series, default: str | None) -> pl.Series:
    given = countries.replace("", None).fill_null(default or "")
    known = {country: region(country) if country else None for country in given.unique()}
    return given.replace_strict(known, return_dtype=pl.String)


def _read(cells: pl.Series, regions: pl.Series) -> pl.DataFrame:
    """Read cells as `read_number` does: `e164` and `extension`, or the `code` of a failure."""
    from lustrum_plugins.phones.reader import read_phones

    facts = read_phones(cells, regions).drop("region")
    read = facts.with_columns(cell=cells, place=regions).with_row_index("row").with_columns(code=_code())
    return read.drop("error", "type", "length").with_columns(reason=pl.lit(""))


def _code() -> pl.Expr:
    from lustrum_plugins.phones.numbers import Error
    from lustrum_plugins.phones.plans import LOCAL_ONLY, TOO_LONG, TOO_SHORT

    error, length = pl.col("error"), pl.col("length")
    is_nowhere = pl.col("place").is_null() & ~pl.col("cell").str.starts_with("+")
    return (
        pl.when((error == Error.NONE) & (pl.col("type") != _NOT_VALID))
        .then(pl.lit(None, pl.String))
        .when(length.is_in([TOO_SHORT, LOCAL_ONLY]) | error.is_in([Error.TOO_SHORT_NSN, Error.TOO_SHORT_AFTER_IDD]))
        .then(pl.lit("too_short"))
        .when((length == TOO_LONG) | (error == Error.TOO_LONG))
        .then(pl.lit("too_long"))
        .when(error == Error.NONE)
        .then(pl.lit("invalid_for_country"))
        .when((error == Error.INVALID_COUNTRY_CODE) & is_nowhere)
        .then(pl.lit("country_unknown"))
        .otherwise(pl.lit("not_a_phone_number"))
    )


def _is_list(read: pl.DataFrame) -> pl.Series:
    """Say in which cells a part between slashes is, or may be, a number of its own."""
    parts = phone_cells.parts_of(read["cell"])
    found = _read(parts["part"], read["place"].gather(parts["row"]))
    may_be = parts["row"].filter(~found["claimed"] | found["code"].is_null())
    return read["row"].is_in(may_be.implode())


def _read_from_abroad(read: pl.DataFrame) -> pl.DataFrame:
    """Read the failures once more, a prefix for calls abroad as `+`."""
    failed = read.filter(pl.col("claimed") & _FAILED)
    mended = phone_cells.from_abroad(failed["cell"])
    is_mended = mended != failed["cell"]
    again = _read(mended.filter(is_mended), pl.Series([None], dtype=pl.String).new_from_index(0, int(is_mended.sum())))
    again = again.with_columns(row=failed["row"].filter(is_mended), reason=pl.lit(FROM_ABROAD))
    lost = again.filter(~pl.col("claimed") | pl.col("cell").str.contains(_LETTER)).select("row", claimed=False)
    found = again.filter(pl.col("claimed") & ~_FAILED).select("row", "e164", "reason", code=pl.lit("", pl.String))
    read = read.update(lost, on="row").update(found, on="row")
    return read.with_columns(code=pl.col("code").replace("", None))


def _is_plain_failure() -> pl.Expr:
    """Say which failures have no other reading: neither a Mexican mobile of old nor letters that may be slips."""
    has_letters = pl.col("cell").str.contains(_LETTER)
    is_old = pl.col("e164").str.starts_with(OLD_MOBILE_MEXICO).fill_null(False)
    is_sure = pl.col("code").is_in(["too_short", "invalid_for_country", "country_unknown"])
    return pl.when(has_letters).then(is_sure).otherwise((pl.col("code") != "too_long") | ~is_old)


def _is_pair(read: pl.DataFrame) -> pl.Series:
    """Say which cells with too many digits are, or may be, two numbers side by side."""
    long = read.filter(pl.col("claimed") & (pl.col("code") == "too_long"))
    halves = phone_cells.halves_of(long["cell"])
    rows = long["row"].gather(halves["row"])
    left, right = (_read(halves[side], read["place"].gather(rows)) for side in ("left", "right"))
    may_be = [~half["claimed"] | half["code"].is_null() for half in (left, right)]
    return read["row"].is_in(rows.filter(may_be[0] & may_be[1]).implode())


def _answered(read: pl.DataFrame, with_extension: bool, is_e164: bool) -> pl.DataFrame:
    dialled = pl.col("extension")
    told = pl.format(";ext={}", dialled) if with_extension else pl.lit("")
    left_out = pl.lit(None, pl.String) if with_extension else pl.format("extension {} left out", dialled)
    reason = pl.when(_FAILED).then(None).otherwise(pl.coalesce(left_out, pl.col("reason")))
    return read.select(
        value=pl.when(~_FAILED).then(pl.col("e164") + told.fill_null("")),
        _code=pl.col("code"),
        _message=pl.col("code").replace_strict({**WHY_NOT, "placeholder": FILLED}, default=None),
        _reason=pl.when(reason != "").then(reason),
        _claimed=pl.col("claimed").fill_null(False) & is_e164,
    )
