"""What an undo let count no longer, or count again, noted beside its journal: so that the undo can be undone, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

import polars as pl

from lustrum.running.disk import lasting_file
from lustrum.running.journal.ledger import Ledger

FILE = "withdrawn.parquet"
WITHDRAWN_SCHEMA: Mapping[str, pl.DataType] = {
    "run": pl.String(),
    "key": pl.String(),
    "effect": pl.String(),
    "kind": pl.String(),
    "happened": pl.String(),
    "field": pl.String(),
    "before": pl.String(),
    "after": pl.String(),
    "gone": pl.Boolean(),
}
"""Effects (`effect`, `kind`, `happened`) and kept cells (`field`, `before`, `after`) of a run; are they `gone`?"""
Pairs: TypeAlias = Iterable[tuple[str, str]]


def counting(ledger: Ledger, run: str, effects: Pairs, kept: Pairs) -> pl.DataFrame:
    """Give which of some effects (lead, effect) and kept cells (lead, field) of a run count now, as what is to go."""
    rows = [
        *((run, lead, *rest, None, None, None, True) for lead, *rest in ledger.effects_named(run, effects)),
        *((run, lead, None, None, None, *rest, True) for lead, *rest in ledger.kept_named(run, kept)),
    ]
    return pl.DataFrame(rows, schema=dict(WITHDRAWN_SCHEMA), orient="row")


def read_withdrawn(folder: Path) -> pl.DataFrame:
    """Give what an undo noted in its folder."""
    path = folder / FILE
    return pl.read_parquet(path) if path.is_file() else pl.DataFrame(schema=dict(WITHDRAWN_SCHEMA))


def settle(ledger: Ledger, folder: Path, rows: pl.DataFrame) -> None:
    """Let what is to go count no longer and the rest again, noted first in the folder of the undo that asks it."""
    with lasting_file(folder / FILE) as file:
        rows.write_parquet(file, compression="zstd", compression_level=1)
    effects, kept = rows.filter(pl.col("effect").is_not_null()), rows.filter(pl.col("field").is_not_null())
    for (run,), gone in effects.filter("gone").group_by("run"):
        ledger.withdraw(str(run), gone.select("key", "effect").rows())
    for (run,), gone in kept.filter("gone").group_by("run"):
        ledger.forget_kept(str(run), gone.select("key", "field").rows())
    ledger.reinstate(
        effects.filter(~pl.col("gone")).select("run", "key", "effect", "kind", "happened").rows(),
        kept.filter(~pl.col("gone")).select("run", "key", "field", "before", "after").rows(),
    )
