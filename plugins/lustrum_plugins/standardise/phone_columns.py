"""What `standardise.phone` says of many inputs at once; what it leaves open, the step is asked."""

from __future__ import annotations

import polars as pl

from lustrum import Attempt
from lustrum_plugins.standardise import phone_cells
from lustrum_plugins.standardise.phone_facts import read_cells, regions_of
from lustrum_plugins.standardise.phone_reading import FILLED, FROM_ABROAD, OLD_MOBILE_MEXICO, SEVERAL, WHY_NOT

_ALL = Attempt()
_LETTER = "[A-Za-z]"
_LATE_PLUS = r"[0-9].*\+"
_FAILED = pl.col("code").is_not_null()


def phones_at_once(
    inputs: pl.DataFrame,
    *,
    format: str = "E164",  # noqa: A002  # the word users look for
    default_country: str | None = None,
    extension: str = "drop",
    several: str = "refuse",
    vanity: bool = False,  # noqa: ARG001  # cells with words are left open
    attempt: Attempt = _ALL,
) -> pl.DataFrame:
    """Standardise phones as the step does, those of the usual shapes; `_claimed` says which.

    >>> said = phones_at_once(pl.DataFrame({"phone": ["030 23125001", "1-800-LAMP"], "country": ["Germany", None]}))
    >>> said["value"].to_list(), said["_claimed"].to_list()
    (['+493023125001', None], [True, False])
    """
    if format != "E164":
        return inputs.select(_claimed=pl.repeat(value=False, n=pl.len(), dtype=pl.Boolean))
    cells = phone_cells.plain_phones(inputs["phone"])
    shapes = phone_cells.shapes_of(cells)
    read, lists = _read_with_parts(cells, regions_of(inputs["country"].cast(pl.String), default_country))
    is_one = read.select(pl.col("claimed") & shapes["is_told"]).to_series().scatter(lists["row"], False)
    read = _read_again(read.with_columns(is_one), attempt.tries("international_prefix"))
    read = _with_lists(read, lists.filter(shapes["is_told"].gather(lists["row"])), several == "refuse")
    return _answered(_with_fillers(read, shapes["is_filler"].arg_true()), extension == "keep")


def _read_with_parts(cells: pl.Series, places: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read cells and, in the same go, their parts between slashes; give the cells, and those that are lists.

    A list has its `numbers`: several, one that is written more than once, or none where the function must be asked.
    """
    parts = phone_cells.parts_of(cells)
    both = read_cells(pl.concat([cells, parts["part"]]), pl.concat([places, places.gather(parts["row"])]))
    found = both.tail(parts.height).select("claimed", number=pl.when(~_FAILED).then("e164"))
    whole = both.head(len(cells)).with_row_index("row").with_columns(reason=pl.lit(None, pl.String))
    return whole, _lists(parts.hstack(found))


def _lists(parts: pl.DataFrame) -> pl.DataFrame:
    part, number = ~pl.col("ended"), pl.col("number")
    told = parts.group_by("row", maintain_order=True).agg(
        numbers=number.filter(part).drop_nulls().unique(maintain_order=True),
        is_open=~pl.col("claimed").all(),
        is_whole=number.filter(part).is_not_null().all(),
        is_ended=number.filter(~part).is_not_null().any(),
    )
    is_several = pl.col("numbers").list.len() > 1
    told = told.filter(is_several | pl.col("is_open") | pl.col("is_whole") | pl.col("is_ended"))
    is_told = (is_several | pl.col("is_whole")) & ~pl.col("is_open")
    return told.select("row", numbers=pl.when(is_told).then("numbers"))


def _read_again(read: pl.DataFrame, from_abroad: bool) -> pl.DataFrame:
    """Read the failures once more: a prefix for calls abroad as `+`, and both halves of those with too many digits.

    What is read from abroad has its reason; what is, or may be, two numbers side by side is left open.
    """
    failed = read.filter(pl.col("claimed") & _FAILED).select("row", "cell", "place", "code")
    begun = phone_cells.from_abroad(failed["cell"])
    mended = failed.select("row", cell=begun, place=pl.lit(None, pl.String))
    mended = mended.filter((begun != failed["cell"]) & from_abroad)
    left, right = _halves(failed.filter(pl.col("code") == "too_long"))
    again = pl.concat([mended, left, right])
    if len(again):
        again = read_cells(again["cell"], again["place"]).with_columns(again["row"])
        read = _with_mended(read, again.head(mended.height))
        read = _with_pairs(read, again.slice(mended.height, left.height), again.tail(right.height))
    return _with_plain_failures(read)


def _halves(long: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    halves = phone_cells.halves_of(long["cell"])
    of = long.select("row", "place")[halves["row"]]
    left, right = (of.select("row", halves[side].alias("cell"), "place") for side in ("left", "right"))
    return left, right


def _with_mended(read: pl.DataFrame, mended: pl.DataFrame) -> pl.DataFrame:
    """Take over what was read from abroad; where that is open, or has letters, the cell is left open.

    A number with a `+` behind a digit is none.
    """
    is_read = mended["claimed"] | mended["cell"].str.contains(_LATE_PLUS)
    is_open = ~is_read | mended["cell"].str.contains(_LETTER)
    found = mended.filter(~is_open & pl.col("claimed") & ~_FAILED)
    told = found.select("e164", code=pl.lit(None, pl.String), reason=pl.lit(FROM_ABROAD))
    taken = [read[name].scatter(found["row"], told[name]) for name in told.columns]
    return read.with_columns(read["claimed"].scatter(mended["row"].filter(is_open), False), *taken)


def _with_pairs(read: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    may_be = [half.select(~pl.col("claimed") | ~_FAILED).to_series() for half in (left, right)]
    rows = left["row"].filter(may_be[0] & may_be[1]).unique()
    is_pair = read["code"].gather(rows) == "too_long"
    return read.with_columns(read["claimed"].scatter(rows.filter(is_pair), False))


def _with_plain_failures(read: pl.DataFrame) -> pl.DataFrame:
    """Leave failures open that may have another reading: Mexican mobiles of old, and letters that may be slips."""
    failed = read.filter(pl.col("claimed") & _FAILED)
    may_slip = pl.col("cell").str.contains(_LETTER) & pl.col("cell").str.contains("[0-9]")
    is_old = pl.col("e164").str.starts_with(OLD_MOBILE_MEXICO).fill_null(False)
    is_sure = pl.col("code").is_in(["too_short", "invalid_for_country", "country_unknown"])
    is_plain = pl.when(may_slip).then(is_sure).otherwise((pl.col("code") != "too_long") | ~is_old)
    return read.with_columns(read["claimed"].scatter(failed["row"], failed.select(is_plain).to_series()))


def _with_lists(read: pl.DataFrame, lists: pl.DataFrame, are_refused: bool) -> pl.DataFrame:
    """Take the one number of a list, and name the numbers of lists of several, where these are refused."""
    several = lists.filter((pl.col("numbers").list.len() > 1) & are_refused)
    same = lists.filter(pl.col("numbers").list.len() == 1)
    place = pl.repeat(None, read.height, dtype=pl.UInt32, eager=True)
    place = place.scatter(several["row"], pl.int_range(several.height, dtype=pl.UInt32, eager=True))
    nothing = pl.repeat(None, same.height, dtype=pl.String, eager=True)
    return read.with_columns(
        read["claimed"].scatter(several["row"], True).scatter(same["row"], True),
        read["code"].scatter(several["row"], "ambiguous").scatter(same["row"], nothing),
        read["e164"].scatter(same["row"], same["numbers"].list.first()),
        several["numbers"].gather(place),
    )


def _with_fillers(read: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    return read.with_columns(read["claimed"].scatter(rows, True), read["code"].scatter(rows, "placeholder"))


def _answered(read: pl.DataFrame, with_extension: bool) -> pl.DataFrame:
    value = read.select(pl.when(~_FAILED).then("e164")).to_series()
    reason = read["reason"]
    dialled = (value.is_not_null() & read["extension"].is_not_null()).arg_true()
    extension = read["extension"].gather(dialled)
    if with_extension:
        value = value.scatter(dialled, value.gather(dialled) + ";ext=" + extension)
    else:
        reason = reason.scatter(dialled, "extension " + extension + " left out")
    return read.select(
        value.alias("value"),
        pl.col("code").alias("_code"),
        _messages(read).alias("_message"),
        reason.alias("_reason"),
        pl.col("numbers").alias("_candidates"),
        _claimed=pl.col("claimed").fill_null(False),
    )


def _messages(read: pl.DataFrame) -> pl.Series:
    failed = read["code"].is_not_null().arg_true()
    told = pl.col("code").replace_strict({**WHY_NOT, "placeholder": FILLED}, default=None)
    several = pl.format(SEVERAL, pl.col("numbers").list.len())
    some = read.select("code", "numbers")[failed].select(
        pl.when(pl.col("code") == "ambiguous").then(several).otherwise(told)
    )
    return pl.repeat(None, read.height, dtype=pl.String, eager=True).scatter(failed, some.to_series())
