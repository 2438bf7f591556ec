"""Steps that bring one field into its standard form."""

from __future__ import annotations

from lustrum import Step, hookimpl
from lustrum_plugins.standardise.address import address
from lustrum_plugins.standardise.amount import amount
from lustrum_plugins.standardise.city import city
from lustrum_plugins.standardise.company import company
from lustrum_plugins.standardise.company_parts import company_parts
from lustrum_plugins.standardise.consent import consent
from lustrum_plugins.standardise.country import country
from lustrum_plugins.standardise.currency import currency
from lustrum_plugins.standardise.date import date
from lustrum_plugins.standardise.email import email
from lustrum_plugins.standardise.email_facts import email_facts
from lustrum_plugins.standardise.employees import employees
from lustrum_plugins.standardise.industry import industry
from lustrum_plugins.standardise.job_title import job_title
from lustrum_plugins.standardise.language import language
from lustrum_plugins.standardise.lead_source import lead_source
from lustrum_plugins.standardise.national_id import national_id
from lustrum_plugins.standardise.person_name import person_name
from lustrum_plugins.standardise.phone import phone
from lustrum_plugins.standardise.postal_code import postal_code
from lustrum_plugins.standardise.revenue import revenue
from lustrum_plugins.standardise.state import state
from lustrum_plugins.standardise.tax_id import tax_id
from lustrum_plugins.standardise.text import text
from lustrum_plugins.standardise.time_zone import time_zone
from lustrum_plugins.standardise.utm import utm
from lustrum_plugins.standardise.website import website


@hookimpl
def lustrum_steps() -> list[Step]:
    """Offer the steps of this family."""
    return [
        address,
        amount,
        city,
        company,
        company_parts,
        consent,
        country,
        currency,
        date,
        email,
        email_facts,
        employees,
        industry,
        job_title,
        language,
        lead_source,
        national_id,
        person_name,
        phone,
        postal_code,
        revenue,
        state,
        tax_id,
        text,
        time_zone,
        utm,
        website,
    ]
