"""One run over its leads: source → engine → journal → guards → apply → sink."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from types import MappingProxyType

import polars as pl

from lustrum.contracts.sources import Reject
from lustrum.engine.execute import execute
from lustrum.engine.given import Batch
from lustrum.engine.learning import Lessons
from lustrum.engine.replies import STEP_RAISED
from lustrum.engine.result import Result
from lustrum.files.settings import ProjectSettings
from lustrum.planning.plan import Plan
from lustrum.planning.registry import Registry
from lustrum.running.activities import Activities
from lustrum.running.apply import apply_run
from lustrum.running.batches import Incoming, Intake, unreadable
from lustrum.running.clock import Timer
from lustrum.running.culprits import with_culprits
from lustrum.running.guards import Tripped, Watch
from lustrum.running.incremental import Incremental, LastRun
from lustrum.running.journal import Journal, Origin, keyed, run_folder, settle_unfinished
from lustrum.running.ledger import APPLIED, BROKEN, RUNNING, Ledger, RunRecord
from lustrum.running.lookup import Lookup
from lustrum.running.options import Ends, RunOptions
from lustrum.running.originals import forget_originals
from lustrum.running.outputs import new_columns, read_alerts
from lustrum.running.past_runs import LAST_RUNS, PastRuns
from lustrum.running.pending import Pending, PutAside, settled
from lustrum.running.refusals import refuse_losing
from lustrum.running.resuming import ABORTED, Begun, Done
from lustrum.running.seen import Reading
from lustrum.running.summary import Status, Summary
from lustrum.running.totals import Totals
from lustrum.words.errors import RunInterrupted, UsageError

Progress = Callable[[int], None]


class Run:
    """A run that has everything it needs; it goes once. `execute` takes the place of the engine where it is given."""

    def __init__(
        self,
        settings: ProjectSettings,
        registry: Registry,
        options: RunOptions,
        plan: Plan,
        ends: Ends,
        ledger: Ledger,
        journal: Journal,
        activities: Activities | None,
        clock: Timer,
        begun: Begun | None = None,
        notes: Iterable[str] = (),
        execute: Callable[[Batch], Result] | None = None,
    ) -> None:
        self._settings = settings
        self._registry = registry
        self._options = options
        self._plan = plan
        self._ends = ends
        self._ledger = ledger
        self._journal = journal
        self._activities = activities
        self._id = journal.run
        self._lookup = Lookup(
            self._id, plan, ends.source.location, ledger, clock, activities, ends.in_place, options.no_wait
        )
        self._pending = Pending(clock)
        self._watch = Watch.of(settings.guards, plan)
        self._begun = begun
        self._work = execute
        self._done = Done(journal)
        self._number = 0
        self._totals = Totals()
        self._raised: dict[str, str] = {}
        self._complaints: list[str] = list(notes)

    def go(self, progress: Progress) -> Summary:
        """Go from the source to the sink."""
        if self._begun:
            self._go_on()
        else:
            self._begin()
        past = self._ledger.applied_runs.past(self._ends.source.location, LAST_RUNS)
        try:
            with self._activities.open() if self._activities else nullcontext():
                aborted = self._done.aborted or self._process(progress)
            tripped = () if aborted else self._tripped(past)
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
        plan, options, ends = self._plan, self._options, self._ends
        record = RunRecord(
            run=self._id,
            started=plan.start,
            campaigns=self._campaigns,
            plan=plan.digest,
            source=ends.source.location,
            fingerprint=ends.fingerprint,
            batch_size=options.batch_size,
            tokens=options.tokens,
            in_place=ends.in_place,
            options={**options.lasting, "out": ends.target},
        )
        self._journal.begin()
        self._ledger.begin(record)
        self._observe_start()

    def _observe_start(self) -> None:
        source, target = self._ends.source.location, self._ends.target
        self._observe(
            "lustrum_run_started", run=self._id, campaigns=list(self._campaigns), source=source, target=target
        )

    def _go_on(self) -> None:
        self._journal.begin(again=True)
        self._ledger.end(self._id, RUNNING, {})
        self._totals.merge(self._done.further)
        self._observe_start()

    @property
    def _campaigns(self) -> tuple[str, ...]:
        return tuple(campaign.name for campaign in self._plan.campaigns)

    def _process(self, progress: Progress) -> str | None:
        """Take all leads through the campaigns; give the message of an entry that aborts the run."""
        self._learn()
        self._incremental = self._begin_incremental()
        intake = Intake(self._ends.source, self._plan.schema)
        for part in self._parts(intake):
            aborted = self._take(part)
            progress(self._totals.leads)
            if aborted:
                return aborted
        refuse_losing(self._ends.source.location, self._ends.target, self._totals)
        if self._activities:
            self._totals.count_activities(self._activities.tally(intake.knows))
        return self._take_pending()

    def _learn(self) -> None:
        """Read the source once for what steps must know of all of it, if any must."""
        lessons = Lessons(self._plan)
        if not lessons:
            return
        if self._journal.facts() is None:
            self._hear(lessons)
        self._lookup = replace(self._lookup, facts=self._journal.facts() or {})

    def _begin_incremental(self) -> Incremental:
        """Look for the run before this one, if leads may be spared, and note what is read of each."""
        plan, options = self._plan, self._options
        reading = Reading.of(plan, self._lookup.facts)
        sparing = options.only_quarantined or (plan.when_changed and not options.full)
        before = self._ledger.applied_runs.last(self._ends.source.location) if sparing else None
        last = LastRun(Journal(self._journal.root, before, self._ledger)) if before else None
        earlier = {under: found.fields for under, found in last.readings.items()} if last else {}
        self._journal.note_readings({**earlier, reading.under: reading.fields})
        holds = None if options.only_quarantined else plan.holds
        once_only = self._ends.in_place and bool(plan.carried)
        return Incremental(reading, plan.start, last, holds, options.only_quarantined, once_only)

    def _hear(self, lessons: Lessons) -> None:
        for incoming in Intake(self._ends.source, self._plan.schema).batches(self._options.batch_size):
            lessons.hear(incoming.batch.frame)
        self._journal.note_facts(lessons.decide())
        self._complaints.extend(lessons.complaints)

    def _parts(self, intake: Intake) -> Iterator[Incoming]:
        parts = (self._within_limit(incoming) for incoming in intake.batches(self._options.batch_size))
        return (part for part in parts if part.batch.height or part.rejects)

    def _within_limit(self, incoming: Incoming) -> Incoming:
        limit = self._options.limit
        height = incoming.batch.height
        met = self._totals.leads + self._totals.beyond_limit
        if limit is None or met + height <= limit:
            return incoming
        kept = max(0, limit - met)
        self._totals.beyond_limit += height - kept
        return Incoming(incoming.batch.slice(0, kept), incoming.rejects)

    def _take(self, incoming: Incoming) -> str | None:
        """Take a batch through the campaigns, unless an earlier start of this run has done so."""
        batch = self._lookup.complete(incoming.batch)
        rows = pl.int_range(batch.height, dtype=pl.UInt32, eager=True)
        origin = Origin(self._next_number(), rows)
        done = self._done.of(origin.batch)
        if done is not None:
            self._totals.merge(done)
            self._pending.put_aside(batch, self._journal.still_pending(origin.batch), origin)
            return None
        result, seen = self._incremental.take(batch, self._execute)
        if self._work:
            seen = seen.clear()
        figures = Totals(spared=len(result.keys) - result.leads.height)
        figures.add(result, self._watch.paths)
        figures.rejects.update(reject.reason for reject in incoming.rejects)
        figures.unreadable.update(unreadable(incoming.batch))
        self._commit(origin.batch, result, figures, seen, incoming.rejects)
        self._note(batch, result, origin)
        return result.aborted

    def _take_pending(self) -> str | None:
        self._number = max(self._number, self._done.next_number)
        for aside in self._pending.due():
            aborted = self._take_again(aside)
            if aborted:
                return aborted
        return None

    def _take_again(self, aside: PutAside) -> str | None:
        result = self._execute(aside.batch)
        figures = Totals()
        figures.add(result, self._watch.paths, again=True)
        seen = self._incremental.seen(aside.batch, result)
        self._commit(self._next_number(), result, figures, seen, (), aside.origin)
        self._note(aside.batch, result, aside.origin)
        return result.aborted

    def _commit(
        self,
        number: int,
        result: Result,
        figures: Totals,
        seen: pl.DataFrame,
        rejects: Sequence[Reject],
        origin: Origin | None = None,
    ) -> None:
        kept = {**figures.kept(), **({ABORTED: result.aborted} if result.aborted else {})}
        self._journal.commit(number, result, rejects, self._plan.start, origin, kept, seen)
        self._totals.merge(figures)
        self._observe("lustrum_batch_committed", run=self._id, batch=number, figures=figures.as_dict())
        self._observe("lustrum_changes", run=self._id, batch=number, changes=keyed(result.trail, result.keys))

    def _next_number(self) -> int:
        self._number += 1
        return self._number - 1

    def _execute(self, batch: Batch) -> Result:
        if self._work:
            return self._work(batch)
        return settled(execute(self._plan, batch, self._lookup.given(batch, self._pending.budgets)))

    def _note(self, batch: Batch, result: Result, origin: Origin) -> None:
        self._pending.put_aside(batch, result.pending, origin)
        self._note_raised(result.details.filter(pl.col("code") == STEP_RAISED)["message"].drop_nulls().to_list())
        for path, counts in result.counts().items():
            self._observe("lustrum_step_finished", run=self._id, path=path, outcomes=counts)

    def _note_raised(self, messages: Iterable[str]) -> None:
        """Keep the first message of every place (`file:line`) at which steps raised."""
        for message in messages:
            self._raised.setdefault(message.partition(": ")[0], message)

    @property
    def _columns(self) -> tuple[str, ...]:
        return (*self._ends.source.header, *new_columns(self._plan.schema))

    def _tripped(self, past: PastRuns) -> tuple[Tripped, ...]:
        tripped = self._watch.tripped(self._totals, past, self._columns)
        held = [trip for trip in tripped if trip.name not in self._options.accepted]
        told = tuple(with_culprits(trip, self._journal, self._watch.paths.get(trip.scope, ())) for trip in held)
        if told:
            self._observe("lustrum_guards_tripped", run=self._id, guards=[trip.as_dict() for trip in told])
        return told

    def _apply(self) -> dict[str, str]:
        outputs = apply_run(self._journal, self._plan, self._ends.source, self._ends.sink, self._ends.target)
        kept = self._settings.journal.originals
        forget_originals(run_folder(self._journal.root, run) for run in self._ledger.applied(before_the_last=kept))
        alerts = read_alerts(self._journal, self._plan.start.isoformat()) if "alerts" in outputs else []
        if alerts:
            told = tuple(MappingProxyType(alert) for alert in alerts)
            self._observe("lustrum_alerts", run=self._id, alerts=told)
        return outputs

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
            campaigns=self._campaigns,
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
            facts=self._lookup.facts,
            columns=self._columns,
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
        return (
            "the leads were applied already"
            if ended == APPLIED
            else "nothing was applied: `lustrum run --resume` goes on"
        )

    def _observe(self, hook: str, **arguments: object) -> None:
        self._complaints.extend(self._registry.observe(hook, arguments))
