"""Copies of a worker that a step has made by forking: none does the worker's work, and none outlives it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection

_DIE_WITH_PARENT = 1


def die_with(parent: int) -> None:
    """End when a process does, whatever this one is at, where the system can see to that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


@dataclass(slots=True)
class CopiesOf:
    """What a worker sees to in each of its copies: it lets go of the run, and ends with the process it is a copy of."""

    connection: Connection
    _parent: int = 0

    def see_to(self) -> None:
        """Begin to look after the copies."""
        os.register_at_fork(before=self._before, after_in_child=self._in_copy)

    def _before(self) -> None:
        """Note who forks: the system takes a thread for the parent, and threads may end before their process."""
        self._parent = os.getpid() if threading.get_native_id() == os.getpid() else 0

    def _in_copy(self) -> None:
        self.connection.close()
        if self._parent:
            die_with(self._parent)
