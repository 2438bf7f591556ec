"""Which conditions hold for a lead, as Boolean columns: leads for which the same ones hold share what follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

_DIGITS = 62
"""How many conditions a whole number has room for."""
_SAMPLE = 1_000
"""So many values are looked at to see whether a field repeats itself."""


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
        packed = list(_packed(len(self._conditions)))
        told = [*fields, *(bits.meta.output_name() for bits in packed)]
        rows = pl.DataFrame([*leads.select(fields), *self._held(leads)]).with_columns(packed)
        distinct = rows.unique(told, maintain_order=True)
        found = distinct.select(*told, **{f"= {name}": column for name, column in columns.items()})
        joined = rows.select(told).join(found, on=told, how="left", nulls_equal=True, maintain_order="left")
        return joined.select(pl.col(f"= {name}").alias(name) for name in columns)

    def _held(self, leads: pl.DataFrame) -> Iterator[pl.Series]:
        """Give the column of each condition; those on one field that repeats itself ask each of its values once."""
        by_field: dict[tuple[str, ...], list[pl.Expr]] = {}
        for condition in self._conditions:
            by_field.setdefault(tuple(sorted(set(condition.meta.root_names()))), []).append(condition)
        for names, conditions in by_field.items():
            if len(names) == 1 and _repeats(leads[names[0]]):
                values = leads.select(names).unique().with_columns(conditions)
                yield from (
                    leads.select(names)
                    .join(values, on=names, how="left", nulls_equal=True, maintain_order="left")
                    .drop(names)
                )
            else:
                yield from leads.select(conditions)


def _repeats(texts: pl.Series) -> bool:
    """Say whether it is worth while to ask only the distinct values of a column, from its first ones."""
    sample = texts.head(_SAMPLE)
    return texts.dtype == pl.String and len(texts) > _SAMPLE and sample.n_unique() * 4 < _SAMPLE


def _packed(conditions: int) -> Iterator[pl.Expr]:
    """Give whole numbers whose binary digits say which conditions hold: so few columns are compared."""
    for first in range(0, conditions, _DIGITS):
        held = [
            pl.col(f"holds {n}").cast(pl.Int64) * 2 ** (n - first)
            for n in range(first, min(first + _DIGITS, conditions))
        ]
        yield pl.sum_horizontal(held).alias(f"bits {first}")
