"""Telling an interrupt that comes from outside, by a signal, from one that code has raised."""

from __future__ import annotations

import dis
import signal
from collections.abc import Iterator
from types import CodeType

_RAISE = bytes([dis.opmap["RAISE_VARARGS"]])
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def is_from_outside(interrupt: KeyboardInterrupt) -> bool:
    """Say whether a signal has interrupted: no `raise` did, or that of the signal's handler."""
    if isinstance(interrupt.__context__, KeyboardInterrupt):
        return is_from_outside(interrupt.__context__)
    passed = list(_passed(interrupt))
    handlers = {getattr(signal.getsignal(number), "__code__", None) for number in _SIGNALS}
    raised = bool(passed) and passed[-1][0].co_code[passed[-1][1] :][:1] == _RAISE
    return not raised or any(code in handlers for code, _ in passed)


def _passed(error: BaseException) -> Iterator[tuple[CodeType, int]]:
    """Give the code an error has passed through, with the instruction in each, the one that raised it last."""
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame.f_code, trace.tb_lasti
        trace = trace.tb_next
