"""The activities that set a trigger campaign off, at most one a lead and wave."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

_OWN = ("id", "type", "date_of_activity", "name")


def token_column(name: str) -> str:
    """Name the column of a trigger token in the frames that conditions and options are asked on."""
    return f"trigger.{name}"


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
            return self.take("attributes", rows).str.json_path_match(f"$.{name}")
        column = self.take(name, rows)
        return column.dt.strftime("%Y-%m-%dT%H:%M:%SZ") if column.dtype == pl.Datetime else column
