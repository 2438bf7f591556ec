"""What a run changed, counted from its journal.

Net changes only: each cell whose last value differs from its first, put down to the entry that wrote it last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from lustrum.report.patterns import folded, patterns_of
from lustrum.running.journal.batch_parts import NET, WHOLE_TRAIL
from lustrum.running.journal.journal import Journal

MOST_PATTERNS = 12
"""An entry and field with more patterns than this is shown folded."""

_CELL = ("path", "step", "field")
_PATTERN = (*_CELL, "before", "after")
_EXAMPLES = ("key", "value_before", "value_after")
_CAUSE = ("code", "path", "step")


@dataclass(frozen=True, slots=True)
class PatternChange:
    """Cells that changed alike: the patterns before and after, how many, and one of them."""

    before: str
    after: str
    cells: int
    key: str | None
    value_before: str | None
    value_after: str | None


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What one entry changed in one field, the most frequent pattern first; `folded` says how patterns are written.

    `path` is None where no entry wrote, but the lead went on from what the last run left.
    """

    path: str | None
    step: str
    field: str
    cells: int
    folded: bool
    patterns: tuple[PatternChange, ...]


@dataclass(frozen=True, slots=True)
class QuarantineGroup:
    """Leads in quarantine for the same reason, and one of them; `path` is None where no entry was asked."""

    code: str
    path: str | None
    step: str | None
    leads: int
    key: str | None
    message: str | None
    inputs: str | None


@dataclass(frozen=True, slots=True)
class Differences:
    """What a run changed: totals, changes by entry and field, quarantine by code and entry, biggest first."""

    cells: int
    leads: int
    fields: dict[str, int]
    changes: tuple[EntryChange, ...]
    quarantine: tuple[QuarantineGroup, ...]
    quarantined: int
    effects: dict[str, int]
    rejects: int


def read_differences(journal: Journal) -> Differences:
    """Count what a run changed."""
    changed, leads = _changed(journal)
    held, quarantined = _held(journal)
    fields = changed.group_by("field").agg(pl.col("cells").sum())
    return Differences(
        cells=int(changed["cells"].sum()),
        leads=leads,
        fields=_ranked(fields, "field", "cells"),
        changes=tuple(_entries(changed)),
        quarantine=tuple(QuarantineGroup(**row) for row in held.iter_rows(named=True)),
        quarantined=quarantined,
        effects=_effects(journal),
        rejects=sum(part.height for part in journal.read("rejects")),
    )


def _changed(journal: Journal) -> tuple[pl.DataFrame, int]:
    """Give the net changes counted by entry, field and pattern, and the number of changed leads."""
    leads = 0
    counted: list[pl.DataFrame] = []
    for net, trail in zip(journal.read(NET), journal.read(WHOLE_TRAIL), strict=True):
        leads += net["row"].n_unique()
        counted.append(_counted(_attributed(net, trail), pl.len()))
    together = pl.concat(counted) if counted else _counted(_NOTHING, pl.len())
    return _counted(together, pl.col("cells").sum()), leads


_NOTHING = pl.DataFrame(schema=dict.fromkeys((*_PATTERN, *_EXAMPLES), pl.String))


def _attributed(net: pl.DataFrame, trail: pl.DataFrame) -> pl.DataFrame:
    last = trail.unique(["row", "field"], keep="last").select("row", "field", "path", "step")
    cells = net.join(last, on=["row", "field"], how="left", maintain_order="left")
    before, after = patterns_of(pl.col("before")), patterns_of(pl.col("after"))
    kept = cells.rename({"before": "value_before", "after": "value_after"})
    return kept.with_columns(cells.select(before, after)).select(*_PATTERN, *_EXAMPLES)


def _counted(rows: pl.DataFrame, cells: pl.Expr) -> pl.DataFrame:
    examples = [pl.col(name).first() for name in _EXAMPLES]
    return rows.group_by(_PATTERN, maintain_order=True).agg(cells.cast(pl.Int64).alias("cells"), *examples)


def _entries(changed: pl.DataFrame) -> Iterator[EntryChange]:
    groups = changed.group_by(_CELL, maintain_order=True)
    entries = [
        _entry(None if path is None else str(path), str(step), str(field), patterns)
        for (path, step, field), patterns in groups
    ]
    yield from sorted(entries, key=lambda entry: -entry.cells)


def _entry(path: str | None, step: str, field: str, patterns: pl.DataFrame) -> EntryChange:
    diverse = patterns.height > MOST_PATTERNS
    if diverse:
        short = patterns.with_columns(folded(pl.col("before")), folded(pl.col("after")))
        patterns = _counted(short, pl.col("cells").sum())
    ranked = patterns.sort("cells", descending=True, maintain_order=True).drop(_CELL)
    changes = tuple(PatternChange(**row) for row in ranked.iter_rows(named=True))
    return EntryChange(path, step, field, int(patterns["cells"].sum()), diverse, changes)


def _held(journal: Journal) -> tuple[pl.DataFrame, int]:
    """Give the quarantine counted by code and entry, and the number of leads in it."""
    parts = list(journal.read("quarantine"))
    held = pl.concat([_causes(part) for part in parts]) if parts else _NO_CAUSES
    summed = _summed(held, pl.col("leads").sum()).sort("leads", descending=True, maintain_order=True)
    return summed, sum(part["row"].n_unique() for part in parts)


_NO_CAUSES = pl.DataFrame(schema={**dict.fromkeys((*_CAUSE, "key", "message", "inputs"), pl.String), "leads": pl.Int64})


def _causes(part: pl.DataFrame) -> pl.DataFrame:
    return _summed(part.unique(["row", *_CAUSE], keep="first", maintain_order=True), pl.len())


def _summed(rows: pl.DataFrame, leads: pl.Expr) -> pl.DataFrame:
    examples = [pl.col(name).first() for name in ("key", "message", "inputs")]
    return rows.group_by(_CAUSE, maintain_order=True).agg(leads.cast(pl.Int64).alias("leads"), *examples)


def _effects(journal: Journal) -> dict[str, int]:
    kinds = [part.group_by("kind").agg(pl.len().cast(pl.Int64).alias("times")) for part in journal.read("effects")]
    if not kinds:
        return {}
    return _ranked(pl.concat(kinds).group_by("kind").agg(pl.col("times").sum()), "kind", "times")


def _ranked(counts: pl.DataFrame, name: str, number: str) -> dict[str, int]:
    ranked: Iterable[tuple[str, int]] = (
        counts.sort([number, name], descending=[True, False]).select(name, number).iter_rows()
    )
    return dict(ranked)
