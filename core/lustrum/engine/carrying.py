"""What the source does not have, for the leads do not go back to it: handed on from run to run."""

from __future__ import annotations

import polars as pl

from lustrum.engine.records import Records
from lustrum.engine.result import LASTING_SCHEMA
from lustrum.engine.state import LeadState
from lustrum.planning.plan import Plan
from lustrum.words.fields import render_cells

CARRIED = "carried"
_REASON = "as the last run left it; the source does not have it yet"


def note_carried(state: LeadState, records: Records) -> None:
    """Write down the cells in which the leads go on from what the last run wrote."""
    for name, rows in state.carried.items():
        kept = state.batch.carried[name].select("before", "after")
        cells = pl.DataFrame([rows, kept["before"].gather(rows), kept["after"].gather(rows)])
        changed = cells.filter(pl.col("before").ne_missing(pl.col("after")))
        records.change(changed, {"field": name, "step": CARRIED, "plugin": "lustrum", "attempt": 1, "reason": _REASON})


def lasting_cells(plan: Plan, state: LeadState, net: pl.DataFrame) -> pl.DataFrame:
    """Give the cells that the next run is to be told of: `row`, `field`, `before`, `after`."""
    kept = net.filter(pl.col("field").is_in(list(plan.schema.kept)))
    return pl.concat([kept, *(_news(state, name) for name in plan.fields_written if name in state.batch.carried)])


def _news(state: LeadState, name: str) -> pl.DataFrame:
    """Give the carried cells of which the journal says something else, or nothing though the source has them not."""
    found, now, known = state.found(name), render_cells(state.columns[name]), state.batch.carried[name]
    told = known["known"] & known["before"].eq_missing(found) & known["after"].eq_missing(now)
    changed = state.initial[name].ne_missing(state.columns[name]) | state.cleared(name)
    rows = state.rows().filter(state.batch.trouble.is_null() & ~told & (known["known"] | changed))
    rows = rows.filter(~state.is_unreadable(name, rows))
    cells = pl.DataFrame([rows.alias("row"), found.gather(rows).alias("before"), now.gather(rows).alias("after")])
    return cells.with_columns(pl.lit(name).alias("field")).select(list(LASTING_SCHEMA))
