"""What happened to leads before this run: from the feed and from the journals of applied runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from lustrum.engine.given import ACTIVITIES
from lustrum.files.project import Project
from lustrum.planning.plan import Plan
from lustrum.running.activities.feed import Feed
from lustrum.running.activities.own_activities import OwnActivities, Subjects
from lustrum.running.journal.applied_parts import AppliedParts
from lustrum.running.journal.ledger import Ledger

FED = "activities"
"""In the folder of a run: what it has read of the feed."""


def types_asked(plan: Plan) -> frozenset[str]:
    """Give the types of activities that a plan asks about: in its conditions and in its triggers."""
    waited_for = [each for trigger in plan.triggers for each in trigger.filters]
    return frozenset(each.type for each in (*plan.activity_filters, *waited_for))


def own_activities(project: Project, plan: Plan, ledger: Ledger) -> OwnActivities | None:
    """Give the activities of applied runs that a plan asks about, if it asks about any."""
    types = types_asked(plan)
    if not types:
        return None
    model = project.model
    subjects = Subjects.of(model.lists, model.programs, plan.schema.types)
    return OwnActivities(AppliedParts(project.root, ledger.applied_runs), subjects, types)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows a feed has, and of the types asked about: activities, those that stand there again, those of leads
    that nobody knows, and by reason the rows that are none.
    """

    rows: int = 0
    read: int = 0
    repeated: int = 0
    unmatched: int = 0
    unreadable: Mapping[str, int] = field(default_factory=dict[str, int])


class Activities:
    """Looks up the activities of leads; the feed is read once, into a folder that lives as long as the run."""

    def __init__(self, feed: Feed | None, own: OwnActivities, folder: Path) -> None:
        self._feed = feed
        self._own = own
        self._folder = folder
        self._files: list[Path] = []

    @contextmanager
    def open(self) -> Generator[None]:
        """Read the feed, and forget it at the end. Raises `SourceError`."""
        try:
            if self._feed is not None:
                self._folder.mkdir(mode=0o700)
                self._read(self._feed)
            yield
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _read(self, feed: Feed) -> None:
        for number, found in enumerate(feed.activities()):
            path = self._folder / f"{number:05d}.parquet"
            found.write_parquet(path, compression="zstd", compression_level=1)
            self._files.append(path)

    def found(self) -> Activities:
        """Look up what another process has read of the feed."""
        self._files = sorted(self._folder.glob("*.parquet"))
        return self

    def of(self, keys: pl.Series) -> pl.DataFrame:
        """Give the activities of some leads, by time, laid out as `ACTIVITIES`; a repeated id counts once."""
        fed = self._fed().filter(pl.col("key").is_in(keys.implode())).collect()
        found = pl.concat([fed, self._own.of(keys)])
        return found.unique(["key", "id"], keep="first", maintain_order=True).sort("key", "date_of_activity", "id")

    def tally(self, known: Callable[[pl.Series], pl.Series]) -> Tally:
        """Count what the feed has, once it is read, by which keys are `known`: each activity of a lead once."""
        if self._feed is None:
            return Tally()
        counted = self._fed().group_by("key").agg(pl.col("id").n_unique()).collect()
        distinct = int(counted["id"].sum())
        unmatched = int(counted["id"].filter(~known(counted["key"])).sum())
        return Tally(self._feed.rows, distinct, self._feed.read - distinct, unmatched, self._feed.unreadable)

    def _fed(self) -> pl.LazyFrame:
        if not self._files:
            return pl.LazyFrame(schema=dict(ACTIVITIES))
        return pl.scan_parquet(self._files, glob=False, hive_partitioning=False)
