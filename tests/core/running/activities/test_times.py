"""Times of activities: ISO 8601 and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lustrum.running.activities.times import parse_times

FIRST = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)


def parse(text: str | None, zone: str = "UTC") -> datetime | None:
    found: datetime | None = parse_times(pl.Series([text], dtype=pl.String), zone)[0]
    return found


@pytest.mark.parametrize(
    "text",
    [
        *("2024-03-01T02:00:00Z", "2024-03-01T02:00:00+00:00", "2024-03-01T04:00:00+02:00", "2024-03-01T04:00:00+0200"),
        *("2024-03-01T04:00+02", "2024-02-29T20:30-05:30", "2024-03-01T02:00:00.000Z", "2024-03-01T02:00:00,000000Z"),
        *("2024-03-01T02:00:00", "2024-03-01 02:00:00", "2024-03-01 02:00", " 2024-03-01T02:00:00.000 "),
    ],
)
def test_these_are_the_same_time(text: str) -> None:
    assert parse(text) == FIRST


@pytest.mark.parametrize(
    "text",
    [
        *("01.03.2024", "03/01/2024", "2024-3-1", "2024-03-01T2:00", "2024-03-01T25:00:00", "2024-02-30", "24-03-01"),
        *(
            "2024-03-01T02:00:60Z",
            "2024-03-01T02:00:00 Z",
            "2024-03-01T02:00:00 CET",
            "20240301",
            "1709258400",
            "",
            None,
        ),
        *("2024-03-01x02:00", "yesterday", "2024-03-01T02:00:00Z!", "2024-13-01", "2024-03-01Z"),
    ],
)
def test_these_are_none(text: str | None) -> None:
    assert parse(text) is None


def test_without_an_offset_it_is_a_time_of_the_zone() -> None:
    assert parse("2024-07-01T02:00:00", "Europe/Rome") == datetime(2024, 7, 1, 0, tzinfo=UTC)
    assert parse("2024-07-01", "America/New_York") == datetime(2024, 7, 1, 4, tzinfo=UTC)


def test_when_the_clocks_change() -> None:
    assert parse("2024-10-27T02:30:00", "Europe/Rome") == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    assert parse("2024-03-31T02:30:00", "Europe/Rome") is None


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
EARLIEST, LATEST = datetime(1950, 1, 2), datetime(2099, 1, 1)  # noqa: DTZ001  # the strategy adds zones
"""Zones are known so far by both."""


@given(st.datetimes(EARLIEST, LATEST, timezones=OFFSETS))
def test_what_python_writes_is_read(moment: datetime) -> None:
    assert parse(moment.isoformat()) == moment


@given(st.datetimes(EARLIEST, LATEST))
@example(datetime(2000, 10, 29, 2, fold=1))  # noqa: DTZ001  # the zone comes later
def test_a_local_time_is_read_as_python_reads_it(moment: datetime) -> None:
    zone, moment = ZoneInfo("Europe/Rome"), moment.replace(fold=0)  # a text does not say which of two
    known = moment.replace(tzinfo=zone).astimezone(UTC)
    exists = known.astimezone(zone).replace(tzinfo=None) == moment
    assert parse(moment.isoformat(), "Europe/Rome") == (known if exists else None)
