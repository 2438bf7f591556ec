"""`acme.tidy_department`: departments the way our CRM lists them."""

from __future__ import annotations

import re

from lustrum import Failed, step

_SPELLINGS = {
    "Marketing": {"marketing", "mktg", "mkt", "growth"},
    "Sales": {"sales", "vertrieb", "ventes", "business development"},
    "IT": {"it", "edv", "informatique", "information technology"},
    "Finance": {"finance", "accounting", "buchhaltung"},
}
_AND = re.compile(r"\s*(?:/|&|\+|,|\band\b|\bund\b|\bet\b)\s*")


@step("acme.tidy_department")
def tidy_department(department: str, *, unknown: str = "Other") -> str | Failed:
    """Write a department the way our CRM lists it.

    Options:

    * `unknown`: what to write for a department the CRM does not list.

    Fails with `ambiguous` where the field names several of our departments.

    >>> tidy_department("mktg"), tidy_department("Facilities", unknown="None of ours")
    ('Marketing', 'None of ours')
    """
    names = [part for part in _AND.split(department.strip().lower()) if part]
    found = [listed for listed, spellings in _SPELLINGS.items() if spellings.intersection(names)]
    if len(found) > 1:
        return Failed("ambiguous", "the field names several departments", tuple(found))
    return found[0] if found else unknown
