"""A run: source → engine → journal → guards → apply → sink."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from lustrum.contracts.sources import Sink, Source
from lustrum.engine.execute import execute
from lustrum.engine.given import Given, Memo
from lustrum.engine.replies import STEP_RAISED
from lustrum.engine.result import Result
from lustrum.files.project import Project
from lustrum.planning.plan import Plan
from lustrum.planning.planner import Request, make_plan
from lustrum.planning.registry import Registry
from lustrum.running.apply import apply_run
from lustrum.running.batches import Incoming, Intake, unreadable
from lustrum.running.calls import JournaledCalls
from lustrum.running.clock import RealClock, check_run_id, new_run_id, run_start
from lustrum.running.guards import Tripped, tripped_guards
from lustrum.running.journal import Journal, settle_unfinished
from lustrum.running.ledger import APPLIED, BROKEN, RUNNING, Ledger, RunRecord
from lustrum.running.refusals import refuse_losing, refuse_overwriting
from lustrum.running.summary import Status, Summary
from lustrum.running.totals import Totals
from lustrum.words.errors import RunInterrupted, UsageError

BATCH_SIZE = 100_000
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the caller of a run decides; what is left out the project decides."""

    campaigns: tuple[str, ...] = ()
    leads: str | None = None
    out: str | None = None
    dry_run: bool = False
    limit: int | None = None
    run_id: str | None = None
    batch_size: int = BATCH_SIZE


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a run: the source, the sink and where it writes."""

    source: Source
    sink: Sink
    target: str

    @property
    def in_place(self) -> bool:
        """Whether the leads go where they came from."""
        return "://" not in self.target and Path(self.source.location).resolve() == Path(self.target).resolve()


def run_project(project: Project, registry: Registry, options: RunOptions, progress: Progress | None = None) -> Summary:
    """Run a project's campaigns over its leads. Raises a `LustrumError` where it cannot; bad data is no such case."""
    declared = project.model.leads
    start = run_start(project.model.timezone)
    source = registry.open_source(locate(project, options.leads, declared.from_), declared.dialect)
    plan = make_plan(project, registry, Request(start, source.header, source.location, options.campaigns))
    if not plan.campaigns:
        raise UsageError("which campaign? name one, or write `run: NAME` into lustrum.yaml")
    target = locate(project, options.out, declared.to)
    refuse_overwriting(project, source.location, target)
    encoding = {"encoding": declared.write_encoding} if declared.write_encoding else {}
    ends = Ends(source, registry.open_sink(target, encoding), target)
    with Journal.open_ledger(project.root) as ledger:
        settle_unfinished(ledger)
        return _Run(project, registry, options, plan, ends, ledger).go(progress or _silent)


def locate(project: Project, given: str | None, declared: str) -> str:
    """Give where leads come from or go to: as the caller says it, or as the project says it from its own folder."""
    if given is not None:
        return given
    return declared if "://" in declared else os.path.normpath(project.root / declared)


def _silent(leads: int) -> None:
    del leads


class _Run:
    def __init__(
        self, project: Project, registry: Registry, options: RunOptions, plan: Plan, ends: Ends, ledger: Ledger
    ) -> None:
        self._settings = project.model
        self._registry = registry
        self._options = options
        self._plan = plan
        self._ends = ends
        self._ledger = ledger
        self._id = check_run_id(options.run_id) if options.run_id is not None else new_run_id(plan.start)
        self._journal = Journal(project.root, self._id, ledger)
        self._totals = Totals()
        self._memo = Memo()
        self._raised: dict[str, str] = {}
        self._complaints: list[str] = []

    def go(self, progress: Progress) -> Summary:
        self._begin()
        last_rows = self._ledger.last_row_count(self._ends.source.location)
        try:
            aborted = self._process(progress)
            tripped = () if aborted else tuple(tripped_guards(self._settings.guards, self._totals, last_rows))
            outputs = {} if aborted or tripped or self._options.dry_run else self._apply()
        except KeyboardInterrupt as interrupt:
            raise RunInterrupted(f"interrupted; {self._end_early('interrupted')}") from interrupt
        except BaseException:
            self._end_early("broken")
            raise
        return self._end(self._status(aborted, tripped), aborted, tripped, outputs)

    def _begin(self) -> None:
        if self._ledger.status(self._id) is not None:
            raise UsageError(f"there was a run {self._id} already; give another --run-id, or leave it out")
        source, plan = self._ends.source, self._plan
        campaigns = tuple(campaign.name for campaign in plan.campaigns)
        fingerprint, size = source.fingerprint, self._options.batch_size
        record = RunRecord(self._id, plan.start, campaigns, plan.digest, source.location, fingerprint, size)
        self._journal.begin()
        self._ledger.begin(record)
        self._observe("lustrum_run_started", run=self._id, campaigns=list(campaigns))

    def _process(self, progress: Progress) -> str | None:
        intake = Intake(self._ends.source, self._plan.schema)
        parts = (self._within_limit(incoming) for incoming in intake.batches(self._options.batch_size))
        for number, part in enumerate(part for part in parts if part.batch.height or part.rejects):
            result = execute(self._plan, part.batch, self._given(part))
            self._journal.commit(number, result, part.rejects, self._plan.start)
            self._note(part, result)
            progress(self._totals.leads)
            if result.aborted:
                return result.aborted
        refuse_losing(self._ends.source.location, self._ends.target, self._totals)
        return None

    def _within_limit(self, incoming: Incoming) -> Incoming:
        limit = self._options.limit
        height = incoming.batch.height
        met = self._totals.leads + self._totals.beyond_limit
        if limit is None or met + height <= limit:
            return incoming
        kept = max(0, limit - met)
        self._totals.beyond_limit += height - kept
        return Incoming(incoming.batch.slice(0, kept), incoming.rejects)

    def _given(self, incoming: Incoming) -> Given:
        keys = incoming.batch.keys.drop_nulls().to_list() if self._plan.needs_history else []
        return Given(
            run=self._id,
            start=self._plan.start,
            source=Path(self._ends.source.location).name,
            effects=self._ledger.effects_of(keys) if keys else {},
            written=self._ledger.written_of(keys) if keys and not self._ends.in_place else {},
            qualified=self._ledger.qualifications_of(keys) if keys else {},
            memo=self._memo,
            clock=RealClock(),
            calls=JournaledCalls(self._ledger, self._id),
        )

    def _note(self, incoming: Incoming, result: Result) -> None:
        self._totals.add(result)
        self._totals.rejects.update(reject.reason for reject in incoming.rejects)
        self._totals.unreadable.update(unreadable(incoming.batch))
        self._note_raised(result.details.filter(pl.col("code") == STEP_RAISED)["message"].drop_nulls().to_list())
        for path, counts in result.counts().items():
            self._observe("lustrum_step_finished", run=self._id, path=path, outcomes=counts)

    def _note_raised(self, messages: Iterable[str]) -> None:
        """Keep the first message of every place (`file:line`) at which steps raised."""
        for message in messages:
            self._raised.setdefault(message.partition(": ")[0], message)

    def _apply(self) -> dict[str, str]:
        return apply_run(self._journal, self._plan, self._ends.source, self._ends.sink, self._ends.target)

    def _status(self, aborted: str | None, tripped: tuple[Tripped, ...]) -> Status:
        if aborted:
            return "aborted"
        if tripped:
            return "stopped"
        return "dry" if self._options.dry_run else "applied"

    def _end(
        self, status: Status, aborted: str | None, tripped: tuple[Tripped, ...], outputs: dict[str, str]
    ) -> Summary:
        allowed = not self._settings.allow.quarantined.exceeded(self._totals.quarantined, of=self._totals.leads)
        summary = Summary(
            run=self._id,
            status=status,
            campaigns=tuple(campaign.name for campaign in self._plan.campaigns),
            source=self._ends.source.location,
            description=self._ends.source.description,
            totals=self._totals,
            quarantine_allowed=allowed,
            tripped=tripped,
            aborted=aborted,
            warnings=self._plan.warnings,
            complaints=tuple(self._complaints),
            raised=tuple(self._raised.values()),
            outputs=outputs,
        )
        self._ledger.end(self._id, status, summary.as_dict())
        self._observe("lustrum_run_finished", run=self._id, status=status, summary=summary.as_dict())
        return replace(summary, complaints=tuple(self._complaints))

    def _end_early(self, status: Status) -> str:
        """Note how a run ended that did not come to its end, and say what became of the leads."""
        settle_unfinished(self._ledger)
        if self._ledger.status(self._id) in (RUNNING, BROKEN):
            self._ledger.end(self._id, status, self._totals.as_dict())
        ended = self._ledger.status(self._id) or status
        self._observe("lustrum_run_finished", run=self._id, status=ended, summary=self._totals.as_dict())
        return "the leads were applied already" if ended == APPLIED else "nothing was applied"

    def _observe(self, hook: str, **arguments: object) -> None:
        self._complaints.extend(self._registry.observe(hook, arguments))
