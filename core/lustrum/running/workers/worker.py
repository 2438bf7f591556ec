"""A worker: plans as the run has, takes the batches it is ordered to through, and writes their parts."""

from __future__ import annotations

import os
import pickle
import signal
from contextlib import ExitStack
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from types import FrameType

import polars as pl

from lustrum.engine.execute import execute
from lustrum.engine.given import Batch
from lustrum.engine.providers import Providers
from lustrum.engine.result import Result
from lustrum.files.project import Project, load_project
from lustrum.planning.plan import Plan
from lustrum.planning.planner import Request, make_plan
from lustrum.planning.registry import Registry
from lustrum.running.activities.activities import FED, Activities, own_activities
from lustrum.running.batches import Incoming
from lustrum.running.clock import RealClock
from lustrum.running.collecting import all_is_loaded, batch_is_done
from lustrum.running.incremental import Incremental
from lustrum.running.journal.batch_parts import notes_of
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.ledger import Ledger
from lustrum.running.journal.seen import Reading
from lustrum.running.last_run import LastRun
from lustrum.running.lookup import Lookup
from lustrum.running.taking import Taking
from lustrum.running.workers.brief import Answer, Brief, Order, Raised, Ready, Refusal, Report
from lustrum.running.workers.copies import CopiesOf, die_with
from lustrum.running.workers.pieces import in_pieces
from lustrum.running.workers.pulse import Pulse
from lustrum.running.workers.spool import Spool
from lustrum.running.workers.watched_step import Watch, step_names, watched

OUT_OF_MEMORY = 86
"""The exit code of a worker for which there was no memory left."""


class FailedForAWhile(Exception):  # never leaves a worker: the run does the batch by itself
    """A step failed transiently: how often that happened in all is known to the run alone."""


class NoTransients(Providers):
    """Gives up on the batch where a step fails transiently."""

    def heard(self, call: str, *, transient: bool) -> None:
        """Note how a call ended."""
        if transient:
            raise FailedForAWhile
        super().heard(call, transient=transient)


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker that has planned."""

    spool: Spool
    journal: Journal
    plan: Plan
    taking: Taking
    watch: Watch

    def answer(self, order: Order) -> Answer:
        """Do what is ordered."""
        self.watch.begin(order.tracing, order.poisons)
        incoming = self._ordered(order)
        taking = replace(self.taking, execute=in_pieces(self.taking.execute, order.pieces))
        try:
            taken = taking.take(incoming, order.number)
        except FailedForAWhile:
            return Refusal("a step failed for a while, and how often it may is counted over the whole run")
        if order.stretch is not None:
            return Report(order.ticket)
        self.journal.write(order.number, taken.result, incoming.rejects, seen=taken.seen, replay=taken.replay)
        self.spool.put_notes(order.number, notes_of(taken.result, self.plan.start))
        return Report(
            order.ticket,
            taken.figures,
            len(taken.result.keys),
            len(incoming.rejects),
            tuple(taken.raised),
            taken.result.counts(),
            taken.result.aborted,
        )

    def _ordered(self, order: Order) -> Incoming:
        incoming = self.spool.get(order.number)
        if order.guilty:
            rows = pl.Series(list(order.guilty), dtype=pl.UInt32)
            codes = pl.Series(list(order.guilty.values()), dtype=pl.String)
            trouble = incoming.batch.trouble.clone().scatter(rows, codes)
            incoming = replace(incoming, batch=replace(incoming.batch, trouble=trouble))
        if order.stretch is None:
            return incoming
        start, end = order.stretch
        return Incoming(incoming.batch.slice(start, end - start), ())


def main(handle: int, parent: int) -> None:
    """Work for the run at the other end of a socket until it is closed."""
    _leave_signals_to_the_run()
    die_with(parent)
    connection = Connection(handle)
    CopiesOf(connection).see_to()
    try:
        with ExitStack() as stack:
            worker = _employed(connection, stack)
            while worker:
                connection.send(_answer(worker, connection.recv()))
                batch_is_done()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _answer(worker: Worker, order: Order) -> Answer:
    try:
        return worker.answer(order)
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001  # whatever it is, it is the run's to raise
        return Raised(_sendable(error))


def _sendable(error: BaseException) -> BaseException:
    """Give an error that arrives at the run as it is, or one that says the same."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  # our own words
    except Exception:  # noqa: BLE001  # pickling may raise anything
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _employed(connection: Connection, stack: ExitStack) -> Worker | None:
    brief: Brief = connection.recv()
    try:
        project = load_project(brief.root)
        watch = Watch(Pulse(brief.pulse))
        registry = Registry.of_project(project)
        request = Request(brief.start, brief.header, brief.source, brief.campaigns, tokens=brief.tokens)
        plan = make_plan(project, watched(registry, watch), request)
    except BaseException as error:  # noqa: BLE001  # the run has planned, and goes on by itself
        connection.send(Refusal(f"a worker could not plan: {error}"))
        return None
    if plan.digest != brief.digest:
        connection.send(Refusal("a worker planned otherwise than the run, whose files have changed since"))
        return None
    ledger = stack.enter_context(Journal.open_ledger(brief.root, read_only=True))
    all_is_loaded()
    connection.send(Ready(step_names(registry)))
    return _ready(brief, project, plan, watch, ledger)


def _ready(brief: Brief, project: Project, plan: Plan, watch: Watch, ledger: Ledger) -> Worker:
    journal = Journal(brief.root, brief.run, ledger)
    own = own_activities(project, plan, ledger)
    lookup = Lookup(
        brief.run,
        plan,
        brief.source,
        ledger,
        RealClock(),
        Activities(None, own, journal.folder / FED).found() if own else None,
        brief.in_place,
        brief.no_wait,
        brief.facts,
        providers=NoTransients(),
    )
    reading = Reading.of(plan, brief.facts, lookup.carried)
    last = LastRun(Journal(brief.root, brief.before, ledger)) if brief.before else None
    holds = None if brief.only_quarantined else plan.holds
    incremental = Incremental(reading, plan.start, last, holds, brief.only_quarantined)

    def go(batch: Batch) -> Result:
        return execute(plan, batch, lookup.given(batch, {}))

    return Worker(Spool.of(journal.folder), journal, plan, Taking(lookup, incremental, brief.watched, go), watch)


def _leave_signals_to_the_run() -> None:
    """Let those pass that are meant for the whole group of processes."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _pass_by)


def _pass_by(number: int, frame: FrameType | None) -> None:
    """Do nothing; a signal that is ignored would be by what steps start, too."""
    del number, frame
