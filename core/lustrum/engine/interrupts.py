"""Telling a step that raises `KeyboardInterrupt` by itself from somebody who interrupts the run."""

from __future__ import annotations

from typing import NoReturn

from lustrum.contracts.steps import Step
from lustrum.engine.replies import place_raised
from lustrum.words.interrupts import is_from_outside


class StepInterrupt(KeyboardInterrupt):
    """Ends the run because a step has raised `KeyboardInterrupt`; the text names the step and its place."""


def pass_on(step: Step[..., object], interrupt: KeyboardInterrupt) -> NoReturn:
    """Raise an interrupt that came out of a step, named after the step where its own code has raised it."""
    if isinstance(interrupt, StepInterrupt) or is_from_outside(interrupt):
        raise interrupt
    what = (
        f"{place_raised(step, interrupt)}: the step {step.name} raised KeyboardInterrupt, which ends the run; mend it"
    )
    raise StepInterrupt(what) from interrupt
