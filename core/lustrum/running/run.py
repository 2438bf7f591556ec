"""One run over its leads: source → engine → journal → guards → apply → sink."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from types import MappingProxyType

from lustrum.engine.interrupts import StepInterrupt
from lustrum.files.locations import noted
from lustrum.running.apply import apply_run
from lustrum.running.culprits import with_culprits
from lustrum.running.freed import give_back
from lustrum.running.guards import Tripped, Watch
from lustrum.running.job import Job
from lustrum.running.journal.folders import run_folder
from lustrum.running.journal.ledger import APPLIED, BROKEN, RUNNING
from lustrum.running.journal.originals import forget_originals
from lustrum.running.journal.past_runs import LAST_RUNS, PastRuns
from lustrum.running.journal.records import RunRecord
from lustrum.running.outputs import read_alerts
from lustrum.running.settling import settle_unfinished
from lustrum.running.summary import Status, Summary
from lustrum.running.work import Progress, Work
from lustrum.words.errors import RunInterrupted, UsageError

APPLYING = "applying"
"""What the time of a run goes into at its end."""


class Run:
    """A run that has everything it needs; it goes once."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._watch = Watch.of(job.settings.guards, job.plan)
        self._work = Work(job, self._watch.paths)

    def go(self, progress: Progress) -> Summary:
        """Go from the source to the sink."""
        job = self._job
        self._begin()
        past = job.ledger.applied_runs.past(job.ends.source.location, LAST_RUNS)
        try:
            with job.activities.open() if job.activities else nullcontext():
                aborted = self._work.process(progress)
            tripped = () if aborted else self._tripped(past)
            outputs = {} if aborted or tripped or job.options.dry_run else self._apply()
        except KeyboardInterrupt as interrupt:
            reason = str(interrupt) if isinstance(interrupt, StepInterrupt) else "interrupted"
            raise RunInterrupted(f"{reason}; {self._end_early('interrupted')}") from interrupt
        except BaseException:
            self._end_early("broken")
            raise
        return self._end(self._status(aborted, tripped), aborted, tripped, outputs)

    def _begin(self) -> None:
        job = self._job
        if job.begun:
            job.journal.begin(again=True)
            job.ledger.end(job.id, RUNNING, {})
        else:
            record = self._record()
            job.journal.begin()
            job.ledger.begin(record)
        source, target = job.ends.source.location, job.ends.target
        job.observe("lustrum_run_started", campaigns=list(job.campaigns), source=source, target=target)

    def _record(self) -> RunRecord:
        job, plan, options, ends = self._job, self._job.plan, self._job.options, self._job.ends
        if job.ledger.status(job.id) is not None:
            raise UsageError(f"there was a run {job.id} already; give another --run-id, or leave it out")
        return RunRecord(
            run=job.id,
            started=plan.start,
            campaigns=job.campaigns,
            plan=plan.digest,
            source=ends.source.location,
            fingerprint=ends.fingerprint,
            batch_size=options.batch_size,
            tokens=options.tokens,
            in_place=ends.in_place,
            options={**options.lasting, "out": noted(job.journal.root, ends.target)},
        )

    def _tripped(self, past: PastRuns) -> tuple[Tripped, ...]:
        job = self._job
        tripped = self._watch.tripped(self._work.totals, past, job.columns)
        held = [trip for trip in tripped if trip.name not in job.options.accepted]
        told = tuple(with_culprits(trip, job.journal, self._watch.paths.get(trip.scope, ())) for trip in held)
        if told:
            job.observe("lustrum_guards_tripped", guards=[trip.as_dict() for trip in told])
        return told

    def _apply(self) -> dict[str, str]:
        job = self._job
        with job.costs.of(APPLYING):
            give_back()
            outputs = apply_run(job.journal, job.plan, job.ends.source, job.ends.sink, job.ends.target)
        earlier = job.ledger.applied(before_the_last=job.settings.journal.originals)
        forget_originals(run_folder(job.journal.root, run) for run in earlier)
        alerts = read_alerts(job.journal, job.plan.start.isoformat()) if "alerts" in outputs else []
        if alerts:
            job.observe("lustrum_alerts", alerts=tuple(MappingProxyType(alert) for alert in alerts))
        return outputs

    def _status(self, aborted: str | None, tripped: tuple[Tripped, ...]) -> Status:
        if aborted:
            return "aborted"
        if tripped:
            return "stopped"
        return "dry" if self._job.options.dry_run else "applied"

    def _end(
        self, status: Status, aborted: str | None, tripped: tuple[Tripped, ...], outputs: dict[str, str]
    ) -> Summary:
        job, totals = self._job, self._work.totals
        allowed = not job.settings.allow.quarantined.exceeded(totals.quarantined, of=totals.leads)
        summary = Summary(
            run=job.id,
            status=status,
            campaigns=job.campaigns,
            source=job.ends.source.location,
            description=job.ends.source.description,
            totals=totals,
            quarantine_allowed=allowed,
            tripped=tripped,
            aborted=aborted,
            warnings=job.plan.warnings,
            complaints=tuple(job.complaints),
            raised=tuple(self._work.raised.values()),
            outputs=outputs,
            facts=self._work.facts,
            columns=job.columns,
            costs=dict(job.costs.seconds) if job.options.profile else {},
        )
        job.ledger.end(job.id, status, summary.as_dict())
        job.observe("lustrum_run_finished", status=status, summary=summary.as_dict())
        return replace(summary, complaints=tuple(job.complaints))

    def _end_early(self, status: Status) -> str:
        """Note how a run ended that did not come to its end, and say what became of the leads."""
        job, figures = self._job, self._work.totals.as_dict()
        settle_unfinished(job.ledger, job.registry)
        if job.ledger.status(job.id) in (RUNNING, BROKEN):
            job.ledger.end(job.id, status, figures)
        ended = job.ledger.status(job.id) or status
        job.observe("lustrum_run_finished", status=ended, summary=figures)
        applied = "the leads were applied already"
        return applied if ended == APPLIED else "nothing was applied: `lustrum run --resume` goes on"
