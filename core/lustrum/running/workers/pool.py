"""The workers of a run: orders handed out in turn, answers awaited, the lost replaced."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path

from lustrum.running.workers.brief import (
    EVERYTHING,
    STEP_TIMED_OUT,
    WORKER_DIED,
    Asked,
    Brief,
    Lost,
    Order,
    Poisons,
    Raised,
    Ready,
    Refusal,
    Report,
)
from lustrum.running.workers.process import Patience, WorkerProcess

_GLANCE = 1.0
"""Seconds after which the run looks after its workers again, at the latest."""
_SUSPICIONS = 3
"""How often the suspicion about an order may change before it is given up."""
_MOST = 16
"""When workers have broken over so many inputs of a step, it is asked about nothing any more."""


class Unsplittable(Exception):  # never leaves the run: it goes on in one process
    """Workers cannot do what the run in one process could; the text says why."""


@dataclass(slots=True)
class _Case:
    """What is known of an order over which workers ended."""

    suspect: Asked | None = None
    suspicions: int = 0


class Pool:
    """Some workers; each is started when there is something to do for it.

    An order over which a worker ended is done again, with the steps showing what they are asked. An input over which
    workers end twice is not asked about again in the whole run (`poisons`).
    """

    def __init__(self, brief: Brief, size: int, patience: Patience, folder: Path) -> None:
        self._brief = brief
        self._size = size
        self._patience = patience
        self._folder = folder
        self._workers: list[WorkerProcess] = []
        self._queue: deque[Order] = deque()
        self._ended: dict[int, Report | Lost | Raised | Refusal] = {}
        self._cases: dict[int, _Case] = {}
        self._started = self._tickets = 0
        self.poisons: Poisons = {}
        self.mishaps: list[str] = []

    def order(self, number: int) -> int:
        """Have a batch taken through, when its turn comes; give the ticket to ask for it by."""
        ticket = self._ticket()
        self._queue.append(Order(ticket, number))
        return ticket

    def at_once(self, order: Order) -> Report | Lost:
        """Have an order done next, and wait for it. Raises as `ended` does."""
        ticket = self._ticket()
        self._queue.appendleft(replace(order, ticket=ticket, tracing=True))
        return self.ended(ticket)

    def ended(self, ticket: int) -> Report | Lost:
        """Wait until an order is done or lost for good. Raises `Unsplittable`, and what the worker has raised."""
        while ticket not in self._ended:
            self.attend(_GLANCE)
        match self._ended.pop(ticket):
            case Raised(error):
                raise error
            case Refusal(reason):
                raise Unsplittable(reason)
            case ended:
                return ended

    def attend(self, seconds: float = 0) -> None:
        """Hear what workers say, for so long at most, look after them, and hand out what there is to do.

        Raises `Unsplittable`.
        """
        self._hand_out()
        heard = wait([worker.connection for worker in self._workers], min(seconds, self._patience.step / 4))
        for worker in [each for each in self._workers if each.connection in heard]:
            self._hear(worker)
        for worker in self._workers:
            worker.watch(self._patience)
        self._hand_out()

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def _ticket(self) -> int:
        self._tickets += 1
        return self._tickets

    def _hand_out(self) -> None:
        while self._queue:
            idle = next((worker for worker in self._workers if worker.order is None), None)
            if idle is None and len(self._workers) == self._size:
                return
            (idle or self._start()).give(replace(self._queue.popleft(), poisons=self.poisons))

    def _start(self) -> WorkerProcess:
        self._started += 1
        pulse = self._folder / f"pulse-{self._started}"
        try:
            worker = WorkerProcess.start(replace(self._brief, pulse=pulse), pulse)
        except OSError as error:
            raise Unsplittable(f"a worker could not start ({error.strerror})") from error
        self._workers.append(worker)
        return worker

    def _hear(self, worker: WorkerProcess) -> None:
        answer = worker.hear()
        if isinstance(answer, Ready):
            worker.steps = answer.steps
        elif answer is None:
            self._bury(worker)
        elif worker.order is not None:
            self._ended[worker.order.ticket] = answer
            worker.order = None

    def _bury(self, worker: WorkerProcess) -> None:
        """Let a worker go that has ended, and see to its order."""
        asked, how = worker.asked, worker.how()
        worker.end()
        self._workers.remove(worker)
        order, code = worker.order, STEP_TIMED_OUT if worker.timed_out else WORKER_DIED
        if order is None or order.ticket in self._ended:
            return
        if worker.steps is None:
            self._ended[order.ticket] = Refusal(f"a worker could not start: it {how}")
            return
        self.mishaps.append(f"a worker {how} over batch {order.number}{_over(asked)}")
        if self._deserves_another(order, asked, code):
            self._queue.appendleft(replace(order, tracing=True))
        else:
            self._ended[order.ticket] = Lost(code, how)

    def _deserves_another(self, order: Order, asked: Asked | None, code: str) -> bool:
        """Say whether an order shall be done again, after what must not be asked again is noted."""
        if not order.tracing:
            return True
        case = self._cases.setdefault(order.ticket, _Case())
        if asked is None:
            return False
        if case.suspect == asked and asked not in self.poisons:
            self._poison(asked, code)
            self._cases[order.ticket] = _Case()
            return True
        case.suspect, case.suspicions = asked, case.suspicions + 1
        return case.suspicions <= _SUSPICIONS

    def _poison(self, asked: Asked, code: str) -> None:
        step, _ = asked
        self.poisons = {**self.poisons, asked: code}
        if Counter(name for name, _ in self.poisons)[step] == _MOST:
            self.poisons = {**self.poisons, (step, EVERYTHING): code}


def _over(asked: Asked | None) -> str:
    return f", asking {asked[0]}" if asked else ""
