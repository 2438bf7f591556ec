"""The feed of activities: those of the types that are asked about, laid out as the engine takes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import polars as pl

from lustrum.engine.given import ACTIVITIES
from lustrum.running.activities.attributes import name_attributes, read_attributes, write_attributes
from lustrum.running.activities.feed_columns import find_columns
from lustrum.running.activities.feed_rows import FeedRows
from lustrum.running.activities.ids import digest_rows
from lustrum.running.activities.times import parse_times
from lustrum.words.activities import activity_type

TYPE_MISSING = "type_missing"
LEAD_MISSING = "lead_missing"
TIME_UNREADABLE = "time_unreadable"
ATTRIBUTES_UNREADABLE = "attributes_unreadable"


class Feed:
    """The activities of some types in a feed, for a project with this key and time zone.

    `rows` counts the rows met so far, `read` the activities given, `unreadable` by reason the rows that are none.
    Raises `SourceError` where the columns do not say what is needed.
    """

    def __init__(self, rows: FeedRows, location: str, key: str | None, zone: str, types: frozenset[str]) -> None:
        self._rows = rows
        self._columns = find_columns(rows.header, key, location)
        self._zone = zone
        self._types = types
        self.rows = 0
        self.read = 0
        self.unreadable: Counter[str] = Counter()

    def activities(self) -> Iterator[pl.DataFrame]:
        """Give the activities in the order of the feed, laid out as `ACTIVITIES`. Raises `SourceError`."""
        for rows, rejects in self._rows.pieces():
            asked = self._asked(_without_nulls(rows) if self._columns.is_marketo else rows)
            laid_out = self._laid_out(asked)
            self.rows += rows.height + rejects.total()
            self.unreadable.update(rejects)
            self.unreadable.update(laid_out["reason"].drop_nulls().to_list())
            sound = laid_out.filter(pl.col("reason").is_null())
            self.read += sound.height
            yield sound.select(pl.col(name).cast(dtype) for name, dtype in ACTIVITIES.items())

    def _asked(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Give the rows of the types that are asked about, and those that say no type."""
        said = rows[self._columns.type]
        types = {text: activity_type(text) for text in said.drop_nulls().unique().to_list()}
        kinds = pl.Series("kind", [types.get(text) for text in said.to_list()], dtype=pl.String)
        return rows.with_columns(kinds.alias(_KIND)).filter(kinds.is_null() | kinds.is_in(list(self._types)))

    def _laid_out(self, rows: pl.DataFrame) -> pl.DataFrame:
        columns = self._columns
        parts = {"key": columns.lead, "given": columns.id, "type": _KIND, "name": columns.name}
        found = rows.select(
            (pl.col(column) if column else pl.lit(None, pl.String)).alias(part) for part, column in parts.items()
        )
        found = found.with_columns(
            parse_times(rows[columns.at], self._zone).alias("date_of_activity"),
            self._attributes(rows, found).alias("attributes"),
        )
        return found.with_columns(_ids(found), _reason().alias("reason"))

    def _attributes(self, rows: pl.DataFrame, found: pl.DataFrame) -> pl.Series:
        columns = self._columns
        objects = rows[columns.attributes].to_list() if columns.attributes else [None] * rows.height
        beside = rows.select(pl.col(column).alias(name) for name, column in columns.others.items())
        cells: list[dict[str, str | None]] = beside.to_dicts() if columns.others else [{}] * rows.height
        told = zip(found["type"].to_list(), found["name"].to_list(), objects, cells, strict=True)
        return pl.Series([_attributes_text(*each) for each in told], dtype=pl.String)


_KIND = "canonical type"


def _without_nulls(rows: pl.DataFrame) -> pl.DataFrame:
    """Empty the cells in which Marketo writes the word for it."""
    return rows.select(pl.when(pl.all() != "null").then(pl.all()))


def _attributes_text(
    kind: str | None, name: str | None, written: str | None, beside: Mapping[str, str | None]
) -> str | None:
    attributes = read_attributes(written)
    if attributes is None:
        return None
    filled = {attribute: value for attribute, value in beside.items() if value}
    return write_attributes(name_attributes(kind or "", name, {**attributes, **filled}))


def _ids(found: pl.DataFrame) -> pl.Series:
    """Give the id of each activity, a digest of what it says where it has none."""
    time = pl.col("date_of_activity").dt.epoch("us").cast(pl.String)
    said = digest_rows(found.select("key", "type", time, "name", "attributes").iter_rows())
    return found.select(pl.coalesce("given", said).alias("id")).to_series()


def _reason() -> pl.Expr:
    lead = pl.col("key").str.strip_chars().fill_null("")
    return (
        pl.when(pl.col("type").is_null())
        .then(pl.lit(TYPE_MISSING))
        .when(lead == "")
        .then(pl.lit(LEAD_MISSING))
        .when(pl.col("date_of_activity").is_null())
        .then(pl.lit(TIME_UNREADABLE))
        .when(pl.col("attributes").is_null())
        .then(pl.lit(ATTRIBUTES_UNREADABLE))
    )
