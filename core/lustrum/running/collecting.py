"""When a process of the command line, or a worker, looks for cycles of objects that nothing refers to any more.

What is imported stays until the end; looking through it again and again took a fifth of a short run.
"""

from __future__ import annotations

import gc

LOADING = 200_000
"""Objects that may be made before the first look, while modules and plugins are imported; Python says 700."""
RUNNING = 10_000
"""The same while leads are worked on: cycles hold on to frames of leads, so it must not be long."""
_YOUNG = 1
"""The generations that hold what was made since the last look; the oldest holds what steps remember."""


def begin() -> None:
    """Look for next to nothing while modules are imported; only where a process begins."""
    gc.set_threshold(LOADING)


def all_is_loaded() -> None:
    """Look for cycles from now on, and only in what is made from now on; does nothing in the process of another."""
    if gc.get_threshold()[0] == LOADING:
        gc.freeze()
        gc.set_threshold(RUNNING)


def batch_is_done() -> None:
    """Look through what was made since this was last called: cycles that hold on to the frames of a batch end with it.

    Left to themselves some outlive ten batches, and a worker takes 870 MB at times instead of 570.
    """
    gc.collect(_YOUNG)


def end() -> None:
    """Look for nothing more, where the process ends; else Python looks through everything once more."""
    gc.freeze()
