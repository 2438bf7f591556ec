"""The activities that set a trigger campaign off, at most one a lead and wave."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

_OWN = ("id", "type", "date_of_activity")


@dataclass(frozen=True)
class Wave:
    """One activity for each of some leads: `row` and the columns of `lustrum.engine.given.ACTIVITIES`."""

    activities: pl.DataFrame

    def rows(self) -> pl.Series:
        """Give the leads that have an activity in this wave."""
        return self.activities["row"]

    def take(self, column: str, rows: pl.Series) -> pl.Series:
        """Give a column of the activities of some rows."""
        found = pl.DataFrame([rows.alias("row")]).join(self.activities, on="row", how="left", maintain_order="left")
        return found[column]

    def attribute(self, name: str, rows: pl.Series) -> pl.Series:
        """Give an attribute, or one of the activity's own columns, as text."""
        if name not in _OWN:
            return attribute_texts(pl.DataFrame([self.take("name", rows), self.take("attributes", rows)]), name)
        column = self.take(name, rows)
        return column.dt.strftime("%Y-%m-%dT%H:%M:%SZ") if column.dtype == pl.Datetime else column


def attribute_texts(activities: pl.DataFrame, name: str) -> pl.Series:
    """Give an attribute of activities as text: one of their JSON object, or the primary one by the name `name`."""
    stated = activities["attributes"].str.json_path_match(f"$.{name}")
    return stated.fill_null(activities["name"]) if name == "name" else stated
