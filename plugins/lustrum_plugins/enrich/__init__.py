"""Steps that add what the lead itself does not say."""

from __future__ import annotations

from lustrum import StepAt, hookimpl

_STEPS = ("http", "infer_country", "lookup", "phone_facts", "waterfall")


@hookimpl
def lustrum_steps() -> list[StepAt]:
    """Offer the steps of this family."""
    return [StepAt(f"enrich.{name}", f"{__name__}.{name}:{name}") for name in _STEPS]
