"""Steps that add what the lead itself does not say."""

from __future__ import annotations

from lustrum import Step, hookimpl
from lustrum_plugins.enrich.http import http
from lustrum_plugins.enrich.infer_country import infer_country
from lustrum_plugins.enrich.lookup import lookup
from lustrum_plugins.enrich.phone_facts import phone_facts
from lustrum_plugins.enrich.waterfall import waterfall


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer the steps of this family."""
    return [http, infer_country, lookup, phone_facts, waterfall]
