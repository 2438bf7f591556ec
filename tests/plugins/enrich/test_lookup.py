from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from pydantic import ValidationError

from lustrum import KEEP, Answer, Attempt, Failed, Skip
from lustrum_plugins.enrich.lookup import lookup
from lustrum_plugins.enrich.matching import STRATEGIES

COMPANIES = """Name,Country,Industry,Employees
Acme,US,Software,0120
Acme,DE,Machinery,80
Straße 9,DE,Logistics,
Twice,US,Media,10
Twice,US,Media,
Torn,US,Retail,5
Torn,US,Banking,5
"""


@pytest.fixture
def companies(tmp_path: Path) -> Path:
    path = tmp_path / "companies.csv"
    path.write_text(COMPANIES, encoding="utf-8")
    return path


def options(table: Path, /, **given: Any) -> dict[str, Any]:
    written = {"table": str(table), "on": {"Company": "Name", "country": "Country"}, "take": {"industry": "Industry"}}
    return lookup.options.validate({**written, **given})


def ask(table: Path, /, *values: str | None, **given: Any) -> Any:
    """Give the values taken, or what stands for them."""
    said = reply(table, *values, **given)
    return getattr(said, "value", said)


def reply(table: Path, /, *values: str | None, **given: Any) -> Any:
    attempt = given.pop("attempt", Attempt())
    return lookup(*values, attempt=attempt, **options(table, **given))


def test_it_takes_the_value_of_the_row_whose_whole_key_agrees(companies: Path) -> None:
    assert ask(companies, "Acme", "US") == {"industry": "Software"}
    assert ask(companies, "Acme", "DE") == {"industry": "Machinery"}


@pytest.mark.parametrize("company", ["ACME", "acme", "  Acme "])
def test_case_and_spaces_around_do_not_count(companies: Path, company: str) -> None:
    assert ask(companies, company, "us") == {"industry": "Software"}


def test_case_counts_where_the_campaign_says_so(companies: Path) -> None:
    assert ask(companies, "acme", "US", ignore_case="false") == Skip("not_found")
    assert ask(companies, " Acme ", "US", ignore_case="false") == {"industry": "Software"}


@pytest.mark.parametrize("company", ["STRASSE 9", "straße 9"])
def test_case_is_folded_as_unicode_folds_it(companies: Path, company: str) -> None:
    assert ask(companies, company, "DE") == {"industry": "Logistics"}


@pytest.mark.parametrize("near", ["Acm", "Acme Inc", "Ac me", "Acme 1"])
def test_a_key_that_is_only_similar_is_not_found(companies: Path, near: str) -> None:
    assert ask(companies, near, "US") == Skip("not_found")


def test_a_missing_key_fails_where_the_campaign_says_so(companies: Path) -> None:
    said = ask(companies, "Nobody", "US", missing="fail")
    assert said == Failed("not_found", 'companies.csv has no row for "Nobody, US"')


@pytest.mark.parametrize(("company", "country"), [(None, "US"), ("Acme", None), (" ", "US")])
def test_a_key_with_an_empty_part_is_not_looked_up(companies: Path, company: str | None, country: str | None) -> None:
    assert ask(companies, company, country, missing="fail") == Skip("empty")


def test_values_are_text_as_it_stands_in_the_table(companies: Path) -> None:
    assert ask(companies, "Acme", "US", take={"Staff Size": "Employees"}) == {"staff_size": "0120"}


def test_an_empty_cell_of_the_table_leaves_the_field(companies: Path) -> None:
    both = {"industry": "Industry", "employees": "Employees"}
    assert ask(companies, "Straße 9", "DE", take=both) == {"industry": "Logistics", "employees": KEEP}


def test_rows_that_agree_or_know_nothing_are_not_ambiguous(companies: Path) -> None:
    both = {"industry": "Industry", "employees": "Employees"}
    assert ask(companies, "Twice", "US", take=both) == {"industry": "Media", "employees": "10"}


def test_rows_that_differ_in_what_is_taken_are_ambiguous(companies: Path) -> None:
    said = ask(companies, "Torn", "US")
    assert said == Failed(
        "ambiguous", 'several rows of companies.csv for "Torn, US" differ in industry', ("Retail", "Banking")
    )
    assert ask(companies, "Torn", "US", take={"employees": "Employees"}) == {"employees": "5"}


def test_without_overwrite_only_empty_fields_are_filled(companies: Path) -> None:
    both = {"industry": "Industry", "employees": "Employees"}
    said = ask(companies, "Acme", "US", None, "7", take=both, overwrite="false")
    assert said == {"industry": "Software", "employees": KEEP}


def test_without_overwrite_a_filled_field_needs_no_table(companies: Path) -> None:
    assert ask(companies, "Torn", "US", "Media", overwrite="false") == Skip("already_filled")


def test_without_overwrite_rows_may_differ_in_a_field_that_is_filled(companies: Path) -> None:
    both = {"industry": "Industry", "employees": "Employees"}
    said = ask(companies, "Torn", "US", "Media", None, take=both, overwrite="false")
    assert said == {"industry": KEEP, "employees": "5"}


def test_fields_read_and_written_follow_the_options(companies: Path) -> None:
    chosen = options(companies)
    assert lookup.fields_read(chosen) == {"company": True, "country": True}
    assert lookup.fields_written(chosen) == {"industry": None}
    assert lookup.fields_read(options(companies, overwrite="false")) == {
        "industry": False,
        "company": True,
        "country": True,
    }


def test_a_field_may_be_key_and_taken_at_once(companies: Path) -> None:
    alias = {"on": {"company": "Name"}, "take": {"company": "Industry"}, "overwrite": "false"}
    assert lookup.fields_read(options(companies, **alias)) == {"company": True}
    assert ask(companies, "Straße 9", **alias) == Skip("already_filled")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"take": {"industry": "Industri"}}, 'companies.csv has no column "Industri"; did you mean "Industry"?'),
        ({"on": {"company": "Zzz"}}, "its columns are Name, Country, Industry, Employees"),
        ({"on": {}}, "at least 1 item"),
        ({"take": {"Industry": "Industry", "industry": "Country"}}, "a field stands there twice"),
        ({"on": ["company"]}, "valid dictionary"),
        ({"table": "nowhere.csv"}, "there is no file nowhere.csv in the project"),
        ({"tables": "x"}, "Extra inputs are not permitted"),
        ({"missing": "stop"}, "'fail' or 'skip'"),
        ({"overwrite": "sometimes"}, "'always' or 'empty'"),
        ({"aliases": "Also"}, 'companies.csv has no column "Also"'),
        ({"protect": ["city"]}, "city is not taken"),
        ({"fuzzy": 20}, "greater than or equal to 50"),
    ],
)
def test_wrong_options_are_found_when_the_project_is_loaded(
    companies: Path, wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        options(companies, **wrong)
    assert message in str(caught.value)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    sheet = tmp_path / "companies.xlsx"
    sheet.touch()
    with pytest.raises(ValidationError, match=r"companies\.xlsx is no table; name a \.csv, \.tsv or \.parquet file"):
        options(sheet)


def test_a_table_that_is_gone_after_loading_is_a_failure_of_the_lead(companies: Path) -> None:
    chosen = options(companies)
    companies.unlink()
    assert lookup("Acme", "US", **chosen) == Failed(
        "table_wrong", "companies.csv cannot be read: No such file or directory"
    )


FIRMS = """Name,Also,Industry
International Business Machines,IBM; Big Blue,Computers
Acme Foods,,Food
Acme Foods Two,,Food
Volkswagen AG,VW,Cars
Volkswagon AG,,Bicycles
Trust Bank,TB,Banking
Tyre Builders,TB,Rubber
Müller-Thurgau 3,,Wine
"""
NAMES: dict[str, Any] = {"on": {"company": "Name"}}


@pytest.fixture
def firms(tmp_path: Path) -> Path:
    path = tmp_path / "firms.csv"
    path.write_text(FIRMS, encoding="utf-8")
    return path


def test_the_reason_names_the_line_of_the_table(firms: Path) -> None:
    assert reply(firms, "acme foods", **NAMES) == Answer({"industry": "Food"}, "firms.csv:3")


def test_another_spelling_stands_for_its_row(firms: Path) -> None:
    said = reply(firms, "big blue", **NAMES, aliases="Also")
    assert said == Answer({"industry": "Computers"}, "firms.csv:2, alias of “International Business Machines”")
    assert ask(firms, "big blue", **NAMES) == Skip("not_found")


def test_a_spelling_of_two_rows_that_differ_is_ambiguous(firms: Path) -> None:
    said = ask(firms, "TB", **NAMES, aliases="Also")
    assert said == Failed("ambiguous", 'several rows of firms.csv for "TB" differ in industry', ("Banking", "Rubber"))


def test_the_nearest_key_is_taken_where_it_is_far_ahead(firms: Path) -> None:
    said = reply(firms, "Internatonal Business Machines", **NAMES, fuzzy=90)
    reason = "firms.csv:2, 98 % alike “International Business Machines”"
    assert said == Answer({"industry": "Computers"}, reason)


def test_keys_that_were_less_near_are_told(firms: Path) -> None:
    said = reply(firms, "Acme Foods Too", **NAMES, fuzzy=80, margin=30)
    assert isinstance(said, Answer)
    assert (said.reason, said.candidates) == ("firms.csv:4, 93 % alike “Acme Foods Two”", ("Acme Foods",))


def test_a_near_key_that_says_something_else_is_a_rival(firms: Path) -> None:
    said = ask(firms, "Volkswagn AG", **NAMES, fuzzy=80)
    assert isinstance(said, Failed)
    assert (said.code, set(said.candidates)) == ("ambiguous", {"Volkswagen AG", "Volkswagon AG"})


def test_a_near_key_that_says_the_same_is_none(firms: Path) -> None:
    assert ask(firms, "Acme Foods Too", **NAMES, fuzzy=80, margin=30) == {"industry": "Food"}


@pytest.mark.parametrize("name", ["Müller-Thurgau 4", "VWW", "Tru", "nothing like it at all"])
def test_other_digits_and_short_keys_are_never_near(firms: Path, name: str) -> None:
    assert ask(firms, name, **NAMES, fuzzy=60) == Skip("not_found")


def test_the_other_parts_of_a_key_must_agree(companies: Path) -> None:
    path = companies.with_name("long.csv")
    path.write_text("Name,Country,Industry\nAcme Foods,US,Food\nAcme Foods,DE,Tools\n", encoding="utf-8")
    assert ask(path, "Acme Fods", "DE", fuzzy=90) == {"industry": "Tools"}
    assert ask(path, "Acme Fods", "FR", fuzzy=90) == Skip("not_found")


def test_each_attempt_reaches_further_and_a_missing_key_is_skipped_after_the_last_only(firms: Path) -> None:
    attempts = [Attempt(number, STRATEGIES[:number]) for number in (1, 2, 3)]
    told: dict[str, Any] = {"aliases": "Also", "fuzzy": 90}
    assert [type(ask(firms, "VW", attempt=each, **NAMES, **told)) for each in attempts] == [Failed, dict, dict]
    assert [type(ask(firms, "nobody", attempt=each, **NAMES, **told)) for each in attempts] == [Failed, Failed, Skip]


@pytest.mark.parametrize(
    ("ignore", "name"),
    [
        (["accents"], "Muller-Thurgau 3"),
        (["punctuation"], "MüllerThurgau 3"),
        (["spaces"], "Müller-Thurgau3"),
        (["width"], "Ｍüller-Thurgau ３"),
        (["accents", "punctuation", "spaces"], "muller thurgau 3"),
    ],
)
def test_what_does_not_count_is_told(firms: Path, ignore: list[str], name: str) -> None:
    assert ask(firms, name, **NAMES) == Skip("not_found")
    assert ask(firms, name, **NAMES, ignore=ignore) == {"industry": "Wine"}


def test_a_protected_field_is_kept_where_it_is_filled(firms: Path) -> None:
    assert ask(firms, "Acme Foods", "Tools", **NAMES, protect=["industry"]) == Skip("already_filled")
    assert ask(firms, "Acme Foods", None, **NAMES, protect=["industry"]) == {"industry": "Food"}


def test_an_exact_key_is_found_at_once_in_a_large_table(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("Name,Industry\n" + "".join(f"Firm {n},I{n}\n" for n in range(20_000)), encoding="utf-8")
    chosen = options(path, **NAMES)
    lookup("Firm 1", **chosen)
    begun = perf_counter()
    for number in range(2000):
        lookup(f"Firm {number}", **chosen)
    assert perf_counter() - begun < 2
