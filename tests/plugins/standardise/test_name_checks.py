from __future__ import annotations

import pytest

from lustrum_plugins.standardise.name_checks import job_title_after_comma, not_a_person


@pytest.mark.parametrize(
    "fields",
    [
        ("Jo", "Doe"),
        ("Jo", "Bank"),
        ("Maria", "Sa"),
        ("Jo", "Null"),
        ("Ana", "Perez y Lopez"),
        ("Andy",),
        ("Jo", "von und zu Lampe"),
    ],
)
def test_one_person(fields: tuple[str, ...]) -> None:
    assert not_a_person(fields) is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (("[not provided]", "Doe"), "placeholder"),
        (("Jo", "."), "placeholder"),
        (("null", "null"), "placeholder"),
        (("www.example.com",), "not_a_name"),
        (("Jo", "Doe 2"), "not_a_name"),
        (("Blue", "Lamp LLC"), "company_in_name"),
        (("Lamp Holdings Group",), "company_in_name"),
        (("Jo and Ann", "Doe"), "several_persons"),
        (("Jo Doe; Ann Roe",), "several_persons"),
    ],
)
def test_everything_else(fields: tuple[str, ...], code: str) -> None:
    failed = not_a_person(fields)
    assert failed is not None
    assert failed.code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jo Doe, Geschäftsführer", ("Jo Doe", "Geschäftsführer")),
        ("Jo Doe, MD", ("Jo Doe, MD", "")),
        ("Jo Doe", ("Jo Doe", "")),
    ],
)
def test_job_titles_stand_behind_a_comma(text: str, expected: tuple[str, str]) -> None:
    assert job_title_after_comma(text) == expected


@pytest.mark.parametrize("text", ["Jo and Ann Doe", "Mr. & Mrs. Doe", "Jo & Ann", "Dr. Jo und Ann Doe"])
def test_a_household_is_one_name_where_it_is_asked_for(text: str) -> None:
    assert not_a_person((text,)) is not None
    assert not_a_person((text,), household=True) is None


@pytest.mark.parametrize("text", ["Jo Doe and Ann Roe", "Jo Doe / Ann Roe", "Jo & Ann & Kim Doe", "Jo and Ann; Kim"])
def test_several_names_are_no_household(text: str) -> None:
    failed = not_a_person((text,), household=True)
    assert failed is not None
    assert failed.code == "several_persons"
