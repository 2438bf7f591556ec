"""The figures of a run, added up batch by batch; a lead counts once, however many of its cells changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from lustrum.engine.replies import STEP_RAISED
from lustrum.engine.result import Result, net_of, texts
from lustrum.planning.campaign_tree import SEPARATOR
from lustrum.running.activities.activities import Tally
from lustrum.running.journal.cells import counted
from lustrum.running.journal.trails import Replay


@dataclass
class Totals:
    """What a run did so far."""

    leads: int = 0
    beyond_limit: int = 0
    spared: int = 0
    changed_leads: int = 0
    changed_cells: int = 0
    quarantined: int = 0
    raised: int = 0
    parked: int = 0
    put_off: int = 0
    activities_fed: int = 0
    activities: int = 0
    activities_taken: int = 0
    activities_repeated: int = 0
    activities_unmatched: int = 0
    activities_unreadable: Counter[str] = field(default_factory=Counter[str])
    rejects: Counter[str] = field(default_factory=Counter[str])
    changed: Counter[str] = field(default_factory=Counter[str])
    emptied: Counter[str] = field(default_factory=Counter[str])
    codes: Counter[str] = field(default_factory=Counter[str])
    effects: Counter[str] = field(default_factory=Counter[str])
    unreadable: Counter[str] = field(default_factory=Counter[str])
    outcomes: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    campaigns: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])

    def add(self, result: Result, watched: Mapping[str, tuple[str, ...]] | None = None, *, again: bool = False) -> None:
        """Add the figures of a batch; the leads of one that runs `again` are counted already.

        `watched` are the paths of the campaigns that are counted by themselves, by name.
        """
        if not again:
            self.leads += len(result.keys)
            self.put_off += result.pending["row"].n_unique()
        self.parked += result.parked["row"].n_unique()
        self.activities_taken += result.consumed.height
        self.changed_leads += result.net["row"].n_unique()
        self.changed_cells += result.net.height
        self.quarantined += result.quarantine["row"].n_unique()
        raised = result.details.filter(result.details["code"] == STEP_RAISED)
        self.raised += raised["row"].n_unique()
        self.changed.update(_counted(result.net["field"]))
        self.emptied.update(_counted(_emptied(result.net)["field"]))
        self.codes.update(_counted(result.quarantine.unique(["row", "code"])["code"]))
        self.effects.update(_counted(result.effects["kind"]))
        for path, counts in result.counts().items():
            self.outcomes.setdefault(path, Counter()).update(counts)
        for name, paths in (watched or {}).items():
            self.campaigns.setdefault(name, Counter()).update(_campaign(result, paths))

    def replay(self, replay: Replay, watched: Mapping[str, tuple[str, ...]]) -> None:
        """Add what became of leads that are spared."""
        changed, emptied = counted(replay.cells)
        self.changed_leads += replay.cells.height
        self.changed_cells += sum(changed.values())
        self.changed.update(changed)
        self.emptied.update(emptied)
        if watched:
            trail = replay.trail()
            net = net_of(trail)
            for name, paths in watched.items():
                self.campaigns.setdefault(name, Counter()).update(_changed(net, trail, _below(paths)))

    def merge(self, other: Totals) -> None:
        """Add the figures of some batches to these."""
        for name, figure in vars(other).items():
            own = getattr(self, name)
            if isinstance(figure, int):
                setattr(self, name, own + figure)
            elif isinstance(figure, Counter):
                own.update(figure)
            else:
                for each, counts in figure.items():
                    own.setdefault(each, Counter()).update(counts)

    def kept(self) -> dict[str, Any]:
        """Give all figures as the ledger keeps them: those that are not nothing."""
        return {name: figure for name, figure in vars(self).items() if figure}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Totals:
        """Give figures as they were kept."""
        totals = cls()
        for name, figure in kept.items():
            if isinstance(figure, int):
                setattr(totals, name, figure)
            elif name in ("outcomes", "campaigns"):
                setattr(totals, name, {each: Counter(counts) for each, counts in figure.items()})
            else:
                setattr(totals, name, Counter(figure))
        return totals

    def count_activities(self, tally: Tally) -> None:
        """Add what the feed of activities has."""
        self.activities_fed += tally.rows
        self.activities += tally.read
        self.activities_repeated += tally.repeated
        self.activities_unmatched += tally.unmatched
        self.activities_unreadable.update(tally.unreadable)

    def as_dict(self) -> dict[str, Any]:
        """Give the figures as plain data, for `--json`, hooks and the ledger."""
        return {
            "leads": self.leads,
            "rejects": self.rejects.total(),
            "reject_reasons": dict(sorted(self.rejects.items())),
            "beyond_limit": self.beyond_limit,
            "spared": self.spared,
            "changed_leads": self.changed_leads,
            "changed_cells": self.changed_cells,
            "quarantined": self.quarantined,
            "raised": self.raised,
            "parked": self.parked,
            "put_off": self.put_off,
            "activities_fed": self.activities_fed,
            "activities": self.activities,
            "activities_taken": self.activities_taken,
            "activities_repeated": self.activities_repeated,
            "activities_unmatched": self.activities_unmatched,
            "activities_unreadable": dict(sorted(self.activities_unreadable.items())),
            "changed": dict(sorted(self.changed.items())),
            "emptied": dict(sorted(self.emptied.items())),
            "codes": dict(sorted(self.codes.items())),
            "effects": dict(sorted(self.effects.items())),
            "unreadable": dict(sorted(self.unreadable.items())),
            "outcomes": {path: dict(sorted(counts.items())) for path, counts in self.outcomes.items()},
            "campaigns": {name: dict(sorted(counts.items())) for name, counts in self.campaigns.items()},
        }


def _counted(words: pl.Series) -> dict[str, int]:
    return dict(words.value_counts(sort=True).rows())


def _emptied(net: pl.DataFrame) -> pl.DataFrame:
    return net.filter(pl.col("before").is_not_null() & pl.col("after").is_null())


def _campaign(result: Result, paths: tuple[str, ...]) -> Counter[str]:
    """Count what the entries below some paths did."""
    found = _changed(result.net, texts(result.trail.select("row", "field", "path")), _below(paths))
    found["quarantined"] = result.quarantine.filter(_below(paths))["row"].n_unique()
    return found


def _changed(net: pl.DataFrame, trail: pl.DataFrame, inside: pl.Expr) -> Counter[str]:
    """Count the cells that some entries changed: a changed cell is that of its last writer."""
    last = trail.unique(["row", "field"], keep="last", maintain_order=True).filter(inside)
    cells = net.join(last, on=["row", "field"], how="semi")
    found = Counter({f"changed.{name}": count for name, count in _counted(cells["field"]).items()})
    found.update({f"emptied.{name}": count for name, count in _counted(_emptied(cells)["field"]).items()})
    found["changed_leads"] = cells["row"].n_unique()
    return found


def _below(paths: tuple[str, ...]) -> pl.Expr:
    return pl.any_horizontal(pl.col("path").str.starts_with(f"{path}{SEPARATOR}") for path in paths)
