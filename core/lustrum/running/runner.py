"""A run of a project: its source, sink, plan and activities opened, then source → engine → journal → guards → sink."""

from __future__ import annotations

import os.path

from lustrum.files.project import Project
from lustrum.planning.plan import Plan
from lustrum.planning.planner import Request, make_plan
from lustrum.planning.registry import Registry
from lustrum.running.activities import Activities, types_asked
from lustrum.running.applied_parts import AppliedParts
from lustrum.running.clock import RealClock, Timer, check_run_id, new_run_id, run_start
from lustrum.running.feed import Feed
from lustrum.running.feed_rows import open_feed
from lustrum.running.journal import Journal, settle_unfinished
from lustrum.running.ledger import Ledger
from lustrum.running.options import Ends, RunOptions
from lustrum.running.own_activities import OwnActivities, Subjects
from lustrum.running.refusals import refuse_overwriting
from lustrum.running.run import Progress, Run
from lustrum.running.summary import Summary
from lustrum.words.errors import UsageError

__all__ = ["Ends", "Progress", "RunOptions", "locate", "run_project"]


def run_project(
    project: Project,
    registry: Registry,
    options: RunOptions,
    progress: Progress | None = None,
    clock: Timer | None = None,
) -> Summary:
    """Run a project's campaigns over its leads. Raises a `LustrumError` where it cannot; bad data is no such case."""
    declared = project.model.leads
    start = run_start(project.model.timezone)
    source = registry.open_source(locate(project, options.leads, declared.from_), declared.dialect)
    request = Request(start, source.header, source.location, options.campaigns, tokens=options.tokens)
    plan = make_plan(project, registry, request)
    if not plan.campaigns:
        raise UsageError("which campaign? name one, or write `run: NAME` into lustrum.yaml")
    target = locate(project, options.out, declared.to)
    refuse_overwriting(project, source.location, _feed_location(project), target)
    encoding = {"encoding": declared.write_encoding} if declared.write_encoding else {}
    ends = Ends(source, registry.open_sink(target, encoding), target)
    run = check_run_id(options.run_id) if options.run_id is not None else new_run_id(start)
    with Journal.open_ledger(project.root) as ledger:
        settle_unfinished(ledger)
        journal = Journal(project.root, run, ledger)
        activities = _activities(project, registry, plan, ledger, journal)
        begun = Run(project.model, registry, options, plan, ends, ledger, journal, activities, clock or RealClock())
        return begun.go(progress or _silent)


def _activities(
    project: Project, registry: Registry, plan: Plan, ledger: Ledger, journal: Journal
) -> Activities | None:
    """Find what the plan asks of the leads' past, if it asks anything; nothing is read yet but a header."""
    types = types_asked(plan)
    if not types:
        return None
    model = project.model
    subjects = Subjects.of(model.lists, model.programs, plan.schema.types)
    own = OwnActivities(AppliedParts(project.root, ledger.applied_runs), subjects, types)
    feeds = [
        Feed(open_feed(registry, location), location, plan.schema.key, model.timezone, types)
        for location in _feed_location(project)
    ]
    return Activities(feeds[0] if feeds else None, own, journal.folder / "activities")


def _feed_location(project: Project) -> list[str]:
    """Give where the feed of activities comes from, if there is one."""
    declared = project.model.activities
    return [locate(project, None, declared.from_)] if declared else []


def locate(project: Project, given: str | None, declared: str) -> str:
    """Give where leads come from or go to: as the caller says it, or as the project says it from its own folder."""
    if given is not None:
        return given
    return declared if "://" in declared else os.path.normpath(project.root / declared)


def _silent(leads: int) -> None:
    del leads
