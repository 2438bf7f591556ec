from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Literal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plugins.phones.cells import Cells

from lustrum import Answer, Attempt, Failed
from lustrum_plugins.standardise.phone import phone
from lustrum_plugins.standardise.phone_columns import phones_at_once
from lustrum_plugins.standardise.phone_reading import WHY_NOT

ROOT = Path(__file__).parents[3]
ATTEMPTS = [Attempt(number, phone.strategies[:number]) for number in range(1, len(phone.strategies) + 1)]
COUNTRIES = ["US", "DE", "GB", "Italy", "MX", "Brazil", "AR", "Atlantis", "", None]
CELLS = st.one_of(
    st.text(max_size=24),
    st.text("0123456789+-()/. x;,=ext'\"~&|\u00a0０９＋\u2013", max_size=24),
    st.from_regex(
        r"(Tel\.?:? ?|\+|00|011)?(1|44|49|39|521|54|55)?[0-9 /()-]{5,14}( ?(x|ext\. |;ext=)[0-9]{1,8})?", fullmatch=True
    ),
    st.from_regex(r"['=]?[0-9]{1,4}[-/. ][0-9]{1,4}[-/. ][0-9]{2,4}(\.0{1,2}| home| \(work\))?", fullmatch=True),
)
Inputs = Sequence[tuple[str, str | None]]
Extension = Literal["drop", "keep"]


def one_by_one(
    inputs: Inputs, attempt: Attempt, default: str | None, extension: Extension
) -> Iterator[tuple[object, ...]]:
    for text, country in inputs:
        reply = phone(text, country, default_country=default, extension=extension, attempt=attempt)
        if isinstance(reply, Failed):
            yield None, reply.code, reply.message, None, list(reply.candidates) or None
        elif isinstance(reply, Answer):
            yield reply.value, None, None, reply.reason, None
        else:
            yield reply, None, None, None, None


def differences(
    inputs: Inputs, attempt: Attempt, default: str | None = None, extension: Extension = "drop"
) -> tuple[int, list[object]]:
    """Count the claimed cells, and give those of which the step says something else."""
    frame = pl.DataFrame(inputs, schema={"phone": pl.String, "country": pl.String}, orient="row")
    said = phones_at_once(frame, default_country=default, extension=extension, attempt=attempt)
    assert said.height == len(inputs)
    claimed = [(cell, got) for cell, (*got, is_claimed) in zip(inputs, said.rows(), strict=True) if is_claimed]
    expected = one_by_one([cell for cell, _ in claimed], attempt, default, extension)
    return len(claimed), [
        (cell, got, asked) for (cell, got), asked in zip(claimed, expected, strict=True) if tuple(got) != asked
    ]


def column(file: str, name: str) -> Iterable[str]:
    with (ROOT / "fixtures" / file).open(encoding="utf-8", newline="") as lines:
        return dict.fromkeys(row[name] for row in csv.DictReader(lines) if row[name])


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: str(attempt.number))
def test_the_reviewed_examples_are_what_the_step_says(attempt: Attempt) -> None:
    inputs = list(product(column("standardise.phone/cases.csv", "given.phone"), COUNTRIES))
    for extension in ("drop", "keep"):
        assert differences(inputs, attempt, "US", extension)[1] == []


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: str(attempt.number))
def test_the_phones_of_leads_are_what_the_step_says_and_nearly_all_claimed(attempt: Attempt) -> None:
    phones = list(column("leads.csv", "Phone"))
    countries = ["US", "Germany", "UK", *column("leads.csv", "Country")]
    inputs = [(text, countries[place % len(countries)]) for place, text in enumerate(phones) if place % 3 == 0]
    claimed, wrong = differences(inputs, attempt)
    assert wrong == []
    assert claimed > len(inputs) * 0.8


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: str(attempt.number))
def test_made_phones_are_what_the_step_says(attempt: Attempt) -> None:
    cells = Cells(attempt.number, numbers=4)
    usual, hostile = cells.like_leads(1_000), cells.hostile(1_500)
    claimed, wrong = differences(usual, attempt)
    assert (wrong, differences(hostile, attempt)[1]) == ([], [])
    assert claimed > len(usual) * 0.9


@settings(max_examples=30)
@given(st.lists(st.tuples(CELLS, st.sampled_from(COUNTRIES)), min_size=1, max_size=10), st.sampled_from(ATTEMPTS))
def test_any_text_is_what_the_step_says_or_left_open(inputs: list[tuple[str, str | None]], attempt: Attempt) -> None:
    assert differences(inputs, attempt)[1] == []
    assert differences(inputs, attempt, "DE", "keep")[1] == []


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("Tel.: 020 7946 0018 (Office)", "England", ("+442079460018", None, None, None)),
        ("'030 23125 001'", "DE", ("+493023125001", None, None, None)),
        ("(212) 555-0123 x45", "US", ("+12125550123", None, None, "extension 45 left out")),
        ("0049 30 23125001", None, ("+493023125001", None, None, "international prefix read as +")),
        ("212/555-0123", "US", ("+12125550123", None, None, None)),
        ("2125550123.00", "US", ("+12125550123", None, None, None)),
        ("tel:+1-212-555-0123", None, ("+12125550123", None, None, None)),
        ("+1/212/555-0123", None, ("+12125550123", None, None, None)),
        ("+1 (0)212-555-0123", None, (None, "too_long", "the number has too many digits", None)),
        ("000-000-0000", "US", (None, "placeholder", "the digits only fill the field", None)),
        (
            "555-0123",
            "US",
            (None, "too_short", "the number is too short to be complete; an area code may be missing", None),
        ),
        ("212-555-0123 / 2125550123", "US", ("+12125550123", None, None, None)),
        ("07370046594", None, (None, "country_unknown", WHY_NOT["country_unknown"], None)),
        ("n/a", "US", (None, "placeholder", "the digits only fill the field", None)),
        ("see notes", None, (None, "not_a_phone_number", "this is not a phone number", None)),
        ("0160/23125001", "DE", ("+4916023125001", None, None, None)),
        ("(111) 555-0123", "US", (None, "invalid_for_country", "no line can have this number in that country", None)),
    ],
)
def test_usual_cells_are_claimed(text: str, country: str | None, expected: tuple[object, ...]) -> None:
    said = phones_at_once(
        pl.DataFrame({"phone": [text], "country": [country]}, schema_overrides={"country": pl.String})
    )
    assert said.row(0) == (*expected, None, True)


def test_several_numbers_are_named() -> None:
    cells = {"phone": ["212-555-0123 / 212-555-0124 / 12", "212/555-0123"], "country": ["US", "US"]}
    said = phones_at_once(pl.DataFrame(cells))
    assert said["_code"].to_list() == ["ambiguous", None]
    assert said["_candidates"].to_list() == [["+12125550123", "+12125550124"], None]
    assert phones_at_once(pl.DataFrame(cells), several="first")["_claimed"].to_list() == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "3/10/1984",
        "123-456-7890",
        "212-555-LAMP",
        "212-555-0123 / 4",
        "212-555-0123 212-555-0124",
        "+52 1 55 5555 0100",
    ],
)
def test_what_has_several_readings_is_left_open(text: str) -> None:
    said = phones_at_once(pl.DataFrame({"phone": [text], "country": ["US"]}))
    assert said["_claimed"].to_list() == [False]


def test_other_forms_are_left_open() -> None:
    said = phones_at_once(pl.DataFrame({"phone": ["+493023125001"], "country": [None]}), format="NATIONAL")
    assert said["_claimed"].to_list() == [False]
