"""Asking a step about some leads, of whichever kind the step is."""

from __future__ import annotations

import polars as pl

from lustrum.engine.aliases import with_aliases_told
from lustrum.engine.columns import shaped
from lustrum.engine.frames import ask_batch_step
from lustrum.engine.given import Given
from lustrum.engine.inputs import part_unreadable, part_untriggered, told_aliases
from lustrum.engine.state import LeadState
from lustrum.engine.values import ask_value_step
from lustrum.planning.bindings import StepCall


def ask_step(
    call: StepCall, state: LeadState, rows: pl.Series, attempt: int, given: Given, effects: pl.DataFrame
) -> pl.DataFrame:
    """Give what the step says about each of the rows, laid out as `lustrum.engine.answers` tells."""
    readable, unreadable = part_unreadable(call, state, rows)
    readable, untriggered = part_untriggered(call, state, readable)
    if call.step.signature.batch:
        said = ask_batch_step(call, state, readable, given, effects)
    else:
        said = ask_value_step(call, state, readable, attempt, given)
    said = with_aliases_told(said, told_aliases(call, state, readable))
    others = [shaped(found, said.schema) for found in (unreadable, untriggered) if len(found)]
    return pl.concat([said, *others]).sort("row") if others else said
