"""`acme.grade`: A, B or C, for many leads at once."""

from __future__ import annotations

import polars as pl
from lustrum import step


@step("acme.grade", reads=["score", "employees"], writes=["grade"])
def grade(leads: pl.DataFrame, *, large: int = 250) -> pl.DataFrame:
    """Grade leads by their score and the size of their company.

    A batch step sees many leads at once, but may look at each on its own only: the same lead gets the same grade
    whatever batch it is in.

    Options:

    * `large`: from how many employees a company is large.

    Fails with `impossible` where the number of employees is negative.

    >>> grade(pl.DataFrame({"score": [80, 80, 10], "employees": [1000, None, 3]}))["grade"].to_list()
    ['A', 'B', 'C']
    """
    hot = pl.col("score").fill_null(0) >= 50
    impossible = pl.col("employees") < 0
    return leads.select(
        grade=pl.when(hot & (pl.col("employees") >= large))
        .then(pl.lit("A"))
        .when(hot)
        .then(pl.lit("B"))
        .otherwise(pl.lit("C")),
        _code=pl.when(impossible).then(pl.lit("impossible")),
        _message=pl.when(impossible).then(pl.format("{} employees", pl.col("employees"))),
    )
