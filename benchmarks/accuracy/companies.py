"""Names of companies: the name without its legal form, and the form written in its usual way."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from benchmarks.accuracy.contest import Case, Contender, Goal, Table, Verdict

from lustrum import Failed
from lustrum_plugins.standardise.company import company
from lustrum_plugins.standardise.company_parts import company_parts

LEGAL = "legal"
"""The slice of the names that have a legal form."""


def _case(row: Mapping[str, str]) -> Case:
    kind = LEGAL if row["expected_legal"] else row["slice"]
    return Case(row["id"], kind, {"company": row["raw"]}, row["expected_base"] or None)


def _judge(case: Case, answer: str | None) -> Verdict:
    if answer is None:
        return "left" if case.expected else "right"
    return "right" if _plain(answer) == _plain(case.expected or "") else "wrong"


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace(".", "").split())


def _lustrum(case: Case) -> str | None:
    reply = company_parts(case.given["company"])
    return None if isinstance(reply, Failed) else reply.company_base


def _cleanco(case: Case) -> str:
    return str(import_module("cleanco").basename(case.given["company"]))


def _rigour(case: Case) -> str:
    from rigour.names import remove_org_types

    return remove_org_types(case.given["company"].casefold()).strip()


def _probablepeople(case: Case) -> str | None:
    library: Any = import_module("probablepeople")
    try:
        labelled, kind = library.tag(case.given["company"], type="company")
    except library.RepeatedLabelError:
        return None
    words = [value for label, value in labelled.items() if label != "CorporationLegalType"]
    return " ".join(words) if kind == "Corporation" else None


def _form_case(row: Mapping[str, str]) -> Case:
    return Case(row["raw"], row["operation"], {"company": row["raw"]}, row["expected"])


def _judge_form(case: Case, answer: str | None) -> Verdict:
    if answer is None:
        return "left"
    if case.slice == "replace_display":
        return "right" if answer == case.expected else "wrong"
    return "right" if answer == _key(case.expected) else "wrong"


def _lustrum_form(case: Case) -> str | None:
    if case.slice != "replace_display":
        return _key(case.given["company"])
    reply = company(case.given["company"], legal_form="standardise")
    return None if isinstance(reply, Failed) else reply


def _key(text: str) -> str | None:
    reply = company_parts(text)
    return None if isinstance(reply, Failed) else reply.company_key


CONTENDERS: Mapping[str, Contender] = {
    "lustrum": _lustrum,
    "cleanco": _cleanco,
    "rigour": _rigour,
    "probablepeople": _probablepeople,
}

TABLES = (
    Table(
        "companies", "companies.csv", _case, _judge, CONTENDERS, (Goal(right=0.94), Goal(right=0.90, slices=(LEGAL,)))
    ),
    Table("company_legal_forms", "company_legal_forms.csv", _form_case, _judge_form, {"lustrum": _lustrum_form}),
)
