"""What the leads of a batch did before this run, and how often an activity filter is met by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import polars as pl

from lustrum.engine.given import ACTIVITIES
from lustrum.engine.waves import attribute_texts
from lustrum.words.conditions import ActivityFilter, activity_matches, attribute_column
from lustrum.words.fields import FieldType, parse_cells

_ROW = pl.UInt32()


class Past:
    """The activities of some leads, by row of the batch: the columns of `ACTIVITIES` and `row`."""

    def __init__(
        self, keys: pl.Series, activities: pl.DataFrame, types: Mapping[str, FieldType], start: datetime
    ) -> None:
        rows = pl.DataFrame([pl.int_range(len(keys), dtype=_ROW, eager=True).alias("row"), keys.alias("key")])
        self.activities = activities.join(rows, on="key", how="inner", maintain_order="left")
        self._height = len(keys)
        self._types = types
        self._start = start
        self._counts: dict[ActivityFilter, pl.Series] = {}

    @classmethod
    def unknown(cls, keys: pl.Series) -> Past:
        """Give a past in which nothing is known to have happened."""
        return cls(keys, pl.DataFrame(schema=dict(ACTIVITIES)), {}, datetime(1970, 1, 1, tzinfo=UTC))

    def count(self, asked: ActivityFilter) -> pl.Series:
        """Count, for each lead of the batch, the activities that a filter matches; the column it is known by."""
        if asked not in self._counts:
            self._counts[asked] = self._counted(asked)
        return self._counts[asked]

    def matching(self, asked: ActivityFilter) -> pl.DataFrame:
        """Give the activities that a filter matches."""
        typed = [self._attribute(name) for name in sorted(asked.attributes)]
        frame = self.activities.select("type", "date_of_activity").with_columns(typed)
        return self.activities.filter(frame.select(activity_matches(asked, self._types, self._start)).to_series())

    def _attribute(self, name: str) -> pl.Series:
        texts = attribute_texts(self.activities, name)
        return parse_cells(texts, self._types.get(name, FieldType.TEXT)).alias(attribute_column(name))

    def _counted(self, asked: ActivityFilter) -> pl.Series:
        counted = self.matching(asked).group_by("row").len(asked.column)
        rows = pl.DataFrame([pl.int_range(self._height, dtype=_ROW, eager=True).alias("row")])
        joined = rows.join(counted, on="row", how="left", maintain_order="left")
        return joined[asked.column].fill_null(0)
