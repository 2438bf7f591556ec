from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum import Answer, Failed, Skip
from lustrum.testing import run_step
from lustrum_plugins.standardise.name_case import Case
from lustrum_plugins.standardise.person_name import Part, Parts, person_name

ALL: Parts = ("first_name", "last_name", "full_name", "salutation", "middle_name", "suffix", "nickname")
READ = ("first_name", "last_name", "full_name")
SIGNS = ("Dr.", "Mr", "Jr.", "MD", "III", "GmbH", "n/a", ",", "-", ".", "&")
WORDS = st.sampled_from(
    ("JO", "jo", "Ann", "de", "la", "van", "der", "y", "O'NEILL", "mcdonald", "A.", "山田", "Петров", "İ", "ß", *SIGNS)
)
Order = Literal["unknown", "given_first"]
ORDERS: tuple[Order, ...] = ("unknown", "given_first")
CASES: tuple[Case, ...] = ("repair", "keep", "force")
WAYS = st.tuples(st.sampled_from(ORDERS), st.sampled_from(CASES), st.booleans())
CELLS = st.none() | st.text(max_size=12) | st.lists(WORDS, max_size=4).map(" ".join)


def named(reply: Mapping[str, str] | Answer[Mapping[str, str]] | Failed | Skip) -> Mapping[str, str]:
    value = reply.value if isinstance(reply, Answer) else reply
    assert isinstance(value, dict), value
    return value


def code(reply: object) -> str:
    assert isinstance(reply, Failed), reply
    return reply.code


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("JO", "DOE", ("Jo", "Doe")),
        ("jo", "doe", ("Jo", "Doe")),
        ("Jo", "DOE", ("Jo", "Doe")),
        ("Jo", "McLumen-Smith", ("Jo", "McLumen-Smith")),
        ("ANNA", "VAN DER BERG", ("Anna", "van der Berg")),
        ("Jean-luc", "Doe", ("Jean-luc", "Doe")),
        ("ED", "DOE", ("Ed", "Doe")),
        ("ED", "Doe", ("ED", "Doe")),
        ("JP", "DOE", ("JP", "Doe")),
        ('"Jo",', " Doe;", ("Jo", "Doe")),
        ("Jo", "Doe Jr.", ("Jo", "Doe Jr.")),
        ("Jo A.", "Doe", ("Jo A.", "Doe")),
        ("Jo Doe", "Doe", ("Jo", "Doe")),
        ("Jo", "Jo Doe", ("Jo", "Doe")),
        ("Jo Doe", "Jo Doe", ("Jo", "Doe")),
        ("Doe, Jo", None, ("Jo", "Doe")),
        (None, "Doe, Jo", ("Jo", "Doe")),
    ],
)
def test_first_and_last_name_are_cleaned(first: str | None, last: str | None, expected: tuple[str, str]) -> None:
    assert named(person_name(first, last)) == {"first_name": expected[0], "last_name": expected[1]}


def test_a_title_is_taken_off_and_the_reason_says_so() -> None:
    assert person_name("Dr. Ann", "Doe") == Answer(
        {"first_name": "Ann", "last_name": "Doe"}, reason="title 'Dr.' taken off the first name"
    )
    assert named(person_name("Dr.", "Doe"))["first_name"] == "Dr."


def test_a_part_the_name_lacks_leaves_its_field_alone() -> None:
    assert person_name("Jo", None) == {"first_name": "Jo"}
    assert named(person_name("Jo", "Doe", parts=ALL)) == {"first_name": "Jo", "last_name": "Doe", "full_name": "Jo Doe"}


def test_every_part_gets_its_field() -> None:
    assert named(person_name("Dr. ANN B.", "DOE, MD", parts=ALL)) == {
        "first_name": "Ann",
        "last_name": "Doe",
        "full_name": "Ann Doe",
        "salutation": "Dr.",
        "middle_name": "B.",
        "suffix": "MD",
    }
    assert named(person_name(None, None, 'Ann "Annie" Doe', parts=ALL))["nickname"] == "Annie"


def test_a_full_name_completes_a_missing_last_name() -> None:
    assert named(person_name("Jo", None, "Jo Doe"))["last_name"] == "Doe"
    assert "last_name" not in named(person_name("Ann", None, "Jo Doe"))
    assert "last_name" not in named(person_name("Ann", None, "n/a"))


@pytest.mark.parametrize(
    ("full", "expected"),
    [("jo doe", "Jo Doe"), ("Doe, Jo", "Jo Doe"), ("DR. JO DOE", "Dr. Jo Doe"), ("Jo Ann Doe, Jr.", "Jo Ann Doe, Jr.")],
)
def test_the_full_name_is_shown_in_natural_order(full: str, expected: str) -> None:
    assert named(person_name(None, None, full, parts=("full_name",)))["full_name"] == expected


def test_a_full_name_beside_its_parts_is_kept_in_step() -> None:
    assert named(person_name("JO", "DOE", "Doe, Jo", parts=ALL))["full_name"] == "Jo Doe"
    assert named(person_name("Jo", "Doe", "JO A. DOE", parts=ALL))["full_name"] == "Jo A. Doe"


def test_a_job_title_behind_the_comma_is_left_out() -> None:
    assert person_name(None, None, "jo doe, VP Sales") == Answer(
        {"first_name": "Jo", "last_name": "Doe"}, reason="the job title 'VP Sales' left out"
    )


@pytest.mark.parametrize(
    ("full", "candidates"),
    [
        ("Tanaka Hanako", ("Tanaka | Hanako", "Hanako | Tanaka")),
        ("Nguyen Van An", ("Nguyen | Van An", "Van An | Nguyen")),
        ("Juan Garcia Lopez", ("Juan Garcia | Lopez", "Juan | Garcia Lopez")),
        ("Van Morris", ("Van | Morris", "Van Morris")),
        ("Jo Doe, Ann Roe", ("Ann Roe | Jo Doe", "Jo Doe / Ann Roe")),
        ("Cher", ("Cher",)),
        ("Prince", ()),
        ("山田花子", ("山田花子",)),
        ("Doe, VP", ("Doe",)),
    ],
)
def test_nothing_guesses(full: str, candidates: tuple[str, ...]) -> None:
    reply = person_name(None, None, full)
    assert isinstance(reply, Failed)
    assert (reply.code, reply.candidates) == ("ambiguous", candidates)


def test_the_order_of_the_source_settles_names_from_asia_only() -> None:
    assert named(person_name(None, None, "Tanaka Hanako", order="given_first"))["last_name"] == "Hanako"
    assert code(person_name(None, None, "Juan Garcia Lopez", order="given_first")) == "ambiguous"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (("Blue Lamp", "GmbH", None), "company_in_name"),
        ((None, None, "Blue Lamp Consulting"), "company_in_name"),
        (("Jo & Ann", "Doe", None), "several_persons"),
        (("Jo", "n/a", None), "placeholder"),
        (("test", "test", None), "placeholder"),
        ((None, None, "jo@example.com"), "not_a_name"),
        (("Jo", "Doe2", None), "not_a_name"),
    ],
)
def test_what_names_no_single_person_fails_with_its_code(fields: tuple[str | None, ...], expected: str) -> None:
    assert code(person_name(*fields)) == expected


def test_nothing_to_read_is_skipped() -> None:
    assert person_name() == person_name(" ", "", None) == Skip("empty")


def test_a_name_that_reads_otherwise_once_it_is_divided_fails() -> None:
    assert code(person_name(None, None, "? Doe")) == "placeholder"
    assert code(person_name(None, None, 'AA. " II')) == "placeholder"


def test_given_names_first_settle_a_single_word_and_a_particle() -> None:
    assert person_name(None, None, "cher", order="given_first") == {"first_name": "Cher"}
    assert named(person_name(None, None, "VAN MORRIS", order="given_first")) == {
        "first_name": "Van",
        "last_name": "Morris",
    }


@pytest.mark.parametrize(
    ("full", "expected"),
    [
        ("Sir Elton", {"first_name": "Elton", "salutation": "Sir"}),
        ("Rev. Doe", {"last_name": "Doe", "salutation": "Rev."}),
    ],
)
def test_a_title_tells_which_name_stands_alone(full: str, expected: Mapping[str, str]) -> None:
    assert named(person_name(None, None, full, parts=("first_name", "last_name", "salutation"))) == expected


@pytest.mark.parametrize(
    ("first", "last", "case", "expected"),
    [
        ("JO B.", "DOE JR.", "keep", ("JO", "B.", "DOE", "JR.")),
        ("jo b.", "doe jr.", "repair", ("Jo", "B.", "Doe", "Jr.")),
        ("Jo b.", "Maclean jr.", "force", ("Jo", "B.", "MacLean", "Jr.")),
    ],
)
def test_the_case_is_repaired_as_asked(first: str, last: str, case: Case, expected: tuple[str, ...]) -> None:
    parts: Parts = ("first_name", "middle_name", "last_name", "suffix")
    assert tuple(named(person_name(first, last, parts=parts, case=case)).values()) == expected


def test_a_household_is_one_name_where_it_is_asked_for() -> None:
    assert code(person_name(None, None, "Jo and Ann Doe")) == "several_persons"
    household = person_name(None, None, "Jo and Ann Doe", household=True)
    assert named(household) == {"first_name": "Jo and Ann", "last_name": "Doe"}
    assert person_name("Jo and Ann", "Doe", household=True) == named(household)


@given(CELLS, CELLS, CELLS, st.sampled_from([ALL, ALL[:2], ALL[2:3]]), WAYS)
def test_a_second_pass_changes_nothing(
    first: str | None, last: str | None, full: str | None, parts: Parts, way: tuple[Order, Case, bool]
) -> None:
    order, case, household = way
    once = person_name(first, last, full, parts=parts, order=order, case=case, household=household)
    if isinstance(once, (Failed, Skip)):
        return
    written = {"first_name": first, "last_name": last, "full_name": full, **named(once)}
    fields = [written.get(field) for field in READ]
    again = named(person_name(*fields, parts=parts, order=order, case=case, household=household))
    assert {part: written.get(part) for part in again} == again


@given(CELLS, CELLS, CELLS)
def test_blanks_round_it_and_its_form_in_unicode_make_no_difference(
    first: str | None, last: str | None, full: str | None
) -> None:
    cells = [cell or "" for cell in (first, last, full)]
    composed = [unicodedata.normalize("NFC", f" {cell}\t") for cell in cells]
    apart = [unicodedata.normalize("NFD", cell) for cell in cells]
    assert person_name(*composed, parts=ALL) == person_name(*apart, parts=ALL)


def test_the_engine_writes_the_parts_asked_for() -> None:
    parts: list[Part] = ["last_name", "first_name"]
    run = run_step(person_name, [{"full_name": "DOE, JO", "last_name": None, "first_name": None}], parts=parts)
    assert run.leads == [{"full_name": "DOE, JO", "last_name": "Doe", "first_name": "Jo"}]
