"""Wires that stay open between calls."""

from __future__ import annotations

import atexit
import os
from collections import OrderedDict

from lustrum_plugins.web.wire import Wire

_MOST = 8
_LARGEST = 1_000_000
_open: OrderedDict[tuple[object, ...], Wire] = OrderedDict()


def open_wire(shown: str, method: str, headers: tuple[tuple[str, str], ...], timeout: float) -> Wire:
    """Give the wire for calls of one kind, the same each time; of too many, the one unused for longest is closed."""
    kind = (os.getpid(), shown, method, headers, timeout)
    wire = _open.get(kind)
    if wire is None:
        wire = _open[kind] = Wire(shown, method, dict(headers), timeout, _LARGEST)
    _open.move_to_end(kind)
    while len(_open) > _MOST:
        _open.popitem(last=False)[1].close()
    return wire


@atexit.register
def close_wires() -> None:
    """Close all."""
    while _open:
        _open.popitem()[1].close()
