"""Steps that bring one field into its standard form."""

from __future__ import annotations

from lustrum import StepAt, hookimpl

_STEPS = (
    "address",
    "amount",
    "city",
    "company",
    "company_parts",
    "consent",
    "country",
    "currency",
    "date",
    "email",
    "email_facts",
    "employees",
    "industry",
    "job_title",
    "language",
    "lead_source",
    "national_id",
    "person_name",
    "phone",
    "postal_code",
    "revenue",
    "state",
    "tax_id",
    "text",
    "time_zone",
    "utm",
    "website",
)


@hookimpl
def lustrum_steps() -> list[StepAt]:
    """Offer the steps of this family."""
    return [StepAt(f"standardise.{name}", f"{__name__}.{name}:{name}") for name in _STEPS]
