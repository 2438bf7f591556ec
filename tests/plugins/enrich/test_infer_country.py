from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lustrum import Answer, Failed
from lustrum.files.fixtures import Case, load_fixtures
from lustrum.testing import run_step
from lustrum_plugins.enrich.country_evidence import from_email, from_phone
from lustrum_plugins.enrich.infer_country import infer_country

REVIEWED = [
    case for table in load_fixtures(Path(__file__).parents[3] / "fixtures" / infer_country.name) for case in table.cases
]


@pytest.mark.parametrize("case", REVIEWED, ids=lambda case: f"line {case.line}")
def test_reviewed_cases_hold(case: Case) -> None:
    run = run_step(infer_country, [case.given], **case.options)
    assert run.outcomes == [str(case.outcome)]
    assert case.expected.get("country") in (run.leads[0]["country"], None)


def test_the_reason_and_the_evidence_say_from_what() -> None:
    answer = infer_country(postal_code="K1A 0B1", email="ann@example.ca")
    assert isinstance(answer, Answer)
    assert answer.reason == "from postal code K1A 0B1, from e-mail domain .ca"
    assert answer.evidence == {"postal_code": "postal code K1A 0B1", "email": "e-mail domain .ca"}


def test_countries_that_lost_are_told_by_how_many_fields_allow_them() -> None:
    settled = infer_country("Congo", phone="+243 81 555 0123")
    assert isinstance(settled, Answer)
    assert (settled.value, settled.candidates) == ("CD", ("CG",))
    agreed = infer_country(phone="+39 02 7200 3000", email="ann@example.it")
    assert isinstance(agreed, Answer)
    assert agreed.candidates == ()


def test_fields_that_disagree_are_named_with_what_they_say() -> None:
    assert infer_country(state="Bavaria", email="ann@example.at") == Failed(
        "ambiguous", "state Bavaria says Germany; e-mail domain .at says Austria", ("AT", "DE")
    )


def test_an_ambiguous_country_alone_stays_ambiguous() -> None:
    said = infer_country("Congo")
    assert isinstance(said, Failed)
    assert (said.code, said.candidates) == ("ambiguous", ("CD", "CG"))


@pytest.mark.parametrize("told", ["DE", "DEU", "Germany"])
def test_a_country_told_is_written_in_the_wanted_form(told: str) -> None:
    answer = infer_country(told, format="name")
    assert isinstance(answer, Answer)
    assert answer.value == "Germany"


@pytest.mark.parametrize(
    ("email", "country"),
    [
        ("Ann <ann@example.de>", "DE"),
        ("ann@example.РФ", "RU"),
        ("ann@example.uk.", "GB"),
        ("ann@mail.ru", None),
        ("ann@example.eu", None),
        ("ann@de", None),
        ("ann", None),
    ],
)
def test_a_domain_tells_its_country_unless_it_is_everybodys(email: str, country: str | None) -> None:
    evidence = from_email(email)
    assert (evidence.countries if evidence else None) == (frozenset(country.split()) if country else None)


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("+39 06 698 12345", "VA"),
        ("+61 2 9374 4000", "AU"),
        ("+590 590 20 12 34", "GP"),
        ("+800 1234 5678", None),
        ("not a number", None),
    ],
)
def test_a_calling_code_tells_its_country_unless_it_is_shared(phone: str, country: str | None) -> None:
    evidence = from_phone(phone)
    assert (evidence.countries if evidence else None) == (frozenset(country.split()) if country else None)


def test_every_worldwide_domain_has_its_source() -> None:
    text = files("lustrum_plugins.enrich").joinpath("data", "worldwide_domains.csv").read_text("utf-8")
    assert all(row["source"].startswith("https://") for row in csv.DictReader(text.splitlines()))


TEXTS = st.none() | st.text(max_size=20)


@settings(deadline=None)
@given(TEXTS | st.sampled_from(["Congo", "de", "Narnia"]), TEXTS, TEXTS, st.sampled_from([None, "a@b.it", "x@y.io"]))
def test_reading_its_own_answer_changes_nothing(
    country: str | None, state: str | None, postal_code: str | None, email: str | None
) -> None:
    answer = infer_country(country, state, postal_code, email)
    if isinstance(answer, Answer):
        again = infer_country(answer.value, state, postal_code, email)
        assert isinstance(again, Answer)
        assert again.value == answer.value
