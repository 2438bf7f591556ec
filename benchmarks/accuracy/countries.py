"""Countries: codes, flags, names in many languages, what people type, and what is no country."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, cast

from benchmarks.accuracy.contest import Case, Goal, Table, exact

from lustrum import Answer
from lustrum_plugins.standardise.country import country

_DIRTY = ("dirty", "dirty_sentence", "dirty_place")


def lustrum(case: Case) -> str | None:
    """Answer with the step as it stands."""
    answer = country(case.given["country"])
    return answer.value if isinstance(answer, Answer) else None


def rigour(case: Case) -> str | None:
    """Look the name up among rigour's territories, or the country a part belongs to."""
    from rigour.territories import lookup_territory

    found = lookup_territory(case.given["country"])
    while found is not None and len(found.code) != 2 and found.parent is not None:
        found = found.parent
    return found.code.upper() if found else None


def pycountry_lookup(case: Case) -> str | None:
    """Look the text up among ISO 3166-1 codes and names."""
    import pycountry

    try:
        found: Any = cast("Any", pycountry.countries).lookup(case.given["country"])
    except LookupError:
        return None
    return str(found.alpha_2)


def pycountry_fuzzy(case: Case) -> str | None:
    """Take the first of pycountry's fuzzy matches."""
    import pycountry

    try:
        found: Any = cast("Any", pycountry.countries).search_fuzzy(case.given["country"])[0]
    except LookupError:
        return None
    return str(found.alpha_2)


def countryguess(case: Case) -> str | None:
    """Ask countryguess (GPL, never a dependency)."""
    library: Any = import_module("countryguess")
    found: Any = library.guess_country(case.given["country"])
    return str(found["iso2"]) if found else None


def _reader(core: str) -> Callable[[Mapping[str, str]], Case | None]:
    def case(row: Mapping[str, str]) -> Case | None:
        if row["core"] != core:
            return None
        expected = None if row["expected"] == "NONE" else row["expected"]
        return Case(row["id"], row["slice"], {"country": row["raw"]}, expected)

    return case


_CONTENDERS = {
    "lustrum": lustrum,
    "rigour": rigour,
    "pycountry": pycountry_lookup,
    "pycountry fuzzy": pycountry_fuzzy,
    "countryguess": countryguess,
}

TABLES: tuple[Table, ...] = (
    Table(
        "countries",
        "countries.csv",
        _reader("1"),
        exact,
        _CONTENDERS,
        goals=(
            Goal(0.96, 0.002),
            Goal(0.995, 0.0, ("en_variants",)),
            Goal(0.82, 0.01, _DIRTY),
            Goal(1.0, 0.0, ("negative",)),
        ),
    ),
    Table("countries_other", "countries.csv", _reader("0"), exact, _CONTENDERS),
)
