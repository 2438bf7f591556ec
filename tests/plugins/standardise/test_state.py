from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lustrum import Answer, Attempt, Failed
from lustrum.files.fixtures import Case, load_fixtures
from lustrum.testing import run_step
from lustrum_plugins.standardise.iso_3166 import iso_subdivisions
from lustrum_plugins.standardise.state import state
from lustrum_plugins.standardise.subdivisions import StateFormat
from lustrum_plugins.standardise.word_tables import rows

REVIEWED = [
    case for table in load_fixtures(Path(__file__).parents[3] / "fixtures" / state.name) for case in table.cases
]
FORMATS: tuple[StateFormat, ...] = ("code", "local", "name")
PLACES = ("US", "CA", "AU", "DE", "IT", "ES", "FR", "GB", "JP", "BR", "MX", "IN", "CN", "EE", "TW", "SO")
SUBDIVISIONS = st.sampled_from([entry for country in PLACES for entry in iso_subdivisions()[country]])


def read(text: str, country: str | None, form: StateFormat = "code") -> str:
    answer = state(text, country, format=form)
    return answer.value if isinstance(answer, Answer) else answer.code


@pytest.mark.parametrize("case", REVIEWED, ids=lambda case: f"line {case.line}")
def test_reviewed_cases_hold(case: Case) -> None:
    run = run_step(state, [case.given], **case.options)
    assert run.outcomes == [str(case.outcome)]
    assert case.expected.get("state") in (run.leads[0]["state"], None)


@pytest.mark.parametrize("country", PLACES)
def test_codes_of_iso_3166_2_are_unchanged_in_full_and_locally(country: str) -> None:
    codes = [entry.code for entry in iso_subdivisions()[country]]
    assert [read(code, country) for code in codes] == codes
    local = [code.partition("-")[2] for code in codes]
    assert [read(code, country, "local") for code in local] == local


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [
        ("Okla.", "US", "US-OK"),
        ("N. Mex.", "US", "US-NM"),
        ("Utah;", "US", "US-UT"),
        ("TN - Tennessee", "US", "US-TN"),
        ("Minnesota, U.S.A.", "US", "US-MN"),
        ("Cook County, Illinois", "US", "US-IL"),
        ("Portland OR", "US", "US-OR"),
        ("Portland or", "US", "not_a_state"),
        ("Washington County, OR", "US", "US-OR"),
        ("FM", "US", "US-FM"),
        ("Newfoundland", "CA", "CA-NL"),
        ("Nouveau-Brunswick", "CA", "CA-NB"),
        ("State of Tasmania", "AU", "AU-TAS"),
        ("NRW", "DE", "DE-NW"),
        ("Thüringen", "DE", "DE-TH"),
        ("Kanton Zürich", "CH", "CH-ZH"),
        ("Madrid", "ES", "ES-M"),
        ("Comunidad de Madrid", "ES", "ES-MD"),
        ("Loire", "FR", "FR-42"),
        ("II Región de Antofagasta", "CL", "CL-AN"),
        ("Orissa", "IN", "IN-OD"),
        ("北京市", "CN", "CN-BJ"),
        ("ภูเก็ต", "TH", "TH-83"),
        ("Kalifornien", "US", "US-CA"),
        ("New Orleans", "US", "not_a_state"),
        ("Jalisco, Mexico", "MX", "MX-JAL"),
        ("Manitobba", "CA", "CA-MB"),
        ("Ohia", "US", "not_a_state"),
        ("Pristina", "XK", "not_a_state"),
        ("", "US", "placeholder"),
        ("Bavaria", "Narnia", "DE-BY"),
        ("us-tx", None, "US-TX"),
        ("Amazonas", None, "ambiguous"),
        ("Santiago", None, "not_a_state"),
        ("Bavaria", "Congo", "DE-BY"),
    ],
)
def test_a_text_means_one_state_of_the_country_or_none(text: str, country: str | None, code: str) -> None:
    assert read(text, country) == code


def test_a_state_of_another_country_is_named_with_where_it_is() -> None:
    assert state("Ontario", "US") == Failed(
        "not_in_country", "“Ontario” is not in United States; it may be CA-ON", ("CA-ON",)
    )


def test_a_name_that_two_states_bear_is_not_written() -> None:
    assert read("TW-CYI", "TW", "name") == "ambiguous"
    assert read("TW-TPE", "TW", "name") == "Taipei"


def test_attempts_try_one_strategy_more_each() -> None:
    texts = ("California", "Savannah, GA", "Minnesotta")
    for number, text in enumerate(texts, start=1):
        tries = [state(text, "US", attempt=Attempt(n, state.strategies[:n])) for n in (number - 1, number)]
        assert isinstance(tries[0], Failed)
        assert isinstance(tries[1], Answer)
    assert len(state.strategies) == len(texts)


def test_every_alias_is_a_known_code_with_its_source() -> None:
    extra = {row["code"] for row in rows("state_extras")}
    for row in rows("state_aliases"):
        known = {entry.code for entry in iso_subdivisions()[row["country"]]} | extra
        assert row["code"] in known, row
        assert row["source"].startswith("https://"), row


@settings(deadline=None)
@given(SUBDIVISIONS, st.sampled_from(["code", "name"]), st.sampled_from(FORMATS), st.booleans())
def test_reading_its_own_answer_changes_nothing(entry: object, key: str, form: StateFormat, known: bool) -> None:
    text: str = getattr(entry, key)
    country: str | None = getattr(entry, "country") if known else None  # noqa: B009 - an entry of iso_3166
    answer = state(text, country, format=form)
    if isinstance(answer, Answer):
        assert read(answer.value, country, form) == answer.value


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from([*PLACES, None, "Germany", "?"]))
def test_any_text_has_an_outcome(text: str, country: str | None) -> None:
    answer = state(text, country)
    assert isinstance(answer, Failed) or read(answer.value, country) == answer.value
