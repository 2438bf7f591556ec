from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lustrum import Answer
from lustrum.files.fixtures import Case, load_fixtures
from lustrum.testing import broken_laws, run_step
from lustrum_plugins.standardise.city import city
from lustrum_plugins.standardise.city_case import capitalised

REVIEWED = [case for table in load_fixtures(Path(__file__).parents[3] / "fixtures" / city.name) for case in table.cases]
CITIES = st.sampled_from(
    ["new york", "Saint-Jean-sur-Richelieu", "L'AQUILA", "'s-Gravenhage", "Coeur d'Alene", "İZMİR", "Frankfurt/Main"]
)
BESIDE = st.sampled_from(["", ", NY", " TX", " (France)", " 10115", ", ON K1A 0B1", " - SP", " IN", ", Georgia, USA"])


def read(text: str, country: str | None = None, state: str | None = None) -> str:
    answer = city(text, country, state)
    return answer.value if isinstance(answer, Answer) else answer.code


@pytest.mark.parametrize("case", REVIEWED, ids=lambda case: f"line {case.line}")
def test_reviewed_cases_hold(case: Case) -> None:
    run = run_step(city, [case.given], **case.options)
    assert run.outcomes == [str(case.outcome)]
    assert case.expected.get("city") in (run.leads[0]["city"], None)


@pytest.mark.parametrize(
    ("given_", "written"),
    [
        ("COEUR D'ALENE", "Coeur d'Alene"),
        ("o'fallon", "O'Fallon"),
        ("SANT'AGATA DE' GOTI", "Sant'Agata de' Goti"),
        ("L'HOSPITALET DE LLOBREGAT", "L'Hospitalet de Llobregat"),
        ("saint-jean-sur-richelieu", "Saint-Jean-sur-Richelieu"),
        ("BIEL/BIENNE", "Biel/Bienne"),
        ("FRANKFURT (ODER)", "Frankfurt (Oder)"),
        ("KARLOVY VARY II", "Karlovy Vary II"),
        ("den haag", "Den Haag"),
        ("ΑΘΗΝΑ", "Αθηνα"),
    ],
)
def test_capitals_are_set_as_names_are_written(given_: str, written: str) -> None:
    assert capitalised(given_) == written


@pytest.mark.parametrize(
    ("text", "country", "state", "written"),
    [
        ("austin tx", "US", None, "Austin"),
        ("austin tx", "US", "Texas", "Austin"),
        ("austin tx", "US", "Ohio", "Austin Tx"),
        ("portland or", "US", None, "Portland Or"),
        ("EAST LA", "US", None, "East La"),
        ("Portland, Oregon, USA", "US", None, "Portland"),
        ("Milano MI", "IT", None, "Milano"),
        ("Bad IN", "DE", None, "Bad IN"),
        ("Austin, TX", None, None, "Austin"),
        ("London, UK", None, None, "London"),
        ("75008 Paris", None, None, "Paris"),
        ("Berlin 10115", "DE", None, "Berlin"),
        ("1012 AB Amsterdam", "NL", None, "Amsterdam"),
        ("Washington DC", "US", None, "Washington"),
        ("Halle (Saale)", "DE", None, "Halle (Saale)"),
        ("Santiago, Metropolitana", "CL", "Metropolitana", "Santiago"),
        ("Stuttgart, Narnia", "DE", "narnia", "Stuttgart"),
        ("Dubai 00000", "AE", None, "Dubai 00000"),
        ("https://berlin.de", "DE", None, "not_a_city"),
    ],
)
def test_what_stands_beside_the_city_goes(text: str, country: str | None, state: str | None, written: str) -> None:
    assert read(text, country, state) == written


@settings(deadline=None)
@given(
    st.builds(str.__add__, CITIES, BESIDE) | st.text(max_size=30),
    st.sampled_from(["US", "CA", "FR", "BR", "DE", "NL", "TR", None]),
    st.sampled_from([None, "NY", "Texas"]),
)
def test_reading_its_own_answer_changes_nothing(text: str, country: str | None, state: str | None) -> None:
    answer = city(text, country, state)
    if isinstance(answer, Answer):
        assert read(answer.value, country, state) == answer.value


MOJIBAKE = st.builds(
    "".join, st.lists(st.sampled_from(["Â", "Ã", "â", "\x80", "\x9c", "€", "¼", "A", "ë", " ", "™", "Ð", "ij"]))
)


@settings(max_examples=50)
@example("Â\x80A")
@example("CÃ´te")
@example("â€œRome")
@given(MOJIBAKE)
def test_a_broken_encoding_is_repaired_in_either_form_of_unicode(text: str) -> None:
    assert broken_laws(city, [{"city": text}], laws=["vectorised", "composed", "decomposed", "pure", "settled"]) == []
