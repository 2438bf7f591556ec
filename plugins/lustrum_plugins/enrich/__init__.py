"""Steps that add what the lead itself does not say."""

from __future__ import annotations

from lustrum import Step, hookimpl
from lustrum_plugins.enrich.infer_country import infer_country
from lustrum_plugins.enrich.lookup import lookup


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer the steps of this family."""
    return [infer_country, lookup]
