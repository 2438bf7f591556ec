from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lustrum import Answer, Attempt, Failed
from lustrum.files.fixtures import Case, load_fixtures
from lustrum.testing import run_step
from lustrum_plugins.standardise.country import country, find_country
from lustrum_plugins.standardise.country_codes import CountryFormat, countries, written_as
from lustrum_plugins.standardise.country_names import aliases, by_name
from lustrum_plugins.standardise.word_tables import rows

REVIEWED = [
    case for table in load_fixtures(Path(__file__).parents[3] / "fixtures" / country.name) for case in table.cases
]
FORMATS: tuple[CountryFormat, ...] = ("alpha_2", "alpha_3", "name")
NAMES = st.sampled_from(sorted(aliases())) | st.sampled_from(sorted(one.name for one in countries().values()))


def read(text: str, form: CountryFormat = "alpha_2") -> str:
    answer = country(text, format=form)
    return answer.value if isinstance(answer, Answer) else answer.code


@pytest.mark.parametrize("case", REVIEWED, ids=lambda case: f"line {case.line}")
def test_reviewed_cases_hold(case: Case) -> None:
    run = run_step(country, [case.given], **case.options)
    assert run.outcomes == [str(case.outcome)]
    assert case.expected.get("country") in (run.leads[0]["country"], None)


@pytest.mark.parametrize("form", FORMATS)
def test_what_it_writes_it_reads_unchanged(form: CountryFormat) -> None:
    written = [written_as(code, form) for code in countries()]
    assert [read(text, form) for text in written] == written


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gbr", "GB"),
        ("EL", "GR"),
        ("xkx", "XK"),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", "GB"),
        ("🇺 🇸", "US"),
        ("Dem. Rep. of São Tomé & Príncipe", "ST"),
        ("Br. Indian Ocean Terr.", "IO"),
        ("The Seychelles", "SC"),
        ("el Perú", "PE"),
        ("l’Irlande", "IE"),
        ("République du Bénin", "BJ"),
        ("Eesti Vabariik", "EE"),
        ("尼泊尔联邦民主共和国", "not_a_country"),
        ("尼泊尔", "NP"),
        ("Hong Kong SAR, China", "HK"),
        ("China except Hong Kong", "CN"),
        ("USA! USA!", "US"),
        ("USA?", "US"),
        ("Puerto Rico, USA", "PR"),
        ("Jersey (UK)", "JE"),
        ("Lebanon, NH", "ambiguous"),
        ("Paris, Texas", "US"),
        ("from Peru but mostly in the air", "PE"),
        ("I'm in Georgia", "ambiguous"),
        ("I am in IT", "not_a_country"),
        ("No", "not_a_country"),
        ("Paris", "not_a_country"),
        ("Granada", "not_a_country"),
        ("Nations unies", "not_a_country"),
        ("United States and Canada", "not_a_country"),
        ("Soviet Union", "not_a_country"),
        ("4711", "not_a_country"),
        ("…", "placeholder"),
        ("republic of china", "TW"),
        ("Republik China", "not_a_country"),
    ],
)
def test_a_text_means_one_country_or_none(text: str, code: str) -> None:
    assert read(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Afghnistan", "AF"),
        ("Scottland", "GB"),
        ("Kazakstan", "KZ"),
        ("Philipines", "PH"),
        ("Austrla", "not_a_country"),
        ("Slovekia", "not_a_country"),
        ("Indana", "not_a_country"),
        ("Cubba", "not_a_country"),
        ("Chil", "not_a_country"),
    ],
)
def test_a_slip_is_forgiven_where_no_other_country_is_as_near(text: str, code: str) -> None:
    assert read(text) == code


def test_attempts_try_one_strategy_more_each() -> None:
    texts = {"code": "DEU", "alias": "Holland", "names": "Alemania", "typo": "Swizterland"}
    for number, text in enumerate(texts.values(), start=1):
        tries = [country(text, attempt=Attempt(n, country.strategies[:n])) for n in (number - 1, number)]
        assert isinstance(tries[0], Failed)
        assert isinstance(tries[1], Answer)
    assert country.strategies == tuple(texts)


def test_the_reason_says_which_strategy_answered() -> None:
    texts = ("DE", "deu", "Holland", "Alemania", "Swizterland")
    assert [getattr(country(text), "reason", None) for text in texts] == [
        "",
        "ISO 3166-1 code",
        "known spelling",
        "name of the country",
        "nearest name, no other is as near",
    ]


def test_an_ambiguous_name_carries_its_readings() -> None:
    assert country("Virgin Islands") == Failed(
        "ambiguous", "“Virgin Islands” may be British Virgin Islands or U.S. Virgin Islands", ("VG", "VI")
    )


def test_other_steps_get_what_is_sure_only() -> None:
    assert [find_country(text) for text in ("Spain", "ES", "Spian", "Congo", "", None)] == ["ES", "ES", *[None] * 4]


def test_formal_descriptions_settle_no_name_that_two_countries_share() -> None:
    assert by_name("Königreich Korea") is None


def test_every_alias_names_known_countries_and_its_source() -> None:
    for row in rows("country_aliases"):
        assert set(row["countries"].split()) <= set(countries()), row
        assert row["source"].startswith("https://"), row


@settings(deadline=None)
@given(NAMES | st.text(max_size=40), st.sampled_from(FORMATS))
def test_reading_its_own_answer_changes_nothing(text: str, form: CountryFormat) -> None:
    answer = country(text, format=form)
    if isinstance(answer, Answer):
        assert read(answer.value, form) == answer.value


@settings(deadline=None)
@given(NAMES, st.sampled_from(["", " ", "\t", "\u00a0"]), st.sampled_from(["NFC", "NFD", "NFKC"]))
def test_blanks_around_and_unicode_forms_make_no_difference(text: str, blank: str, form: str) -> None:
    assert read(blank + unicodedata.normalize(form, text) + blank) == read(text)  # type: ignore[arg-type]  # the form is one of unicodedata's
