"""What the engine hands to a step beside fields and options."""

from __future__ import annotations

from lustrum.contracts.ports import Calls
from lustrum.engine.given import Given
from lustrum.planning.bindings import StepCall
from lustrum.words.outcomes import Fact


def injection(call: StepCall, kind: type, given: Given) -> Fact | Calls:
    """Give what a step asks for by its type: what it learnt, or the port of outside calls."""
    return Fact(given.facts.get(call.lesson or "")) if kind is Fact else given.calls
