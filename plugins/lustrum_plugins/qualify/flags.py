"""Which conditions hold for a lead, as Boolean columns: leads for which the same ones hold share what follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl


class Flags:
    """Collects conditions; what depends on them alone is computed once for each combination that occurs.

    >>> flags = Flags()
    >>> senior = flags.of(pl.col("title") == "CEO")
    >>> leads = pl.DataFrame({"title": ["CEO", "Buyer", "CEO"]})
    >>> flags.spread(leads, (), {"points": pl.when(senior).then(40).otherwise(0)})["points"].to_list()
    [40, 0, 40]
    """

    def __init__(self) -> None:
        self._conditions: list[pl.Expr] = []

    def of(self, condition: pl.Expr) -> pl.Expr:
        """Give the column that says for which leads the condition, true or false, holds."""
        name = f"holds {len(self._conditions)}"
        self._conditions.append(condition.alias(name))
        return pl.col(name)

    def spread(self, leads: pl.DataFrame, fields: Iterable[str], columns: Mapping[str, pl.Expr]) -> pl.DataFrame:
        """Give for every lead columns that depend on the conditions and on some fields alone."""
        rows = leads.select(*fields, *self._conditions)
        distinct = rows.unique(maintain_order=True)
        found = distinct.select(*rows.columns, **{f"= {name}": column for name, column in columns.items()})
        joined = rows.join(found, on=rows.columns, how="left", nulls_equal=True, maintain_order="left")
        return joined.select(pl.col(f"= {name}").alias(name) for name in columns)
