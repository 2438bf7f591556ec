from __future__ import annotations

import csv
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.activities import activity_type, filter_type, is_known, nearest_type

TABLE = resources.files("lustrum.words") / "activity_types.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("13", "data value changed"),
        (" 13 ", "data value changed"),
        ("Change Data Value", "data value changed"),
        ("data value changes", "data value changed"),
        ("DATA_VALUE-CHANGED", "data value changed"),
        ("12", "lead was created"),
        ("New Lead", "lead was created"),
        ("lead is created", "lead was created"),
        ("Change Score", "score was changed"),
        ("Has Interesting Moment", "had interesting moment"),
        ("46", "had interesting moment"),
        ("Execute Campaign", "campaign was executed"),
        ("Request Campaign", "campaign was requested"),
        ("Added to List", "was added to list"),
        ("25", "was removed from list"),
        ("Progression Status was Changed", "program status was changed"),
        ("Change Program Status", "program status was changed"),
        ("104", "program status was changed"),
        ("Sent Alert", "alert was sent"),
        ("Call Webhook", "webhook is called"),
        ("Fills Out Form", "filled out form"),
        ("Visit Webpage", "visited web page"),
        ("Click Link", "clicked link"),
        ("Opened Email", "email was opened"),
        ("Click Email", "clicked link in email"),
        ("8", "email bounced"),
        ("Unsubscribe Email", "unsubscribed from email"),
        ("Product  Tried", "product tried"),
        ("100042", "100042"),
        ("", ""),
    ],
)
def test_a_type_has_one_name_whatever_it_is_called(written: str, name: str) -> None:
    assert activity_type(written) == name


@pytest.mark.parametrize(
    ("written", "known"), [("newlead", False), ("new-lead", True), ("12", True), ("999", False), ("", False)]
)
def test_only_types_of_marketo_are_known(written: str, known: bool) -> None:
    assert is_known(written) is known


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("had interesting moment", "had interesting moment"),
        ("Progression_Status was Changed", "program status was changed"),
        ("has interesting moment", None),
        ("Change Data Value", None),
        ("13", None),
        ("country", None),
    ],
)
def test_a_filter_is_known_by_its_phrase_in_the_past(written: str, name: str | None) -> None:
    assert filter_type(written) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("visits webpage", "visited web page"),
        ("fills out form", "filled out form"),
        ("had interesting momment", "had interesting moment"),
        ("lead status", ""),
        ("lead score", ""),
        ("email", ""),
    ],
)
def test_a_slip_is_led_to_the_nearest_type(written: str, name: str) -> None:
    assert nearest_type(written) == name


def test_no_name_in_the_table_means_two_types() -> None:
    for row in ROWS:
        phrase = row["filter"].partition("|")[0].lower()
        names = [name for column in ("type", "id", "filter", "trigger") for name in row[column].split("|") if name]
        assert {activity_type(name) for name in names} == {phrase}


def test_every_row_has_a_phrase_and_a_source() -> None:
    assert all(row["filter"] and row["source"].startswith("https://") for row in ROWS)


@given(st.text())
def test_the_name_of_a_name_is_itself(text: str) -> None:
    assert activity_type(activity_type(text)) == activity_type(text)
