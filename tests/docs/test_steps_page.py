"""docs/steps.md is what its script makes of the installed steps today."""

from __future__ import annotations

import inspect
import re
import runpy
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

import pytest

from lustrum.planning.registry import Registry
from lustrum.testing import run_campaign

DOCS = Path(__file__).parents[2] / "docs"
SCRIPT = runpy.run_path(str(DOCS / "generate_steps.py"))
PAGE = (DOCS / "steps.md").read_text(encoding="utf-8")
EVERY_STEP = (DOCS / "every_step.yaml").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
STEPS = {name: offers[0].step for name, offers in Registry.load().steps.items()}

PROJECT = """
leads: {from: leads.csv, to: out/leads.csv, key: id}
fields:
  score: integer
  fit_score: integer
  fit_reasons: text
  qualified: boolean
  stage: text
  mql_at: datetime
  mqls: integer
  segment: text
  consistency: text
  unit: text
  company_base: text
  legal_form: text
  company_key: text
  trading_name: text
  email_domain: text
  email_role: boolean
  website_domain: text
  junk: boolean
  junk_reason: text
  tax_id_kind: text
  industry: text
  job_level: text
  job_function: text
  employees: integer
  employees_min: integer
  employees_max: integer
  employees_band: text
lists: [hot]
programs: {webinar: [Invited, Registered, Attended]}
"""
FIELDS = (
    *("id", "first_name", "last_name", "email", "phone", "country", "country_code", "state", "postal_code", "city"),
    *("company", "job_title", "lead_source", "region", "territory", "score", "fit_score", "fit_reasons", "notes"),
    *("owner", "sales_status", "street", "created", "currency", "phone_type", "phone_country", "phone_time_zone"),
    *("website",),
    *("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "landing_page"),
    *("consent", "consent_at", "withdrawn_at"),
    *("tax_id",),
    *("national_id",),
    *("language",),
    *("time_zone",),
    *("company_size",),
    *("revenue",),
    *("amount",),
)


def test_the_page_is_current() -> None:
    page = cast("Callable[[], Iterable[str]]", SCRIPT["page"])
    assert "\n".join(page()) == PAGE, "run: python docs/generate_steps.py"


def test_an_entry_is_cut_out_with_its_own_lines() -> None:
    cut = cast("Callable[[str], dict[str, str]]", SCRIPT["example_entries"])
    assert cut("flow:\n  - use: a.b\n    with: {x: y}\n\n  - use: c.d\n") == {
        "a.b": "- use: a.b\n  with: {x: y}",
        "c.d": "- use: c.d",
    }


def test_the_entries_shown_are_a_campaign_that_runs() -> None:
    files = {"lustrum.yaml": PROJECT, "campaigns/every-step.yaml": EVERY_STEP}
    run = run_campaign(
        {**files, "tables/regions.csv": "Code,Region\nIT,EMEA\n"}, [{**dict.fromkeys(FIELDS), "id": "1"}], "every-step"
    )
    assert {path.removeprefix("every-step > ") for path in run.outcomes} == set(SECTIONS)


@pytest.mark.parametrize("step", [name for name in SECTIONS if not STEPS[name].signature.batch])
def test_a_step_that_may_fail_says_how(step: str) -> None:
    says = inspect.get_annotations(STEPS[step].function)["return"]
    assert ("Failed" in str(says)) == bool(re.search(r"Fails with `\w+`", SECTIONS[step]))
