"""Copy a file of leads and do nothing: `python -m benchmarks.performance.copying WAY SOURCE TARGET`."""

from __future__ import annotations

import sys


def by_polars_parquet(source: str, target: str) -> None:
    """Copy Parquet by Polars."""
    import polars as pl

    pl.read_parquet(source).write_parquet(target)


def by_polars_csv(source: str, target: str) -> None:
    """Copy CSV by Polars, all cells as text."""
    import polars as pl

    pl.read_csv(source, infer_schema=False).write_csv(target)


def by_duckdb_csv(source: str, target: str) -> None:
    """Copy CSV by DuckDB, all cells as text."""
    import duckdb

    duckdb.read_csv(source, all_varchar=True).write_csv(target)


WAYS = {"polars-parquet": by_polars_parquet, "polars-csv": by_polars_csv, "duckdb-csv": by_duckdb_csv}

if __name__ == "__main__":
    WAYS[sys.argv[1]](*sys.argv[2:])
