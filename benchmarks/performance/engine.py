"""The engine alone, in process: `python -m benchmarks.performance.engine WAY LEADS.parquet OUT.parquet SIZE`.

`whole` takes the leads through all steps, batch by batch, and writes them as Parquet; there is no journal, no guard
and no list of changes in a file. `unlogged` does the same without noting what is written into which cell, which the
product always does. `steps` takes them through one step after the other, and tells the seconds of each.
Imports, plan and tables that steps build for themselves with the first lead are not counted.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, cast
from unittest import mock

import polars as pl
from benchmarks.performance.data import PROJECT

from lustrum.contracts.sources import SourceBatch
from lustrum.engine.execute import execute
from lustrum.engine.given import Batch, Given, Memo
from lustrum.engine.records import Records
from lustrum.files.project import load_project
from lustrum.planning.plan import Plan
from lustrum.planning.planner import Request, make_plan
from lustrum.planning.registry import Registry
from lustrum.running.batches import Intake
from lustrum.running.clock import run_start

pq: Any = import_module("pyarrow.parquet")  # it has no types
STEPS: tuple[str, ...] = (
    "country",
    "state",
    "phone",
    "email",
    "person-name",
    "company",
    "region",
    "score",
    "territory",
)


@dataclass(frozen=True, slots=True)
class Leads:
    """A Parquet file as a source of frames."""

    location: str
    fingerprint: str = ""
    description: str = ""

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns."""
        return list(pl.read_parquet_schema(self.location))

    def batches(self, size: int) -> Iterator[SourceBatch]:
        """Give the leads, some at a time."""
        for part in pq.ParquetFile(self.location, pre_buffer=False).iter_batches(size):
            yield SourceBatch(pl.DataFrame(part).cast(pl.String))


class Engine:
    """Plans of the benchmark's project over some leads."""

    def __init__(self, source: Leads) -> None:
        self._project = load_project(PROJECT)
        self._registry = Registry.of_project(self._project)
        self._source = source
        self.given = Given("benchmark", run_start("UTC"))

    def plan(self, campaign: str = "nightly") -> Plan:
        """Plan a campaign."""
        request = Request(self.given.start, self._source.header, self._source.location, (campaign,), any_kind=True)
        return make_plan(self._project, self._registry, request)

    def batches(self, size: int, plan: Plan) -> Iterator[Batch]:
        """Give the leads as the engine takes them."""
        return (incoming.batch for incoming in Intake(self._source, plan.schema).batches(size))

    def warm_up(self, size: int) -> None:
        """Let the steps build their tables, with a few leads that are no part of what is measured."""
        plan = self.plan()
        execute(plan, next(self.batches(min(size, 20), plan)), self.given)
        self.given = replace(self.given, memo=Memo())


def whole(source: str, target: str, size: int) -> dict[str, Any]:
    """Take the leads through all steps and write them."""
    engine = Engine(Leads(source))
    engine.warm_up(size)
    plan, count, writer = engine.plan(), 0, None
    begun, used = time.perf_counter(), time.process_time()
    for batch in engine.batches(size, plan):
        leads = cast("Any", execute(plan, batch, engine.given).leads.to_arrow())
        writer = writer or pq.ParquetWriter(target, leads.schema)
        writer.write_table(leads)
        count += batch.height
    if writer:
        writer.close()
    return {"leads": count, "seconds": time.perf_counter() - begun, "cpu": time.process_time() - used}


def unlogged(source: str, target: str, size: int) -> dict[str, Any]:
    """Take the leads through all steps as `whole` does, with nothing noted of the cells that are written."""
    with mock.patch.object(Records, "change", _note_nothing):
        return whole(source, target, size)


def _note_nothing(*_: object) -> None:
    """Stand in for the noting of changes; a mock would hold on to them."""


def steps(source: str, _target: str, size: int) -> dict[str, Any]:
    """Take the leads through one step after the other."""
    engine = Engine(Leads(source))
    engine.warm_up(size)
    plans = {name: engine.plan(name) for name in STEPS}
    taken, count = dict.fromkeys(STEPS, 0.0), 0
    used = time.process_time()
    for first in engine.batches(size, plans["country"]):
        batch, count = first, count + first.height
        for name, plan in plans.items():
            begun = time.perf_counter()
            result = execute(plan, batch, engine.given)
            taken[name] += time.perf_counter() - begun
            batch = replace(batch, frame=batch.frame.with_columns(result.leads))
    seconds = sum(taken.values())
    return {"leads": count, "seconds": seconds, "cpu": time.process_time() - used, "parts": taken}


if __name__ == "__main__":
    _, way, source, target, size = sys.argv
    json.dump({"whole": whole, "unlogged": unlogged, "steps": steps}[way](source, target, int(size)), sys.stdout)
