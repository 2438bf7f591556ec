from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.fields import FieldType
from lustrum.words.tokens.dates import LONGEST, shifted_column, shifted_text

DAY = timedelta(days=1)
SHIFTS = st.timedeltas(-LONGEST, LONGEST) | st.integers(-400, 400).map(lambda days: timedelta(days=days))
NEARLY = st.from_regex(
    re.compile(
        r"[0-9]{4}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\.[0-9]{1,7})?)?(Z|[+-]09:?30)?)?"
    ),
    fullmatch=True,
)


@pytest.mark.parametrize(
    ("text", "shift", "shifted"),
    [
        ("2024-01-31", DAY, "2024-02-01"),
        ("2024-01-31", -366 * DAY, "2023-01-30"),
        ("2024-01-31", timedelta(), "2024-01-31"),
        ("2024-01-31", timedelta(hours=1), "2024-01-31T01:00:00"),
        ("2024-01-31", timedelta(hours=-1), "2024-01-30T23:00:00"),
        ("2024-01-31T16:00", DAY, "2024-02-01T16:00:00"),
        ("2024-01-31 16:00:01", DAY, "2024-02-01T16:00:01"),
        ("2024-01-31T16:00:01.5Z", DAY, "2024-02-01T16:00:01.500000Z"),
        ("2024-01-31T16:00:00+01:00", timedelta(hours=9), "2024-02-01T01:00:00+01:00"),
        ("2024-01-31T16:00:00-0130", DAY, "2024-02-01T16:00:00-0130"),
        ("0001-01-02", -DAY, "0001-01-01"),
    ],
)
def test_a_date_stays_a_date_unless_shifted_by_less_and_a_time_keeps_its_zone(
    text: str, shift: timedelta, shifted: str
) -> None:
    assert shifted_text(text, shift) == shifted


NO_DATES = [
    "",
    "soon",
    "2024-1-31",
    "2023-02-29",
    "0000-01-01",
    "24-01-31",
    " 2024-01-31",
    "2024-01-31\n",
    "٢٠٢٤-01-31",
]
NO_TIMES = ["T24:00", "T16", "t16:00", "T16:00:60", "T16:00:00.", "T16:00:00.1234567", "T16:00+24:00", "T16:00z", "T"]


@pytest.mark.parametrize("text", [*NO_DATES, *(f"2024-01-31{time}" for time in NO_TIMES)])
def test_any_other_text_is_no_date(text: str) -> None:
    assert shifted_text(text, timedelta()) is None


def test_a_date_does_not_leave_the_calendar() -> None:
    assert shifted_text("9999-12-31", DAY) is None
    assert shifted_text("0001-01-01T00:00:00+01:00", -DAY) is None


@given(st.lists(st.none() | NEARLY | st.text(max_size=3), min_size=1), SHIFTS)
def test_a_column_of_texts_is_shifted_as_each_text_is(texts: list[str | None], shift: timedelta) -> None:
    alone = [None if text is None else shifted_text(text, shift) for text in texts]
    assert shifted(pl.Series("day", texts, pl.String), FieldType.TEXT, shift) == alone


@given(st.lists(st.dates(), min_size=1), SHIFTS)
def test_a_column_of_dates_is_shifted_as_their_texts_are(days: list[date], shift: timedelta) -> None:
    assert shifted(pl.Series("day", days), FieldType.DATE, shift) == [shifted_text(str(day), shift) for day in days]


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=1), SHIFTS)
def test_a_column_of_times_is_shifted_as_their_texts_are(times: list[datetime], shift: timedelta) -> None:
    texts = [f"{time.replace(tzinfo=None).isoformat()}Z" for time in times]
    column = pl.Series("day", times, FieldType.DATETIME.dtype)
    assert shifted(column, FieldType.DATETIME, shift) == [shifted_text(text, shift) for text in texts]


@pytest.mark.parametrize("days", [2**31 - 1, -(2**31), 2932897, -719163])
def test_days_that_no_calendar_has_are_empty(days: int) -> None:
    column = pl.Series("day", [days], pl.Int32).cast(pl.Date)
    assert shifted(column, FieldType.DATE, -DAY) == [None]


def shifted(column: pl.Series, kind: FieldType, shift: timedelta) -> list[str | None]:
    expression = shifted_column(pl.col("day"), kind, shift)
    return column.alias("day").to_frame().select(expression.alias("shifted"))["shifted"].to_list()
