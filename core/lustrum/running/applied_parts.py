"""The Parquet parts of all applied runs, as if each part were one table."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lustrum.running.applied_runs import AppliedRuns
from lustrum.running.journal import PARTS, batch_folder

_RUN = r"([^/\\]+)[/\\]batch-\d+[/\\][^/\\]+$"


_RUNS = {"run": pl.String(), "started": pl.Datetime("us", "UTC"), "in_place": pl.Boolean()}


class AppliedParts:
    """Looks leads up in the journals of the runs that were applied when it was made."""

    def __init__(self, root: Path, runs: AppliedRuns) -> None:
        self._folders = [batch_folder(root, run, number) for run, number in runs.batches()]
        self._runs = pl.DataFrame(list(runs.runs()), schema=_RUNS, orient="row")
        self._files: dict[str, list[Path]] = {}

    def of(self, part: str, keys: pl.Series) -> pl.LazyFrame:
        """Give the rows of a part about some leads, with `key`, `run`, the run's start `started`, and `in_place`.

        A column that the part did not have yet when a run was made is empty.
        """
        schema = {**PARTS[part], "key": pl.String()}
        files = self._of_part(part)
        if not files:
            return pl.LazyFrame(schema={**schema, **_RUNS})
        rows = pl.scan_parquet(
            files,
            schema=schema,
            missing_columns="insert",
            extra_columns="ignore",
            include_file_paths="file",
            glob=False,
            hive_partitioning=False,
        ).filter(pl.col("key").is_in(keys.implode()))
        run = pl.col("file").str.extract(_RUN).alias("run")
        return rows.with_columns(run).join(self._runs.lazy(), on="run", how="left", maintain_order="left").drop("file")

    def _of_part(self, part: str) -> list[Path]:
        """Find the files of a part; a run made before there was such a part has none."""
        if part not in self._files:
            paths = [folder / f"{part}.parquet" for folder in self._folders]
            self._files[part] = [path for path in paths if path.is_file()]
        return self._files[part]
