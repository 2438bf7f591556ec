"""Steps that bring one field into its standard form."""

from __future__ import annotations

from lustrum import Step, hookimpl
from lustrum_plugins.standardise.city import city
from lustrum_plugins.standardise.company import company
from lustrum_plugins.standardise.country import country
from lustrum_plugins.standardise.email import email
from lustrum_plugins.standardise.person_name import person_name
from lustrum_plugins.standardise.phone import phone
from lustrum_plugins.standardise.postal_code import postal_code
from lustrum_plugins.standardise.state import state
from lustrum_plugins.standardise.text import text


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer the steps of this family."""
    return [city, company, country, email, person_name, phone, postal_code, state, text]
