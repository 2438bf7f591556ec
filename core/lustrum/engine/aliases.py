"""The project's own spellings at work: what a step reads in the place of an alias, and who was told so."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from lustrum.engine.state import LeadState
from lustrum.planning.aliases import AliasTable, Spelling
from lustrum.planning.bindings import Check
from lustrum.words.folding import fold


def spelled(table: AliasTable, values: pl.Series, state: LeadState, rows: pl.Series) -> pl.Series:
    """Give the values with every alias replaced by what it stands for."""
    return _replaced(table, values, state, rows, lambda spelling: spelling.value)


def alias_words(table: AliasTable, values: pl.Series, state: LeadState, rows: pl.Series) -> pl.Series:
    """Give for each value that is an alias the words that say what was read in its place, else null."""
    return _replaced(table, values, state, rows, _words, keep=False)


def with_aliases_told(said: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Say in the reason of an answer, and in the message of a failure, that an alias was read."""
    if told.is_empty():
        return said
    answered = pl.col("status") == "answered"
    joined = said.join(told, on="row", how="left", maintain_order="left")
    told_so = {
        name: pl.when(which & pl.col("alias").is_not_null())
        .then(pl.concat_str("alias", name, separator=": ", ignore_nulls=True))
        .otherwise(name)
        for name, which in (("reason", answered), ("message", ~answered))
    }
    return joined.with_columns(**told_so).drop("alias")


def _words(spelling: Spelling) -> str:
    return f"read as “{spelling.value}” ({spelling.place})"


def _replaced(
    table: AliasTable,
    values: pl.Series,
    state: LeadState,
    rows: pl.Series,
    replacement: Callable[[Spelling], str],
    keep: bool = True,
) -> pl.Series:
    """Replace aliases; what is none stays with `keep`, else becomes null."""
    folded = {value: key for value in values.unique().drop_nulls().to_list() if (key := fold(value)) in table.known}
    result = values if keep else values.clear().extend_constant(None, len(values))
    open_ = pl.Series([True]).new_from_index(0, len(values))
    for scope, spellings in table.layers if folded else ():
        new = {value: replacement(spellings[key]) for value, key in folded.items() if key in spellings}
        if not new:
            continue
        texts = values.replace_strict(list(new), list(new.values()), default=None, return_dtype=pl.String)
        counts = texts.is_not_null() & open_
        if scope:
            counts &= _holds(scope, state, rows)
        result, open_ = texts.zip_with(counts, result), open_ & ~counts
    return result


def _holds(scope: Check, state: LeadState, rows: pl.Series) -> pl.Series:
    columns = [state.settled(name, rows).alias(name) for name in sorted(scope.reads)]
    frame = pl.DataFrame([rows.alias("row number"), *columns])
    return frame.select(scope.expression.fill_null(False).alias("holds")).to_series()
