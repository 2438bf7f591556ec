"""The collector of cycles waits while modules are imported, and works while leads are."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from lustrum.running import collecting


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """Leave the collector as it was."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_what_was_loaded_is_looked_through_no_more_and_what_follows_is() -> None:
    collecting.begin()
    collecting.all_is_loaded()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] == collecting.RUNNING


def test_the_process_of_another_is_left_alone() -> None:
    before = gc.get_threshold(), gc.get_freeze_count()
    collecting.all_is_loaded()
    assert (gc.get_threshold(), gc.get_freeze_count()) == before


class Frame:
    """Stands in for a frame of leads."""

    held_by: object


def test_cycles_that_hold_on_to_a_batch_end_with_it() -> None:
    collecting.batch_is_done()
    batch = Frame()
    batch.held_by = [batch]
    gone = weakref.ref(batch)
    gc.collect(0)
    del batch
    collecting.batch_is_done()
    assert gone() is None
