"""The leads of a run, batch by batch: through the engine and into the journal."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Any

import polars as pl

from lustrum.contracts.sources import Reject
from lustrum.engine.execute import execute
from lustrum.engine.given import Batch
from lustrum.engine.learning import Lessons
from lustrum.engine.result import Result, texts
from lustrum.running.batches import Incoming, Intake
from lustrum.running.collecting import batch_is_done
from lustrum.running.incremental import Incremental
from lustrum.running.job import Job
from lustrum.running.journal.batch_parts import Origin, keyed
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.records import BatchRecord
from lustrum.running.journal.seen import Reading
from lustrum.running.last_run import LastRun
from lustrum.running.lookup import Lookup
from lustrum.running.pending import Pending, PutAside, settled
from lustrum.running.refusals import refuse_losing
from lustrum.running.resuming import ABORTED, Done
from lustrum.running.taking import Taken, Taking
from lustrum.running.totals import Totals
from lustrum.running.workers.brief import Report
from lustrum.running.workers.crew import Crew
from lustrum.running.workers.pool import Unsplittable
from lustrum.running.workers.splitting import Numbered, split

Progress = Callable[[int], None]
READING, AROUND, JOURNAL = "reading the source", "around the entries", "writing the journal"
"""What the time of a run goes into, beside its entries and applying."""


class Work:
    """Takes the leads of a run through; `totals` are its figures, `raised` the first message of each place.

    `watched` are the paths of the campaigns that are counted by themselves, by name.
    """

    def __init__(self, job: Job, watched: Mapping[str, tuple[str, ...]]) -> None:
        source, options = job.ends.source.location, job.options
        self._job = job
        self._watched = watched
        self._lookup = Lookup(
            job.id,
            job.plan,
            source,
            job.ledger,
            job.clock,
            job.activities,
            job.ends.in_place,
            options.no_wait,
            costs=job.costs,
        )
        self._pending = Pending(job.clock)
        self._done = Done(job.journal)
        self._number = 0
        self._met = self._beyond = 0
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
        self._taking = self._begin_taking()
        intake = self._intake()
        with closing(self._take_all(self._undone(self._parts(intake)))) as batches:
            for aborted in batches:
                progress(self.totals.leads)
                if aborted:
                    return aborted
        self.totals.beyond_limit += self._beyond
        refuse_losing(self._job.ends.source.location, self._job.ends.target, self.totals)
        if self._job.activities:
            self.totals.count_activities(self._job.activities.tally(intake.known))
        return self._take_pending()

    def _intake(self) -> Intake:
        return Intake(self._job.ends.source, self._job.plan.schema, self._job.journal.folder)

    def _learn(self) -> None:
        """Read the source once for what steps must know of all of it, if any must."""
        lessons = Lessons(self._job.plan)
        if not lessons:
            return
        if self._job.journal.facts() is None:
            self._hear(lessons)
        self._lookup = replace(self._lookup, facts=self._job.journal.facts() or {})

    def _begin_taking(self) -> Taking:
        """Look for the run before this one, if leads may be spared, and note what is read of each."""
        job, plan, options = self._job, self._job.plan, self._job.options
        reading = Reading.of(plan, self._lookup.facts, self._lookup.carried)
        sparing = options.only_quarantined or (plan.when_changed and not options.full)
        before = self._job.ledger.applied_runs.last(self._job.ends.source.location) if sparing else None
        last = LastRun(Journal(self._job.journal.root, before, self._job.ledger)) if before else None
        earlier = {under: found.fields for under, found in last.readings.items()} if last else {}
        self._job.journal.note_readings({**earlier, reading.under: reading.fields})
        holds = None if options.only_quarantined else plan.holds
        incremental = Incremental(reading, plan.start, last, holds, options.only_quarantined)
        return Taking(self._lookup, incremental, self._watched, self._execute, remembers=job.execute is None)

    def _hear(self, lessons: Lessons) -> None:
        for incoming in self._intake().batches(self._job.options.batch_size):
            lessons.hear(incoming.batch.frame)
        self._job.journal.note_facts(lessons.decide())
        self._job.complaints.extend(lessons.complaints)

    def _parts(self, intake: Intake) -> Iterator[Incoming]:
        read = self._job.costs.of_each(READING, intake.batches(self._job.options.batch_size))
        parts = (self._within_limit(incoming) for incoming in read)
        return (part for part in parts if part.batch.height or part.rejects)

    def _within_limit(self, incoming: Incoming) -> Incoming:
        limit = self._job.options.limit
        height = incoming.batch.height
        met, self._met = self._met, self._met + height
        if limit is None or met + height <= limit:
            return incoming
        kept = max(0, limit - met)
        self._beyond += height - kept
        return Incoming(incoming.batch.slice(0, kept), incoming.rejects)

    def _undone(self, parts: Iterable[Incoming]) -> Numbered:
        """Give the batches, by number, that no earlier start of this run has committed."""
        for incoming in parts:
            number = self._next_number()
            done = self._done.of(number)
            if done is None:
                yield number, incoming
            else:
                self.totals.merge(done)
                waiting = self._job.journal.still_pending(number)
                self._pending.put_aside(self._lookup.complete(incoming.batch), waiting, _origin(number, incoming))

    def _take_all(self, parts: Numbered) -> Generator[str | None]:
        """Take batches through, here or by workers, and commit them in order; give why the run is aborted, if so."""
        workers, parts = split(self._job, parts)
        if workers:
            with ExitStack() as stack:
                stack.callback(self._job.journal.discard_unpublished)
                crew = stack.enter_context(closing(Crew.of(self._job, self._taking, workers)))
                try:
                    yield from self._have_taken(crew, parts)
                except Unsplittable as reason:
                    crew.end_work()
                    if self._job.options.workers:
                        self._job.complaints.append(f"went on in one process: {reason}")
                    yield from self._take_here(crew.left())
        yield from self._take_here(parts)

    def _take_here(self, parts: Numbered) -> Iterator[str | None]:
        for number, incoming in parts:
            yield self._take(number, incoming)
            batch_is_done()

    def _have_taken(self, crew: Crew, parts: Numbered) -> Iterator[str | None]:
        for number, incoming in parts:
            crew.hand_over(number, incoming)
            if crew.is_full:
                yield self._take_back(crew)
        while crew.is_busy:
            yield self._take_back(crew)

    def _take_back(self, crew: Crew) -> str | None:
        number, report = crew.take_back()
        self._publish(number, report, crew.spool.notes(number))
        crew.spool.drop(number)
        self._job.complaints.extend(crew.mishaps())
        return report.aborted

    def _publish(self, number: int, report: Report, notes: Mapping[str, pl.DataFrame]) -> None:
        """Commit a batch whose parts a worker has written."""
        job, kept = self._job, _kept(report.figures, report.aborted)
        job.journal.publish(BatchRecord(number, report.leads, report.rejects, figures=kept), notes)
        self._tell(number, report.figures, lambda: job.journal.read_batch(number, "trail"))
        self._note(report.raised, report.outcomes)

    def _take(self, number: int, incoming: Incoming) -> str | None:
        """Take a batch through the campaigns here and now."""
        with self._job.costs.of(AROUND):
            taken = self._taking.take(incoming, number)
        self._commit(number, taken, incoming.rejects)
        self._pending.put_aside(taken.batch, taken.result.pending, _origin(number, incoming))
        return taken.result.aborted

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
        seen = self._taking.incremental.seen(aside.batch, result)
        self._commit(self._next_number(), Taken(aside.batch, result, seen, figures), (), aside.origin)
        self._pending.put_aside(aside.batch, result.pending, aside.origin)
        return result.aborted

    def _commit(self, number: int, taken: Taken, rejects: Sequence[Reject], origin: Origin | None = None) -> None:
        job, result = self._job, taken.result
        kept = _kept(taken.figures, result.aborted)
        with job.costs.of(JOURNAL):
            job.journal.commit(number, result, rejects, job.plan.start, origin, kept, taken.seen, taken.replay)
        self._tell(number, taken.figures, lambda: keyed(texts(result.trail), result.keys))
        self._note(taken.raised, result.counts())

    def _tell(self, number: int, figures: Totals, changes: Callable[[], pl.DataFrame]) -> None:
        self.totals.merge(figures)
        self._job.observe("lustrum_batch_committed", batch=number, figures=figures.as_dict())
        if self._job.registry.listens("lustrum_changes"):
            self._job.observe("lustrum_changes", batch=number, changes=changes())

    def _next_number(self) -> int:
        self._number += 1
        return self._number - 1

    def _execute(self, batch: Batch) -> Result:
        if self._job.execute:
            return self._job.execute(batch)
        return settled(execute(self._job.plan, batch, self._lookup.given(batch, self._pending.budgets)))

    def _note(self, raised: Iterable[str], outcomes: Mapping[str, Mapping[str, int]]) -> None:
        """Keep the first message of every place (`file:line`) at which steps raised, and tell what entries did."""
        for message in raised:
            self.raised.setdefault(message.partition(": ")[0], message)
        for path, counts in outcomes.items():
            self._job.observe("lustrum_step_finished", path=path, outcomes=counts)


def _origin(number: int, incoming: Incoming) -> Origin:
    return Origin(number, pl.int_range(incoming.batch.height, dtype=pl.UInt32, eager=True))


def _kept(figures: Totals, aborted: str | None) -> dict[str, Any]:
    return {**figures.kept(), **({ABORTED: aborted} if aborted else {})}
