from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.conditions import ConditionError, parse_condition
from lustrum.words.conditions.time_frames import parse_frame

Ask = Callable[..., list[bool | None]]
SATURDAY = date(2024, 6, 15)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2024-06-15", "2024-06-15"),
        ("Yesterday", "2024-06-14", "2024-06-14"),
        ("tomorrow", "2024-06-16", "2024-06-16"),
        ("this week", "2024-06-10", "2024-06-16"),
        ("last week", "2024-06-03", "2024-06-09"),
        ("next week", "2024-06-17", "2024-06-23"),
        ("this month", "2024-06-01", "2024-06-30"),
        ("last month", "2024-05-01", "2024-05-31"),
        ("next month", "2024-07-01", "2024-07-31"),
        ("this quarter", "2024-04-01", "2024-06-30"),
        ("last quarter", "2024-01-01", "2024-03-31"),
        ("next quarter", "2024-07-01", "2024-09-30"),
        ("this year", "2024-01-01", "2024-12-31"),
        ("last year", "2023-01-01", "2023-12-31"),
        ("next year", "2025-01-01", "2025-12-31"),
        ("last 7 days", "2024-06-08", "2024-06-14"),
        ("last  30 DAYS", "2024-05-16", "2024-06-14"),
        ("next 2 weeks", "2024-06-17", "2024-06-30"),
        ("last 3 months", "2024-03-01", "2024-05-31"),
        ("last 6 quarters", "2022-10-01", "2024-03-31"),
        ("next 1 year", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_time_frame_is_whole_units_of_the_calendar(name: str, first: str, last: str) -> None:
    assert parse_frame(name).days(SATURDAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "name", ["", "this", "this 7 days", "last 0 days", "past week", "last 7 hours", "last -1 days"]
)
def test_anything_else_is_no_time_frame(name: str) -> None:
    with pytest.raises(ConditionError, match="is no time frame"):
        parse_frame(name)


@pytest.mark.parametrize("name", ["last 9999 years", "next 99999 quarters", "next 9000 years", "last 99999 weeks"])
def test_a_time_frame_stays_within_the_calendar(ask: Ask, days: Any, name: str) -> None:
    start = datetime(1500, 1, 1, tzinfo=UTC)
    with pytest.raises(ConditionError, match=f"{name} is beyond the calendar"):
        ask({"born": {"in time frame": name}}, start, born=days("2024-01-01"))


@given(
    st.dates(min_value=date(1000, 1, 1), max_value=date(3000, 1, 1)),
    st.sampled_from(["week", "month", "quarter", "year"]),
    st.integers(1, 40),
)
def test_frames_side_by_side_leave_no_day_out(today: date, unit: str, number: int) -> None:
    (past, before), (first, last), (after, _) = (
        parse_frame(name).days(today) for name in (f"last {number} {unit}s", f"this {unit}", f"next {number} {unit}s")
    )
    assert past < before == first - timedelta(days=1)
    assert first <= today <= last == after - timedelta(days=1)


def test_a_day_is_one_in_the_zone_of_the_run(ask: Ask, times: Any) -> None:
    created = times("2024-06-14T22:30", "2024-06-15T21:59", "2024-06-15T22:00")
    berlin = datetime(2024, 6, 15, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert ask({"created_at": "in time frame today"}, berlin, created_at=created) == [True, True, False]


def test_a_time_frame_is_for_dates(ask: Ask) -> None:
    with pytest.raises(ConditionError, match=r"score is a whole number, first_day\('today'\) is a date"):
        ask({"score": "in time frame today"}, score=[1])


def test_the_text_of_a_time_frame_says_its_days() -> None:
    text = "(born BETWEEN first_day('last week') AND last_day('last week')) IS TRUE"
    assert str(parse_condition({"born": "in time frame Last Week"})) == text
