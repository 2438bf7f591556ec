from __future__ import annotations

import itertools
import unicodedata

import pytest

from lustrum import Failed, Step, step
from lustrum.testing import broken_laws
from lustrum.testing.leads import Row

LEADS: list[Row] = [{"company": "Café"}, {"company": "acme"}]
COUNT = itertools.count()


@step("acme.tidy")
def tidy(company: str) -> str:
    return unicodedata.normalize("NFC", company.strip()).title()


@step("acme.divide")
def divide(company: str) -> str:
    return company[: 10 // (len(company) - 4)]


@step("acme.number")
def number(company: str) -> str:
    return f"{company.strip()} {next(COUNT)}"


@step("acme.grow")
def grow(company: str) -> str:
    return company.strip() + "!"


@step("acme.trust")
def trust(company: str) -> str:
    return company.title()


@step("acme.bytes")
def measure(company: str) -> str | Failed:
    return Failed("short") if len(company.strip()) == 4 else company.strip()


@step("acme.refuse")
def refuse(company: str) -> str | Failed:
    return Failed("marked") if company.strip().startswith("*") else f"*{company.strip()}"


def laws_broken_by(tried: Step) -> set[str]:
    return {line.partition(":")[0] for line in broken_laws(tried, LEADS)}


@pytest.mark.parametrize(
    ("tried", "broken"),
    [
        (tidy, set[str]()),
        (divide, {"total", "blanks", "decomposed"}),
        (number, {"pure", "settled", "blanks", "composed", "decomposed"}),
        (grow, {"settled", "decomposed"}),
        (trust, {"blanks"}),
        (measure, {"decomposed"}),
        (refuse, {"settled", "decomposed"}),
    ],
)
def test_a_law_that_is_broken_is_named(tried: Step, broken: set[str]) -> None:
    assert laws_broken_by(tried) == broken


def test_only_the_laws_asked_for_are_looked_at() -> None:
    assert broken_laws(grow, LEADS, laws=["total", "pure"]) == []


def test_what_is_said_names_the_lead_and_both_answers() -> None:
    assert broken_laws(grow, [{"company": "acme"}], laws=["settled"]) == [
        "settled: {'company': 'acme!'} became {'company': 'acme!!'}, not {'company': 'acme!'}"
    ]


def test_a_value_left_alone_is_left_in_its_own_spelling() -> None:
    @step("acme.keep")
    def keep(company: str) -> str | Failed:
        return "FR" if "Caf" in company else Failed("unknown")

    assert broken_laws(keep, LEADS, writes={"company": "country"}) == []
