"""Running campaigns over some leads, through the real planner and engine, without journal or files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from lustrum.engine.execute import execute
from lustrum.engine.given import Batch, Given, NoWait
from lustrum.engine.learning import Lessons
from lustrum.engine.result import Result
from lustrum.files.project import load_project
from lustrum.planning.plan import Plan
from lustrum.planning.planner import Request, make_plan
from lustrum.planning.registry import Registry
from lustrum.testing.leads import Row, batch_of, rows_of
from lustrum.testing.steps import START, moments_of, outcome_texts
from lustrum.words.fields import field_name

MINIMAL = "leads: {from: leads.csv, to: out/leads.csv, key: id}\n"
"""The project file of tests that need none of their own."""


@dataclass(frozen=True, slots=True)
class CampaignRun:
    """What campaigns did: leads, an outcome for each lead by path, moments, quarantine and changes, and the plan.

    `waits` are the seconds the run would have waited for transient failures.
    """

    leads: list[dict[str, Any]]
    outcomes: dict[str, list[str]]
    moments: list[dict[str, Any]]
    quarantine: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    waits: list[float]
    plan: Plan
    result: Result


def run_campaign(
    project: Path | Mapping[str, str],
    rows: Sequence[Row],
    *campaigns: str,
    registry: Registry | None = None,
    start: datetime | None = None,
    batch_size: int | None = None,
    given: Given | None = None,
    header: Sequence[str] = (),
) -> CampaignRun:
    """Run a project's campaigns (default: its `run:`) over leads.

    `project` is a folder, or the project's files as text by their path in it; a `lustrum.yaml` that reads leads with
    the key `id` is added where it is missing. Raises `ProjectError` for what is wrong in them.
    """
    if isinstance(project, Path):
        return _run(project, rows, campaigns, registry, start, batch_size, given, header)
    with tempfile.TemporaryDirectory() as folder:
        root = write_project(Path(folder), project)
        return _run(root, rows, campaigns, registry, start, batch_size, given, header)


def write_project(root: Path, files: Mapping[str, str]) -> Path:
    """Write the files of a project, given as text by path, into a folder, and give it."""
    for name, text in {"lustrum.yaml": MINIMAL, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def _run(
    root: Path,
    rows: Sequence[Row],
    campaigns: tuple[str, ...],
    registry: Registry | None,
    start: datetime | None,
    batch_size: int | None,
    given: Given | None,
    header: Sequence[str],
) -> CampaignRun:
    project = load_project(root)
    start = start or START.astimezone(ZoneInfo(project.model.timezone))
    registry = registry or Registry.of_project(project)
    columns = _columns(rows, header)
    names = campaigns or (() if project.model.run else _only_batch(root))
    plan = make_plan(project, registry, Request(start, columns, project.model.leads.from_, names, any_kind=True))
    clock = NoWait()
    given = given or Given("test", start, source=Path(project.model.leads.from_).name, clock=clock, at_once_from=1)
    parts = _parts(batch_of(rows, plan.schema), batch_size)
    given = replace(given, facts=learn(plan, parts))
    result = together([execute(plan, part, given) for part in parts])
    return campaign_run(plan, result, clock)


def learn(plan: Plan, batches: Iterable[Batch]) -> Mapping[str, str]:
    """Give what the steps of a plan learn of these leads."""
    lessons = Lessons(plan)
    for batch in batches:
        lessons.hear(batch.frame)
    return lessons.decide()


def _columns(rows: Sequence[Row], header: Sequence[str]) -> list[str]:
    """Give the source's header, with the columns added that only the rows have."""
    known = {field_name(name) for name in header}
    own = dict.fromkeys(name for row in rows for name in row if field_name(name) not in known)
    return [*header, *own]


def _only_batch(root: Path) -> tuple[str, ...]:
    from lustrum.files.campaign import load_campaigns

    return tuple(name for name, campaign in load_campaigns(root).items() if campaign.model.kind == "batch")


def _parts(batch: Batch, size: int | None) -> list[Batch]:
    if size is None or batch.height <= size:
        return [batch]
    return [batch.slice(start, size) for start in range(0, batch.height, size)]


def together(results: Sequence[Result]) -> Result:
    """Put the results of consecutive batches together, rows counted on."""
    offsets = [sum(len(result.keys) for result in results[:number]) for number in range(len(results))]

    def rows(name: str) -> pl.DataFrame:
        frames: list[pl.DataFrame] = [getattr(result, name) for result in results]
        return pl.concat([part.with_columns(pl.col("row") + off) for part, off in zip(frames, offsets, strict=True)])

    return Result(
        leads=pl.concat([result.leads for result in results]),
        keys=pl.concat([result.keys for result in results]),
        net=rows("net"),
        trail=rows("trail"),
        outcomes=pl.concat([result.outcomes for result in results]),
        details=rows("details"),
        effects=rows("effects"),
        quarantine=rows("quarantine"),
        qualified=rows("qualified"),
        attempts=rows("attempts"),
        choices=rows("choices"),
        executed=rows("executed"),
        parked=rows("parked"),
        consumed=rows("consumed"),
        pending=rows("pending"),
        lasting=rows("lasting"),
        aborted=next((result.aborted for result in results if result.aborted), None),
    )


def campaign_run(plan: Plan, result: Result, clock: NoWait) -> CampaignRun:
    """Lay an engine's result out as tests read it."""
    return CampaignRun(
        leads=rows_of(result.leads),
        outcomes={path: outcome_texts(result, path) for path in result.outcomes.columns},
        moments=moments_of(result),
        quarantine=rows_of(_keyed(result.quarantine, result)),
        changes=rows_of(_keyed(result.net, result)),
        waits=clock.waits,
        plan=plan,
        result=result,
    )


def _keyed(frame: pl.DataFrame, result: Result) -> pl.DataFrame:
    return frame.with_columns(result.keys.gather(frame["row"]).alias("key")).drop("row")
