"""The leads of a run, batch by batch: through the engine and into the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from lustrum.contracts.sources import Reject
from lustrum.engine.execute import execute
from lustrum.engine.given import Batch
from lustrum.engine.learning import Lessons
from lustrum.engine.replies import STEP_RAISED
from lustrum.engine.result import Result
from lustrum.running.batches import Incoming, Intake, unreadable
from lustrum.running.incremental import Incremental, LastRun
from lustrum.running.job import Job
from lustrum.running.journal import Journal, Origin, keyed
from lustrum.running.lookup import Lookup
from lustrum.running.pending import Pending, PutAside, settled
from lustrum.running.refusals import refuse_losing
from lustrum.running.resuming import ABORTED, Done
from lustrum.running.seen import Reading
from lustrum.running.totals import Totals

Progress = Callable[[int], None]


class Work:
    """Takes the leads of a run through; `totals` are its figures, `raised` the first message of each place.

    `watched` are the paths of the campaigns that are counted by themselves, by name.
    """

    def __init__(self, job: Job, watched: Mapping[str, tuple[str, ...]]) -> None:
        source, options = job.ends.source.location, job.options
        self._job = job
        self._watched = watched
        self._lookup = Lookup(
            job.id, job.plan, source, job.ledger, job.clock, job.activities, job.ends.in_place, options.no_wait
        )
        self._pending = Pending(job.clock)
        self._done = Done(job.journal)
        self._number = 0
        self.totals = Totals()
        self.raised: dict[str, str] = {}
        if job.begun:
            self.totals.merge(self._done.further)

    @property
    def facts(self) -> Mapping[str, str]:
        """What steps learnt of the source."""
        return self._lookup.facts

    def process(self, progress: Progress) -> str | None:
        """Take all leads through the campaigns; give the message of an entry that aborts the run."""
        if self._done.aborted:
            return self._done.aborted
        self._learn()
        self._incremental = self._begin_incremental()
        intake = Intake(self._job.ends.source, self._job.plan.schema)
        for part in self._parts(intake):
            aborted = self._take(part)
            progress(self.totals.leads)
            if aborted:
                return aborted
        refuse_losing(self._job.ends.source.location, self._job.ends.target, self.totals)
        if self._job.activities:
            self.totals.count_activities(self._job.activities.tally(intake.knows))
        return self._take_pending()

    def _learn(self) -> None:
        """Read the source once for what steps must know of all of it, if any must."""
        lessons = Lessons(self._job.plan)
        if not lessons:
            return
        if self._job.journal.facts() is None:
            self._hear(lessons)
        self._lookup = replace(self._lookup, facts=self._job.journal.facts() or {})

    def _begin_incremental(self) -> Incremental:
        """Look for the run before this one, if leads may be spared, and note what is read of each."""
        plan, options = self._job.plan, self._job.options
        reading = Reading.of(plan, self._lookup.facts)
        sparing = options.only_quarantined or (plan.when_changed and not options.full)
        before = self._job.ledger.applied_runs.last(self._job.ends.source.location) if sparing else None
        last = LastRun(Journal(self._job.journal.root, before, self._job.ledger)) if before else None
        earlier = {under: found.fields for under, found in last.readings.items()} if last else {}
        self._job.journal.note_readings({**earlier, reading.under: reading.fields})
        holds = None if options.only_quarantined else plan.holds
        return Incremental(reading, plan.start, last, holds, options.only_quarantined)

    def _hear(self, lessons: Lessons) -> None:
        for incoming in Intake(self._job.ends.source, self._job.plan.schema).batches(self._job.options.batch_size):
            lessons.hear(incoming.batch.frame)
        self._job.journal.note_facts(lessons.decide())
        self._job.complaints.extend(lessons.complaints)

    def _parts(self, intake: Intake) -> Iterator[Incoming]:
        parts = (self._within_limit(incoming) for incoming in intake.batches(self._job.options.batch_size))
        return (part for part in parts if part.batch.height or part.rejects)

    def _within_limit(self, incoming: Incoming) -> Incoming:
        limit = self._job.options.limit
        height = incoming.batch.height
        met = self.totals.leads + self.totals.beyond_limit
        if limit is None or met + height <= limit:
            return incoming
        kept = max(0, limit - met)
        self.totals.beyond_limit += height - kept
        return Incoming(incoming.batch.slice(0, kept), incoming.rejects)

    def _take(self, incoming: Incoming) -> str | None:
        """Take a batch through the campaigns, unless an earlier start of this run has done so."""
        batch = self._lookup.complete(incoming.batch)
        rows = pl.int_range(batch.height, dtype=pl.UInt32, eager=True)
        origin = Origin(self._next_number(), rows)
        done = self._done.of(origin.batch)
        if done is not None:
            self.totals.merge(done)
            self._pending.put_aside(batch, self._job.journal.still_pending(origin.batch), origin)
            return None
        result, seen = self._incremental.take(batch, self._execute)
        if self._job.execute:
            seen = seen.clear()
        figures = Totals(spared=len(result.keys) - result.leads.height)
        figures.add(result, self._watched)
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
        figures.add(result, self._watched, again=True)
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
        self._job.journal.commit(number, result, rejects, self._job.plan.start, origin, kept, seen)
        self.totals.merge(figures)
        self._job.observe("lustrum_batch_committed", batch=number, figures=figures.as_dict())
        self._job.observe("lustrum_changes", batch=number, changes=keyed(result.trail, result.keys))

    def _next_number(self) -> int:
        self._number += 1
        return self._number - 1

    def _execute(self, batch: Batch) -> Result:
        if self._job.execute:
            return self._job.execute(batch)
        return settled(execute(self._job.plan, batch, self._lookup.given(batch, self._pending.budgets)))

    def _note(self, batch: Batch, result: Result, origin: Origin) -> None:
        self._pending.put_aside(batch, result.pending, origin)
        self._note_raised(result.details.filter(pl.col("code") == STEP_RAISED)["message"].drop_nulls().to_list())
        for path, counts in result.counts().items():
            self._job.observe("lustrum_step_finished", path=path, outcomes=counts)

    def _note_raised(self, messages: Iterable[str]) -> None:
        """Keep the first message of every place (`file:line`) at which steps raised."""
        for message in messages:
            self.raised.setdefault(message.partition(": ")[0], message)
