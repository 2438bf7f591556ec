"""The lines of the file of changes: what a trail says of cells that differ in the end, lead by lead.

They are a fifth of all that a run writes. Names that stand together in a line are put together before they are told
of each cell, and quotes are looked for only where texts may hold any.
"""

from __future__ import annotations

from typing import BinaryIO

import polars as pl

NAMES = ("step", "plugin", "version", "path", "attempt")
"""What a line says between the new text and the reason; many writes in a row have it in common."""
COLUMNS = ("key", "field", "before", "after", *NAMES, "reason")
"""What a line says after the run."""
_AT_ONCE = 250_000
"""Lines made before they are written: they take ten times the memory of what they tell."""
_SPECIAL = ['"', ",", "\r", "\n"]


def write_lines(trail: pl.DataFrame, run: str, file: BinaryIO) -> None:
    """Write a line for each write of a trail whose cell differs in the end, as CSV.

    >>> from io import BytesIO
    >>> row = {"row": 0, "net": True, "key": "7", "field": "city", "before": "", "after": "a,b", "reason": "why"}
    >>> write_lines(pl.DataFrame({**row, **dict.fromkeys(NAMES, "x")}), "r1", file := BytesIO())
    >>> print(file.getvalue().decode().rstrip())
    r1,7,city,"","a,b",x,x,x,x,x,why
    """
    told = trail if trail["net"].all() else trail.filter("net")
    first = _first_of_stretch(told)
    stretch = first.cast(pl.UInt32).cum_sum() - 1
    named = told.filter(first).select(_cell(name) for name in ("field", *NAMES))
    together = named.select("field", pl.concat_str(NAMES, separator=",").alias("names"))
    by_lead = told.select("row").with_row_index("at").sort("row", maintain_order=True)["at"]
    for rows in (by_lead.slice(start, _AT_ONCE) for start in range(0, len(by_lead), _AT_ONCE)):
        lines = told.select("key", "before", "after", "reason")[rows]
        names = together[stretch.gather(rows)]
        _lines(lines, names, run).write_csv(file, include_header=False, quote_style="never")


def _lines(told: pl.DataFrame, names: pl.DataFrame, run: str) -> pl.DataFrame:
    return pl.DataFrame(
        [
            pl.Series("run", [run]).new_from_index(0, told.height),
            quoted(told["key"]),
            names["field"],
            quoted(told["before"]),
            quoted(told["after"]),
            names["names"],
            quoted(told["reason"]),
        ]
    )


def _first_of_stretch(trail: pl.DataFrame) -> pl.Series:
    """Say which rows are named otherwise than the one before."""
    other = (pl.col(name).ne_missing(pl.col(name).shift(1)) for name in ("field", *NAMES))
    first = pl.int_range(pl.len()) == 0
    return trail.select(pl.any_horizontal(first, *other).alias("first")).to_series()


def _cell(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).map_batches(quoted, pl.String).fill_null("")


def quoted(texts: pl.Series) -> pl.Series:
    """Write texts in quotes that need them in CSV; an empty text does, to be told from none.

    >>> quoted(pl.Series(["plain", "", None, "a,b", 'a "b" c'])).to_list()
    ['plain', '""', None, '"a,b"', '"a ""b"" c"']
    """
    special = (texts.str.contains_any(_SPECIAL) | (texts == "")).fill_null(value=False)
    if not special.any():
        return texts
    rows = special.arg_true()
    inner = texts.gather(rows).str.replace_all('"', '""', literal=True)
    return texts.clone().scatter(rows, '"' + inner + '"')
