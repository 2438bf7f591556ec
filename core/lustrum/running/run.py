"""One run over its leads: source → engine → journal → guards → apply → sink."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from itertools import count
from types import MappingProxyType

import polars as pl

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
from lustrum.running.guards import Tripped, tripped_guards
from lustrum.running.journal import Journal, Origin, settle_unfinished
from lustrum.running.ledger import APPLIED, BROKEN, RUNNING, Ledger, RunRecord
from lustrum.running.lookup import Lookup
from lustrum.running.options import Ends, RunOptions
from lustrum.running.outputs import read_alerts
from lustrum.running.pending import Pending, PutAside, settled
from lustrum.running.refusals import refuse_losing
from lustrum.running.summary import Status, Summary
from lustrum.running.totals import Totals
from lustrum.words.errors import RunInterrupted, UsageError

Progress = Callable[[int], None]


class Run:
    """A run that has everything it needs; it goes once."""

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
        self._numbers = count()
        self._totals = Totals()
        self._raised: dict[str, str] = {}
        self._complaints: list[str] = []

    def go(self, progress: Progress) -> Summary:
        """Go from the source to the sink."""
        self._begin()
        last_rows = self._ledger.applied_runs.rows_met(self._ends.source.location)
        try:
            with self._activities.open() if self._activities else nullcontext():
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
        source, plan, options = self._ends.source, self._plan, self._options
        campaigns = tuple(campaign.name for campaign in plan.campaigns)
        fingerprint, size = source.fingerprint, options.batch_size
        record = RunRecord(
            self._id,
            plan.start,
            campaigns,
            plan.digest,
            source.location,
            fingerprint,
            size,
            options.tokens,
            self._ends.in_place,
        )
        self._journal.begin()
        self._ledger.begin(record)
        self._observe("lustrum_run_started", run=self._id, campaigns=list(campaigns))

    def _process(self, progress: Progress) -> str | None:
        """Take all leads through the campaigns; give the message of an entry that aborts the run."""
        self._learn()
        intake = Intake(self._ends.source, self._plan.schema)
        for part in self._parts(intake):
            result = self._take(part)
            progress(self._totals.leads)
            if result.aborted:
                return result.aborted
        refuse_losing(self._ends.source.location, self._ends.target, self._totals)
        if self._activities:
            self._totals.count_activities(self._activities.tally(intake.knows))
        return self._take_pending()

    def _learn(self) -> None:
        """Read the source once for what steps must know of all of it, if any must."""
        lessons = Lessons(self._plan)
        if not lessons:
            return
        for incoming in Intake(self._ends.source, self._plan.schema).batches(self._options.batch_size):
            lessons.hear(incoming.batch.frame)
        facts = lessons.decide()
        self._journal.note_facts(facts)
        self._lookup = replace(self._lookup, facts=facts)
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

    def _take(self, incoming: Incoming) -> Result:
        number = next(self._numbers)
        batch = self._lookup.complete(incoming.batch)
        result = self._execute(batch)
        self._journal.commit(number, result, incoming.rejects, self._plan.start)
        self._totals.add(result)
        self._totals.rejects.update(reject.reason for reject in incoming.rejects)
        self._totals.unreadable.update(unreadable(incoming.batch))
        rows = pl.int_range(batch.height, dtype=pl.UInt32, eager=True)
        self._note(batch, result, Origin(number, rows))
        return result

    def _take_pending(self) -> str | None:
        for aside in self._pending.due():
            result = self._take_again(aside)
            if result.aborted:
                return result.aborted
        return None

    def _take_again(self, aside: PutAside) -> Result:
        result = self._execute(aside.batch)
        self._journal.commit(next(self._numbers), result, (), self._plan.start, aside.origin)
        self._totals.add(result, again=True)
        self._note(aside.batch, result, aside.origin)
        return result

    def _execute(self, batch: Batch) -> Result:
        return settled(execute(self._plan, batch, self._lookup.given(batch, self._pending.budgets)))

    def _note(self, batch: Batch, result: Result, origin: Origin) -> None:
        self._pending.put_aside(batch, result, origin)
        self._note_raised(result.details.filter(pl.col("code") == STEP_RAISED)["message"].drop_nulls().to_list())
        for path, counts in result.counts().items():
            self._observe("lustrum_step_finished", run=self._id, path=path, outcomes=counts)

    def _note_raised(self, messages: Iterable[str]) -> None:
        """Keep the first message of every place (`file:line`) at which steps raised."""
        for message in messages:
            self._raised.setdefault(message.partition(": ")[0], message)

    def _apply(self) -> dict[str, str]:
        outputs = apply_run(self._journal, self._plan, self._ends.source, self._ends.sink, self._ends.target)
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
            facts=self._lookup.facts,
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
