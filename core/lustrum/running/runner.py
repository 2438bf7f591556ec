"""A run of a project: its source, sink, plan and activities opened, then source → engine → journal → guards → sink."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lustrum.contracts.sources import header_lines
from lustrum.engine.costs import Costs
from lustrum.files.locations import located
from lustrum.files.project import Project
from lustrum.planning.plan import Plan
from lustrum.planning.planner import Request, make_plan
from lustrum.planning.registry import Registry
from lustrum.running.activities.activities import FED, Activities, own_activities, types_asked
from lustrum.running.activities.feed import Feed
from lustrum.running.activities.feed_rows import open_feed
from lustrum.running.clock import RealClock, Timer, check_run_id, new_run_id, run_start
from lustrum.running.disk import file_digest
from lustrum.running.job import Job
from lustrum.running.journal.folders import FOLDER
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.ledger import Ledger
from lustrum.running.lock import only_one
from lustrum.running.memory import with_fitting_batches
from lustrum.running.options import Ends, RunOptions
from lustrum.running.refusals import refuse_overwriting
from lustrum.running.resuming import Begun, CannotGoOn, find_held, find_unended, told_again
from lustrum.running.run import Run
from lustrum.running.settling import settle_unfinished
from lustrum.running.summary import Summary
from lustrum.running.work import Progress
from lustrum.words.errors import UsageError

__all__ = ["Ends", "Progress", "RunOptions", "apply_held", "locate", "run_project"]


def run_project(
    project: Project,
    registry: Registry,
    options: RunOptions,
    progress: Progress | None = None,
    clock: Timer | None = None,
) -> Summary:
    """Run a project's campaigns over its leads. Raises a `LustrumError` where it cannot; bad data is no such case."""
    known = (project.root / FOLDER).exists()
    opened = None if known else open_ends(project, registry, options)  # what cannot run leaves no trace
    with only_one(project.root), Journal.open_ledger(project.root) as ledger:
        settle_unfinished(ledger, registry)
        opening = Opening(project, registry, ledger, progress or _silent, clock or RealClock())
        return opening.resumed(options) if options.resume and not opened else opening.new(options, opened=opened)


def apply_held(
    project: Project,
    registry: Registry,
    run: str,
    accepted: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> Summary:
    """Apply a run that a guard stopped or that was only tried, over the guards named. Raises a `LustrumError`."""
    with only_one(project.root), Journal.open_ledger(project.root) as ledger:
        settle_unfinished(ledger, registry)
        opening = Opening(project, registry, ledger, progress or _silent, RealClock())
        return opening.gone_on_with(find_held(ledger, run, accepted))


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens what a run needs, and lets it go."""

    project: Project
    registry: Registry
    ledger: Ledger
    progress: Progress
    clock: Timer

    def new(self, options: RunOptions, notes: Iterable[str] = (), opened: tuple[Plan, Ends] | None = None) -> Summary:
        """Let a new run go; both ends may be open already."""
        plan, ends = opened or open_ends(self.project, self.registry, options)
        options = with_fitting_batches(options, ends.source)
        run = check_run_id(options.run_id) if options.run_id is not None else new_run_id(plan.start)
        return self._run(run, options, plan, ends, None, notes).go(self.progress)

    def resumed(self, options: RunOptions) -> Summary:
        """Go on with the run that did not come to its end, or let a new one go where there is none."""
        try:
            begun = find_unended(self.ledger, options)
            return self.gone_on_with(begun) if begun else self.new(options)
        except CannotGoOn as reason:
            if not options.restart:
                raise
            return self.new(options, [f"started again: {reason.what}"])

    def gone_on_with(self, begun: Begun) -> Summary:
        """Go on with a run from its last committed batch. Raises `CannotGoOn`."""
        if begun.is_applied:
            return told_again(self.ledger, begun, self.project.model.allow)
        start = begun.started.astimezone(ZoneInfo(self.project.model.timezone))
        plan, ends = open_ends(self.project, self.registry, begun.options, start)
        begun.check(plan, ends.fingerprint)
        notes = [f"went on with the run begun at {start:%Y-%m-%d %H:%M:%S %Z}"]
        return self._run(begun.run, begun.options, plan, ends, begun, notes).go(self.progress)

    def _run(
        self, run: str, options: RunOptions, plan: Plan, ends: Ends, begun: Begun | None, notes: Iterable[str]
    ) -> Run:
        project, registry, ledger = self.project, self.registry, self.ledger
        journal = Journal(project.root, run, ledger)
        activities = _activities(project, registry, plan, ledger, journal)
        settings, clock, complaints = project.model, self.clock, list(notes)
        job = Job(settings, registry, options, plan, ends, journal, clock, activities, begun, complaints=complaints)
        return Run(replace(job, costs=Costs(clock.elapsed)) if options.profile else job)


def open_ends(
    project: Project, registry: Registry, options: RunOptions, start: datetime | None = None
) -> tuple[Plan, Ends]:
    """Plan a run, from now where no start is given, and open its source and sink; nothing is written.

    Raises a `LustrumError`.
    """
    start = start or run_start(project.model.timezone)
    declared = project.model.leads
    source = registry.open_source(locate(project, options.leads, declared.from_), declared.dialect)
    request = Request(
        start, source.header, source.location, options.campaigns, tokens=options.tokens, lines=header_lines(source)
    )
    plan = make_plan(project, registry, request)
    if not plan.campaigns:
        raise UsageError("which campaign? name one, or write `run: NAME` into lustrum.yaml")
    target = locate(project, options.out, declared.to)
    feed = _feed_location(project)
    refuse_overwriting(project, source.location, feed, target)
    encoding = {"encoding": declared.write_encoding} if declared.write_encoding else {}
    prints = [file_digest(Path(location)) for location in feed if Path(location).is_file()]
    fingerprint = "|".join([source.fingerprint, *prints])
    return plan, Ends(source, registry.open_sink(target, encoding), target, fingerprint)


def _activities(
    project: Project, registry: Registry, plan: Plan, ledger: Ledger, journal: Journal
) -> Activities | None:
    """Find what the plan asks of the leads' past, if it asks anything; nothing is read yet but a header."""
    own = own_activities(project, plan, ledger)
    if own is None:
        return None
    key, zone, types = plan.schema.key, project.model.timezone, types_asked(plan)
    feeds = [Feed(open_feed(registry, each), each, key, zone, types) for each in _feed_location(project)]
    return Activities(feeds[0] if feeds else None, own, journal.folder / FED)


def _feed_location(project: Project) -> list[str]:
    """Give where the feed of activities comes from, if there is one."""
    declared = project.model.activities
    return [locate(project, None, declared.from_)] if declared else []


def locate(project: Project, given: str | None, declared: str) -> str:
    """Give where leads come from or go to: as the caller says it, or as the project says it from its own folder."""
    if given is not None:
        return given
    return located(project.root, declared)


def _silent(leads: int) -> None:
    del leads
