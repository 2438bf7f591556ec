"""The built-in steps and their vectorised forms, held against the reference interpreter, which asks one by one.

`LUSTRUM_LEADS=5000 pytest tests/core/reference/test_built_in_steps.py` takes all the sample leads,
`python tests/core/reference/campaign.py` hundreds of thousands of made-up ones.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

LEADS = int(os.environ.get("LUSTRUM_LEADS", "60"))
SAMPLE = Path(__file__).parents[3] / "fixtures" / "leads.csv"
PROJECT = "leads: {from: leads.csv, to: out.csv, key: id}\nrun: nightly\nfields: {n: integer}\n"
CONTACT = """\
campaign: nightly
kind: batch
flow:
  - use: standardise.country
    reads: {country: a}
    writes: {country: b}
  - use: standardise.phone
    reads: {phone: c, country: b}
  - use: standardise.email
    reads: {email: d}
    with: {fix_typos: true}
  - use: change.value
    with: {field: a}
    choices:
      - {when: "b IN ('US', 'CA')", with: {value: North America}}
      - {when: "c IS NOT NULL", with: {value: "{{lead.c}} in {{lead.b}}"}}
"""
PERSON = """\
campaign: nightly
kind: batch
flow:
  - use: standardise.person_name
    reads: {first_name: a, last_name: b, full_name: d}
    writes: {first_name: a, last_name: b}
  - use: standardise.company
    reads: {company: c}
    with: {legal_form: standardise}
"""
PLACE = """\
campaign: nightly
kind: batch
flow:
  - use: standardise.country
    reads: {country: a}
  - use: standardise.state
    reads: {state: b, country: a}
  - use: standardise.postal_code
    reads: {postal_code: c, country: a}
  - use: standardise.city
    reads: {city: d, country: a, state: b}
"""
CAMPAIGNS = {"contact": CONTACT, "person": PERSON, "place": PLACE}
COLUMNS = {
    "contact": {"a": "Country", "c": "Phone", "d": "Email"},
    "person": {"a": "First Name", "b": "Last Name", "c": "Company"},
    "place": {"a": "Country", "b": "State", "c": "Postal Code", "d": "City"},
}


def leads(columns: Mapping[str, str]) -> list[dict[str, Any]]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:LEADS]
    empty = dict.fromkeys("abcdn")
    return [{**empty, **{field: row[header] or None for field, header in columns.items()}} for row in rows]


@pytest.mark.parametrize("size", [1, 7, None])
@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_the_engine_says_of_each_lead_what_the_reference_says(
    campaign: str, size: int | None, compare: Callable[..., Sequence[Any]]
) -> None:
    files = {"lustrum.yaml": PROJECT, "campaigns/nightly.yaml": CAMPAIGNS[campaign]}
    said = compare(files, leads(COLUMNS[campaign]), size)
    assert len(said) == LEADS
