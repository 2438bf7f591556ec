"""A worker as the run sees it: a process, what it was ordered, and how long its steps have been at it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from lustrum.running.workers.brief import Answer, Asked, Brief, Order
from lustrum.running.workers.pulse import Beat, Pulse

STARTING = 600
"""Seconds in which a worker must have planned."""
_MAIN = "lustrum.running.workers.worker"


class Patience(NamedTuple):
    """How many seconds a worker is waited for: a step that is asked about an input, and a batch."""

    step: float
    batch: float


@dataclass
class WorkerProcess:
    """One process. `order` is what it is at, `steps` are the names of its steps, by number, once it is ready."""

    process: subprocess.Popen[bytes]
    connection: Connection
    pulse: Pulse
    order: Order | None = None
    steps: tuple[str, ...] | None = None
    timed_out: bool = False
    _began: float = field(default_factory=time.monotonic)
    _beat: Beat = field(default=Beat(0, 0, 1, None))
    _beat_since: float = 0

    @classmethod
    def start(cls, brief: Brief, pulse: Path) -> WorkerProcess:
        """Start a worker and tell it what it must know."""
        shown = Pulse.make(pulse)
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: S603  # this Python, our own module
                _command(theirs.fileno()),
                stdin=subprocess.DEVNULL,
                stdout=_error_stream(),
                pass_fds=[theirs.fileno()],
                env={**os.environ, "POLARS_MAX_THREADS": "1"},
                process_group=0,
            )
        worker = cls(process, Connection(ours.detach()), shown)
        worker.send(brief)
        return worker

    def give(self, order: Order) -> None:
        """Order something; the worker must not be at anything."""
        self.order, self._began, self._beat_since = order, time.monotonic(), time.monotonic()
        self.send(order)

    def send(self, told: Brief | Order) -> None:
        """Tell the worker something, unless it has ended, which shows when it is heard."""
        try:
            self.connection.send(told)
        except (BrokenPipeError, ConnectionResetError):
            return

    def hear(self) -> Answer | None:
        """Give what the worker says, or None if it has ended."""
        try:
            answer: Answer = self.connection.recv()
        except (EOFError, OSError):
            return None
        return answer

    def watch(self, patience: Patience) -> None:
        """End the worker if it takes too long."""
        now, beat = time.monotonic(), self.pulse.look()
        if beat.calls != self._beat.calls:
            self._beat, self._beat_since = beat, now
        asked = beat.asking and now - self._beat_since > patience.step * beat.shares
        limit = STARTING if self.steps is None else patience.batch
        if asked or (self.order is not None and now - self._began > limit):
            self.timed_out = True
            self._kill()

    def end(self) -> None:
        """End the worker at once, and let go of it."""
        if self.process.returncode is None:
            self._kill()
        self.process.wait()
        self.connection.close()
        self.pulse.close()

    @property
    def asked(self) -> Asked | None:
        """Which step the worker asks what, where it shows that."""
        beat = self.pulse.look()
        if not beat.asking or beat.traced is None or not self.steps:
            return None
        return self.steps[beat.step], beat.traced

    def how(self) -> str:
        """Say how the process ended."""
        code = self.process.wait()
        self._kill()
        if self.timed_out:
            return "was ended, for it took too long"
        return f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    def _kill(self) -> None:
        """End the process, and what its steps have started in it and left alive: all of its group."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


def _command(handle: int) -> list[str]:
    """Give the command that starts a worker which finds the modules that this process finds."""
    lines = (
        f"import sys; sys.path[:] = {sys.path!r}",
        "from lustrum.running import collecting; collecting.begin()",
        f"from {_MAIN} import main; main({handle}, {os.getpid()}); collecting.end()",
    )
    return [sys.executable, "-P", "-c", "; ".join(lines)]


def _error_stream() -> int:
    """Give where workers print to: the error stream, or nowhere if it is closed."""
    try:
        os.fstat(2)
    except OSError:
        return subprocess.DEVNULL
    return 2
