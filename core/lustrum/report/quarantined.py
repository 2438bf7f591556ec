"""What is in quarantine now, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from lustrum.engine.result import QUARANTINE_SCHEMA
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.ledger import Ledger

PAGE = "docs/quarantine.md"
"""Where each code has its section."""
_HTTP = "http_"
_HELD = ("key", "path", "code", "field")
_COLUMNS = {**QUARANTINE_SCHEMA, "key": pl.String(), "age": pl.Int64()}


@dataclass(frozen=True, slots=True)
class Held:
    """One field of a lead in quarantine, or, where `field` is None, all of it; `since` the first of its last `runs`."""

    key: str | None
    field: str | None
    code: str
    message: str | None
    step: str | None
    path: str | None
    attempts: int | None
    inputs: str | None
    run: str
    since: datetime
    runs: int


def read_quarantine(root: Path, ledger: Ledger, source: str | None = None) -> list[Held]:
    """Give what the last applied run over each source left in quarantine, in the order of its leads."""
    sources = [source] if source else ledger.applied_runs.sources()
    return [held for each in sources for held in _of_source(root, ledger, ledger.applied_runs.over(each))]


def _of_source(root: Path, ledger: Ledger, runs: list[tuple[str, datetime]]) -> Iterator[Held]:
    """Give what the first of some runs, the latest first, has in quarantine, as old as it is without a gap."""
    if not runs:
        return
    now = _quarantine(root, ledger, runs[0][0], 0)
    frames = [now]
    for age, (run, _) in enumerate(runs[1:], 1):
        earlier = _quarantine(root, ledger, run, age).join(frames[-1], on=_HELD, how="semi", nulls_equal=True)
        if earlier.is_empty():
            break
        frames.append(earlier)
    spans = pl.concat(frames).group_by(_HELD).agg(pl.col("age").max().alias("oldest"))
    for row in now.join(spans, on=_HELD, how="left", nulls_equal=True, maintain_order="left").iter_rows(named=True):
        oldest = row.pop("oldest")
        kept = {name: row[name] for name in Held.__slots__ if name in row}
        yield Held(**kept, run=runs[0][0], since=runs[int(oldest)][1], runs=int(oldest) + 1)


def _quarantine(root: Path, ledger: Ledger, run: str, age: int) -> pl.DataFrame:
    frames = [
        frame.with_columns(age=pl.lit(age, dtype=pl.Int64)) for frame in Journal(root, run, ledger).read("quarantine")
    ]
    empty = pl.DataFrame(schema=_COLUMNS)
    return pl.concat([empty, *(frame.select(list(_COLUMNS)) for frame in frames)])


def where_told(code: str) -> str:
    """Name the section that tells what a code means and what to do; those of answers over HTTP share one.

    >>> where_told("not_a_country"), where_told("http_503")
    ('docs/quarantine.md#not_a_country', 'docs/quarantine.md#http_')
    """
    return f"{PAGE}#{_HTTP if code.startswith(_HTTP) else code}"


def chosen(held: Iterable[Held], code: str | None, field: str | None, before: datetime | None) -> list[Held]:
    """Keep what has a code, is about a field, and has been held since before a time; None keeps all."""
    return [
        each
        for each in held
        if (code is None or each.code == code)
        and (field is None or each.field == field)
        and (before is None or each.since <= before)
    ]
