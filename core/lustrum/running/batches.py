"""From a source's text to the typed batches of the engine, with keys checked over the whole source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

from lustrum.contracts.sources import Reject, Source
from lustrum.engine.given import Batch
from lustrum.planning.plan import Schema
from lustrum.words.fields import FieldType, parse_cells

KEY_MISSING = "key_missing"
KEY_REPEATED = "key_repeated"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A batch as it comes in: the leads, and the rejects met on the way."""

    batch: Batch
    rejects: Sequence[Reject]


class Intake:
    """Reads a source batch by batch; the first lead of a key wins, later ones are in trouble."""

    def __init__(self, source: Source, schema: Schema) -> None:
        self._source = source
        self._schema = schema
        self._seen: set[bytes] = set()
        self._rows = 0

    def batches(self, size: int) -> Iterator[Incoming]:
        """Give the batches in input order."""
        for found in self._source.batches(size):
            yield Incoming(self._batch(found.frame), found.rejects)
            self._rows += found.frame.height

    def knows(self, key: str) -> bool:
        """Say whether a lead of that key has been read."""
        return _digest(key) in self._seen

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
        return pl.Series("trouble", [self._trouble_of(key) for key in keys.to_list()], dtype=pl.String)

    def _trouble_of(self, key: str | None) -> str | None:
        if key is None or not key.strip():
            return KEY_MISSING
        digest = _digest(key)
        if digest in self._seen:
            return KEY_REPEATED
        self._seen.add(digest)
        return None


def _digest(key: str) -> bytes:
    return blake2b(key.encode(), digest_size=16).digest()


def unreadable(batch: Batch) -> dict[str, int]:
    """Count, by typed field, the cells whose text is no value of the type: they count as empty and stay as they are."""
    lost = {name: (raw.is_not_null() & batch.frame[name].is_null()).sum() for name, raw in batch.raw.items()}
    return {name: int(count) for name, count in lost.items() if count}
