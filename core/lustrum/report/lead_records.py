"""What the journals of runs have of one lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl

from lustrum.running.journal import PARTS, batch_folder
from lustrum.running.ledger import Ledger

Rows: TypeAlias = list[dict[str, Any]]
Records: TypeAlias = dict[str, Rows]
"""The rows about a lead in one run, by part of the journal; a part without any is left out."""

SUGGESTED = 2_000
"""How many keys at most are looked at for the one that was meant."""


def read_lead(root: Path, ledger: Ledger, key: str, runs: Iterable[str]) -> dict[str, Records]:
    """Give what the runs have of a lead; a run that has nothing of it is left out.

    A part that a run does not have, because it was made before there was such a part, counts as empty.
    """
    folders = _folders(root, ledger, runs)
    found: dict[str, Records] = {}
    for part in PARTS:
        for row in _scan(part, folders).filter(pl.col("key") == key).collect().iter_rows(named=True):
            run = folders[Path(row.pop("file")).parent]
            found.setdefault(run, {}).setdefault(part, []).append(row)
    return found


def nearest_keys(root: Path, ledger: Ledger, key: str, runs: Iterable[str]) -> list[str]:
    """Give keys of the runs that are written nearly like this one, beginning or ending like it."""
    own = pl.col("key")
    plain = own.str.strip_chars().str.to_lowercase() == key.strip().lower()
    alike = own.str.len_chars().cast(pl.Int64).is_between(len(key) - 2, len(key) + 2)
    stems = [max(1, length) for length in (len(key) - 1, len(key) // 2)]
    wanted = [plain, *(alike & (own.str.starts_with(key[:stem]) | own.str.ends_with(key[-stem:])) for stem in stems)]
    folders = _folders(root, ledger, runs)
    scans = [_scan(part, folders).filter(near).select(own.unique()) for part in PARTS for near in wanted]
    return sorted({name for frame in pl.collect_all([scan.head(SUGGESTED) for scan in scans]) for name in frame["key"]})


def known_fields(root: Path, ledger: Ledger, runs: Iterable[str]) -> set[str]:
    """Name the fields that the runs wrote or could not settle."""
    folders = _folders(root, ledger, runs)
    fields = [_scan(part, folders).select(pl.col("field").drop_nulls().unique()) for part in ("trail", "quarantine")]
    return {name for frame in pl.collect_all(fields) for name in frame["field"]}


def _folders(root: Path, ledger: Ledger, runs: Iterable[str]) -> dict[Path, str]:
    """Give the run of each folder of a batch."""
    return {batch_folder(root, run, number): run for run in runs for number in _batches(ledger, run)}


def _batches(ledger: Ledger, run: str) -> Iterator[int]:
    further = ledger.further_batches(run)
    for number, _ in ledger.batches(run):
        yield from (number, *further.get(number, ()))


def _scan(part: str, folders: Iterable[Path]) -> pl.LazyFrame:
    """Scan a part of all batches that have it, with the file of each row in `file`."""
    schema = {**PARTS[part], "key": pl.String()}
    files = [file for folder in folders if (file := folder / f"{part}.parquet").is_file()]
    if not files:
        return pl.LazyFrame(schema={**schema, "file": pl.String()})
    return pl.scan_parquet(
        files, schema=schema, missing_columns="insert", extra_columns="ignore", include_file_paths="file"
    )
