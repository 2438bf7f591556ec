from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lustrum import Answer, Failed
from lustrum.files.fixtures import Case, load_fixtures
from lustrum.testing import run_step
from lustrum_plugins.standardise.country_codes import countries
from lustrum_plugins.standardise.postal_code import postal_code
from lustrum_plugins.standardise.postal_data import postal_data
from lustrum_plugins.standardise.postal_formats import format_of, told_by
from lustrum_plugins.standardise.word_tables import rows

REVIEWED = [
    case for table in load_fixtures(Path(__file__).parents[3] / "fixtures" / postal_code.name) for case in table.cases
]
WRITTEN = [country for country in countries() if format_of(country)]
CODES = st.from_regex(r"[A-Z]{0,4}[ -]?[0-9]{1,5}[ -]?[0-9A-Z]{0,4}", fullmatch=True)


def read(text: str, country: str | None) -> str:
    answer = postal_code(text, country)
    return answer.value if isinstance(answer, Answer) else answer.code


@pytest.mark.parametrize("case", REVIEWED, ids=lambda case: f"line {case.line}")
def test_reviewed_cases_hold(case: Case) -> None:
    run = run_step(postal_code, [case.given], **case.options)
    assert run.outcomes == [str(case.outcome)]
    assert case.expected.get("postal_code") in (run.leads[0]["postal_code"], None)


@pytest.mark.parametrize("country", WRITTEN)
def test_the_examples_of_a_country_are_codes_of_it_and_stay_as_written(country: str) -> None:
    for example in filter(None, postal_data(country)[country].get("zipex", "").split(",")):
        written = postal_code(example.partition(":")[0], country)
        assert isinstance(written, Answer), example
        assert read(written.value, country) == written.value


@pytest.mark.parametrize(
    ("text", "country", "written"),
    [
        ("gir0aa", "GB", "GIR 0AA"),
        ("BFPO58", "GB", "BFPO 58"),
        ("gy11aa", "GG", "GY1 1AA"),
        ("ascn1zz", "SH", "ASCN 1ZZ"),
        ("ws02", "BM", "WS 02"),
        ("slm1020", "MT", "SLM 1020"),
        ("ky11100", "KY", "KY1-1100"),
        ("LIMA27", "PE", "LIMA 27"),
        ("90210 1234", "US", "90210-1234"),
        ("KOA 1A0", "CA", "K0A 1A0"),
        ("K1A OBO", "CA", "invalid_for_country"),
        ("601", "PR", "00601"),
        ("118", "IT", "00118"),
        ("999", "IT", "invalid_for_country"),
        ("150", "NO", "0150"),
        ("5800", "PL", "05-800"),
        ("100001", "JP", "010-0001"),
        ("F-75008", "FR", "75008"),
        ("L-1234", "LU", "1234"),
        ("10-00", "BD", "invalid_for_country"),
        ("0999", "AR", "invalid_for_country"),
        ("180001", "CN", "invalid_for_country"),
        ("SW1A 1AA", "United Kingdom", "SW1A 1AA"),
        ("SW1A 1AA", "Narnia", "SW1A 1AA"),
        ("1000", "HK", "format_unknown"),
        ("10 000", "XK", "10000"),
        ("---", "US", "placeholder"),
    ],
)
def test_a_code_is_written_as_its_country_does_or_refused(text: str, country: str, written: str) -> None:
    assert read(text, country) == written


def test_the_reason_says_what_was_repaired() -> None:
    given_ = [("02139", "US"), ("SW1A1AA", "GB"), ("2139", "US"), ("M1 OAA", "GB"), ("D-10115", "DE")]
    assert [getattr(postal_code(*one), "reason", None) for one in given_] == [
        "",
        "written as in its country",
        "leading zero restored",
        "letter O read as zero",
        "country prefix removed",
    ]


def test_a_misfit_says_which_country_it_looks_like() -> None:
    answer = postal_code("SW1A 1AA", "US")
    assert isinstance(answer, Failed)
    assert answer.message == (
        "“SW1A 1AA” is not a postal code of United States; it looks like one of United Kingdom: check the country"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("K1A 0B1", {"CA"}),
        ("IM1 1AA", {"IM"}),
        ("00601-1234", {"PR"}),
        ("12345-6789", {"US"}),
        ("AZ1010", {"AZ"}),
        ("D-10115", {"DE"}),
        ("10115", set[str]()),
        ("ABC", set[str]()),
        ("2020-21", set[str]()),
    ],
)
def test_letters_and_hyphens_tell_the_country(text: str, told: set[str]) -> None:
    assert told_by(text) == told


def test_every_rule_has_a_known_kind_and_its_source() -> None:
    for row in rows("postal_rules"):
        assert row["kind"] in {"written", "repaired", "zeros", "accepts", "refuses", "only", "prefix"}, row
        assert row["country"] in countries(), row
        assert row["source"].startswith("https://"), row


@settings(deadline=None, max_examples=300)
@given(CODES | st.text(max_size=12), st.sampled_from([*WRITTEN, None]))
def test_reading_its_own_answer_changes_nothing(text: str, country: str | None) -> None:
    answer = postal_code(text, country)
    if isinstance(answer, Answer):
        assert read(answer.value, country) == answer.value


@pytest.mark.parametrize("text", ["D-10115", "CH-8000", "SE-114 55"])
def test_a_prefix_alone_is_not_dropped_for_without_it_nobody_could_tell_the_country(text: str) -> None:
    said = postal_code(text)
    assert isinstance(said, Failed)
    assert said.code == "country_unknown"
