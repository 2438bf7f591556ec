"""From a source's text to the typed batches of the engine, with keys checked over the whole source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lustrum.contracts.sources import Reject, Source
from lustrum.engine.given import Batch
from lustrum.planning.plan import Schema
from lustrum.running.keys import KeysMet, missing
from lustrum.words.fields import FieldType, parse_cells

KEY_MISSING = "key_missing"
KEY_REPEATED = "key_repeated"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A batch as it comes in: the leads, and the rejects met on the way."""

    batch: Batch
    rejects: Sequence[Reject]


class Intake:
    """Reads a source batch by batch; the first lead of a key wins, later ones are in trouble.

    Very many keys are put away on the disk of `folder`, if one is given.
    """

    def __init__(self, source: Source, schema: Schema, folder: Path | None = None) -> None:
        self._source = source
        self._schema = schema
        self._met = KeysMet(folder)
        self._rows = 0

    def batches(self, size: int) -> Iterator[Incoming]:
        """Give the batches in input order."""
        for found in self._source.batches(size):
            yield Incoming(self._batch(found.frame), found.rejects)
            self._rows += found.frame.height

    def known(self, keys: pl.Series) -> pl.Series:
        """Say of which keys a lead has been read."""
        return self._met.known(keys)

    def _batch(self, texts: pl.DataFrame) -> Batch:
        schema = self._schema
        old = [name for name in schema.types if name not in schema.new]
        raw = {name: texts[schema.column(name)].alias(name) for name in old}
        frame = pl.DataFrame([parse_cells(raw[name], schema.types[name]).alias(name) for name in old])
        typed = {name: column for name, column in raw.items() if schema.types[name] is not FieldType.TEXT}
        keys = raw[schema.key] if schema.key else self._row_numbers(texts.height)
        return Batch(frame, keys.alias("key"), self._trouble(keys), typed)

    def _row_numbers(self, height: int) -> pl.Series:
        return pl.int_range(self._rows + 1, self._rows + height + 1, eager=True).cast(pl.String)

    def _trouble(self, keys: pl.Series) -> pl.Series:
        empty = missing(keys)
        repeated = pl.Series([False]).new_from_index(0, len(keys))
        repeated = repeated.scatter((~empty).arg_true(), self._met.repeated(keys.filter(~empty)))
        word = pl.when(empty).then(pl.lit(KEY_MISSING)).when(repeated).then(pl.lit(KEY_REPEATED))
        return pl.select(word.alias("trouble")).to_series()


def unreadable(batch: Batch) -> dict[str, int]:
    """Count, by typed field, the cells whose text is no value of the type: they count as empty and stay as they are."""
    lost = {name: (raw.is_not_null() & batch.frame[name].is_null()).sum() for name, raw in batch.raw.items()}
    return {name: int(count) for name, count in lost.items() if count}
