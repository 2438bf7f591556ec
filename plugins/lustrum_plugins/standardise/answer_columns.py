"""Answers of a step's function as the columns in which a vectorised form tells them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

from lustrum import Answer, Failed

_COLUMNS: Mapping[str, pl.DataType] = {
    "value": pl.String(),
    "_code": pl.String(),
    "_message": pl.String(),
    "_reason": pl.String(),
    "_candidates": pl.List(pl.String()),
    "_claimed": pl.Boolean(),
}


def told_in_columns(answers: Sequence[Answer[str] | Failed | None], places: pl.Series) -> pl.DataFrame:
    """Lay out, row by row, the answer whose place is given; no answer, or no place, is not claimed.

    >>> told = told_in_columns([Answer("IT", reason="known"), Failed("ambiguous")], pl.Series([1, None, 0]))
    >>> told.select("value", "_code", "_reason", "_claimed").rows()
    [(None, 'ambiguous', None, True), (None, None, None, False), ('IT', None, 'known', True)]
    """
    told = pl.DataFrame([_columns(answer) for answer in answers], schema=_COLUMNS, orient="row")
    return told.select(pl.all().gather(places)).with_columns(pl.col("_claimed").fill_null(False))


def told_of_each(cells: pl.Series, ask: Callable[[str], Answer[str] | Failed | None]) -> pl.DataFrame:
    """Lay out what is said of each cell, asking once for all that are the same.

    >>> told_of_each(pl.Series(["a", "b", "a"]), lambda cell: Answer(cell.upper()))["value"].to_list()
    ['A', 'B', 'A']
    """
    known = cells.unique(maintain_order=True).to_frame("cell").with_row_index("place")
    found = cells.to_frame("cell").join(known, on="cell", how="left", maintain_order="left")
    return told_in_columns([ask(cell) for cell in known["cell"]], found["place"])


def _columns(answer: Answer[str] | Failed | None) -> tuple[object, ...]:
    if answer is None:
        return None, None, None, None, None, False
    candidates = list(answer.candidates) or None
    if isinstance(answer, Failed):
        return None, answer.code, answer.message, None, candidates, True
    return answer.value, None, None, answer.reason, candidates, True
