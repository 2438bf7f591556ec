"""The Parquet parts of all applied runs, looked up by the keys of leads."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lustrum.running.journal.applied_runs import AppliedRuns
from lustrum.running.journal.run_parts import RunParts, Value

_RUNS = {"run": pl.String(), "started": pl.Datetime("us", "UTC"), "in_place": pl.Boolean()}


class AppliedParts:
    """Looks leads up in the journals of the runs that were applied when it was made."""

    def __init__(self, root: Path, runs: AppliedRuns) -> None:
        self._parts = RunParts(root, runs.batches())
        self._runs = pl.DataFrame(list(runs.runs()), schema=_RUNS, orient="row")

    def of(self, part: str, keys: pl.Series, condition: str = "true", **values: Value) -> pl.DataFrame:
        """Give the rows of a part about some leads, with `key`, `run`, the run's start `started`, and `in_place`.

        A column that the part did not have yet when a run was made is empty. `condition` is SQL, its values are bound.
        """
        about = f"key IN (SELECT unnest(CAST($keys AS VARCHAR[]))) AND ({condition})"
        rows = self._parts.rows(part, about, keys=keys.drop_nulls().unique().to_list(), **values)
        return rows.join(self._runs, on="run", how="left", maintain_order="left")
