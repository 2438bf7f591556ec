"""Which entries are behind a guard that tripped, and some of the leads it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl

from lustrum.engine.replies import STEP_RAISED
from lustrum.planning.campaign_tree import SEPARATOR
from lustrum.running.guards import Tripped
from lustrum.running.journal.batch_parts import NET, WHOLE_TRAIL
from lustrum.running.journal.journal import Journal

MOST_ENTRIES, MOST_LEADS = 3, 3
"""How many a message names."""


def with_culprits(trip: Tripped, journal: Journal, paths: Iterable[str]) -> Tripped:
    """Name the entries behind a guard; `paths` are those of the campaign it is about, if it is about one."""
    frames = [frame.select("path", "key").unique() for frame in _rows(trip, journal)]
    if not frames:
        return trip
    found = pl.concat(frames).filter(pl.col("path").is_not_null())
    starts = [pl.col("path").str.starts_with(f"{path}{SEPARATOR}") for path in paths]
    if starts:
        found = found.filter(pl.any_horizontal(starts))
    leads = pl.col("key").sort().head(MOST_LEADS)
    ranked = (
        found.group_by("path").agg(pl.len().alias("number"), leads).sort("number", "path", descending=[True, False])
    )
    return replace(trip, by=tuple(_text(*row) for row in ranked.head(MOST_ENTRIES).iter_rows()))


def _text(path: str, number: int, keys: list[str]) -> str:
    more = ", …" if number > len(keys) else ""
    return f"{path}: {number:,} leads ({', '.join(keys)}{more})"


def _rows(trip: Tripped, journal: Journal) -> Iterator[pl.DataFrame]:
    name = trip.name.removeprefix(f"{trip.scope}.")
    guard, _, field = name.partition(".")
    match guard:
        case "quarantined":
            yield from journal.read("quarantine")
        case "raised":
            yield from (details.filter(pl.col("code") == STEP_RAISED) for details in journal.read("details"))
        case "changed" | "emptied" | "above_median":
            yield from _writes(journal, field, emptied=guard == "emptied")
        case "changed_leads":
            yield from _writes(journal, None)
        case _:
            return


def _writes(journal: Journal, field: str | None, *, emptied: bool = False) -> Iterator[pl.DataFrame]:
    """Give the last write to each cell that changed."""
    for net, trail in zip(journal.read(NET), journal.read(WHOLE_TRAIL), strict=True):
        cells = net if field is None else net.filter(pl.col("field") == field)
        meant = cells.filter(pl.col("after").is_null()) if emptied else cells
        last = trail.unique(["row", "field"], keep="last", maintain_order=True)
        yield last.join(meant, on=["row", "field"], how="semi")
