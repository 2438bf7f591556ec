"""Copies blocks of plain records with some cells changed, as the careful writer would copy record by record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from lustrum_plugins.connect.block import Block
from lustrum_plugins.connect.dialect import Dialect
from lustrum_plugins.connect.edits import ColumnEdits
from lustrum_plugins.connect.splicing import Cuts, splice
from lustrum_plugins.connect.views import Flags, Places

Columns = Mapping[int, Sequence[ColumnEdits]]


class BlockCopy:
    """Writes blocks of a file of `known` columns, to which `new` ones are appended."""

    def __init__(self, dialect: Dialect, known: int, new: int) -> None:
        self._dialect = dialect
        self._known = known
        self._new = new

    def copy(self, block: Block, edits: Columns) -> bytes:
        """Give the bytes of a block, in UTF-8, with some cells changed; rejected records are left out."""
        if not edits and not self._new and not block.rejected:
            return block.data
        unquoted = _unquoted_cells(block)
        cuts = [
            self._changed(block, at, part, unquoted)
            for at, parts in edits.items()
            for part in parts
            if at < self._known
        ]
        if self._new and block.leads:
            cuts.append(self._appended(block, edits, unquoted == 0))
        return splice(block.data, [*cuts, _left_out(block)])

    def _changed(self, block: Block, at: int, edit: ColumnEdits, unquoted: Places) -> Cuts:
        """Cut the changed cells of a column out; count down the cells of each lead that are not in quotes."""
        cells = edit.rows * self._known + at
        was = block.quoted[cells] if block.quoted is not None else np.zeros(len(cells), np.bool_)
        quoted = was | edit.bound()
        if self._known + self._new == 1:
            quoted |= (edit.plain() == "").to_numpy()
        unquoted[edit.rows] -= quoted & ~was
        return Cuts(block.cells[cells], edit.cells(quoted))

    def _appended(self, block: Block, edits: Columns, quoted: Flags) -> Cuts:
        """Put the new cells behind the last one of each lead, in quotes where all the others are."""
        ends = block.cells[self._known - 1 :: self._known, 1]
        new = (self._column(edits.get(self._known + at, ()), quoted) for at in range(self._new))
        return Cuts(np.stack([ends, ends], axis=1), pl.select(pl.concat_str(list(self._delimited(new)))).to_series())

    def _column(self, edits: Sequence[ColumnEdits], quoted: Flags) -> pl.Series:
        if len(edits) == 1 and len(edits[0].rows) == len(quoted):
            return edits[0].cells(quoted)
        texts = pl.Series([self._dialect.quote * 2, ""]).gather((~quoted).astype(np.uint32))
        for edit in edits:
            texts.scatter(edit.rows, edit.cells(quoted[edit.rows]))
        return texts

    def _delimited(self, columns: Iterator[pl.Series]) -> Iterator[pl.Series | pl.Expr]:
        for column in columns:
            yield pl.lit(self._dialect.delimiter)
            yield column


def _unquoted_cells(block: Block) -> Places:
    """Count the cells of each lead that do not stand in quotes."""
    if block.quoted is None:
        return np.full(block.leads, block.columns, np.int64)
    count: Places = np.count_nonzero(~block.quoted.reshape(-1, block.columns), axis=1)
    return count


def _left_out(block: Block) -> Cuts:
    places = np.array([(spoilt.start, spoilt.end) for spoilt in block.rejected], np.int64).reshape(-1, 2)
    return Cuts(places, pl.Series(values=[""] * len(places), dtype=pl.String))
