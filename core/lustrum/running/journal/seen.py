"""What a run has seen of each lead, as digests: so that the next one knows whether the lead is as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, distribution, requires

import polars as pl

from lustrum.engine.given import Batch
from lustrum.engine.result import Result
from lustrum.planning.plan import Plan

SEEN_SCHEMA: Mapping[str, pl.DataType] = {
    "row": pl.UInt32(),
    "before": pl.UInt64(),
    "after": pl.UInt64(),
    "since": pl.Datetime("us", "UTC"),
    "under": pl.String(),
    "stable": pl.Boolean(),
    "trail": pl.UInt16(),
    "place": pl.UInt32(),
}
"""`before` and `after` a run the digests of a lead's cells, `since` when it last went through, `under` which rules.

A lead is `stable` when the run left nothing in its history: as it came, it would become the same again. Of one that was
spared a linked `trail` tells at a `place` (`.trails`), if any does; of others that of the batch, at their row.
"""
_VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)
_HISTORY = ("effects", "qualified", "lasting", "parked", "consumed")
"""What of a result the next run is told of."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Which cells of a lead count, and `under` what their digest was taken: plan, facts, decisions, versions."""

    fields: tuple[str, ...]
    under: str

    @classmethod
    def of(cls, plan: Plan, facts: Mapping[str, str], carried: Iterable[str]) -> Reading:
        """Give what a plan reads of a lead, with what was learnt of the whole source, and which fields are carried."""
        today = plan.start.date()
        decided = [repr(decision) for decision in plan.decisions if not decision.expired(today)]
        told = json.dumps([plan.rules, dict(sorted(facts.items())), sorted(carried), decided, library_versions()])
        return cls(plan.fields_used, blake2b(told.encode(), digest_size=16).hexdigest())

    def before(self, batch: Batch) -> pl.Series:
        """Digest the leads of a batch as they came."""
        return digest(self.texts(batch))

    def after(self, batch: Batch, result: Result) -> pl.Series:
        """Digest the leads of a batch as they became."""
        texts = self.texts(batch)
        became = [result.leads[name] for name in texts.columns if result.leads.schema.get(name) == pl.String]
        typed = [_rewritten(texts[name], result.net) for name in texts.columns if name in _typed(result)]
        return digest(texts.with_columns(*became, *typed))

    def texts(self, batch: Batch) -> pl.DataFrame:
        """Give the cells that count, as the source has them."""
        columns = {name: batch.raw.get(name, _column(batch, name)) for name in self.fields}
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, batch.height)
        texts = [(nothing if cells is None else cells).alias(name) for name, cells in columns.items()]
        return pl.DataFrame([nothing.alias("#"), *texts])

    def seen(self, batch: Batch, result: Result) -> pl.DataFrame:
        """Give what is to be remembered of the leads of a batch that were settled, laid out as `SEEN_SCHEMA`."""
        rows = pl.int_range(batch.height, dtype=pl.UInt32, eager=True)
        open_rows = pl.concat([result.quarantine["row"], result.pending["row"]])
        settled = batch.trouble.is_null() & ~rows.is_in(open_rows.implode())
        told = pl.concat([getattr(result, part)["row"] for part in _HISTORY])
        columns = [rows.alias("row"), self.before(batch).alias("before"), self.after(batch, result).alias("after")]
        stable = (~rows.is_in(told.implode())).alias("stable")
        return pl.DataFrame([*columns, stable]).filter(settled)


def _typed(result: Result) -> set[str]:
    return {name for name, dtype in result.leads.schema.items() if dtype != pl.String}


def _rewritten(texts: pl.Series, net: pl.DataFrame) -> pl.Series:
    cells = net.filter(pl.col("field") == texts.name)
    return texts.clone().scatter(cells["row"], cells["after"])


def _column(batch: Batch, name: str) -> pl.Series | None:
    return batch.frame[name].cast(pl.String) if name in batch.frame.columns else None


def digest(texts: pl.DataFrame) -> pl.Series:
    """Digest every row; the same Polars gives the same rows the same digest.

    >>> digest(pl.DataFrame({"a": ["x", "x", None], "b": ["y", "y", "xy"]})).n_unique()
    2
    """
    return texts.select(pl.struct(pl.all()).hash(20_261_123)).to_series()


def library_versions() -> dict[str, str]:
    """Give the version of lustrum and of every library it needs: their data are part of every answer."""
    return dict(_installed())


@lru_cache(maxsize=1)
def _installed() -> dict[str, str]:
    names = ["lustrum", *(re.split(r"[^\w.-]", need, maxsplit=1)[0] for need in _needs())]
    return {name: found for name in sorted(names) if (found := _version(name))}


def _needs() -> list[str]:
    try:
        return requires("lustrum") or []
    except PackageNotFoundError:
        return []


def _version(name: str) -> str:
    """Read the version from a distribution's metadata; parsing them as the mail they are takes far longer."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return ""
    told = _VERSION.search(found.read_text("METADATA") or "")
    return told[1] if told else found.version
