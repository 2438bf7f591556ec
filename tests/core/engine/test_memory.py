"""A batch that is done with is let go at once, not when Python next looks for circles of references."""

from __future__ import annotations

import gc

from lustrum import Failed, step
from lustrum.engine.state import LeadState
from lustrum.testing import run_step


@step("acme.tidy", strategies=("first", "second"))
def tidy(city: str) -> str | Failed:
    return Failed("not_a_city") if city == "x" else city.title()


def test_a_batch_is_let_go_at_once() -> None:
    gc.collect()
    gc.disable()
    try:
        assert run_step(tidy, [{"city": "rome"}, {"city": "x"}]).outcomes == ["changed", "failed:not_a_city"]
        assert not [each for each in gc.get_objects() if isinstance(each, LeadState)]
    finally:
        gc.enable()
