from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.durations import DurationError, Wait, parse_duration, parse_wait
from lustrum.words.errors import LustrumError


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30s", timedelta(seconds=30)),
        ("5m", timedelta(minutes=5)),
        ("500ms", timedelta(milliseconds=500)),
        ("1.5h", timedelta(minutes=90)),
        ("2 hours", timedelta(hours=2)),
        (" 1 Day ", timedelta(days=1)),
        ("3 weeks", timedelta(weeks=3)),
        ("14 months", timedelta(days=420)),
        ("1 year", timedelta(days=365)),
        ("0s", timedelta()),
    ],
)
def test_a_number_and_a_unit_are_a_duration(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "soon", "30", "days", "-5 days", "5 d ays", "1h30m", "٣ days", "1e3s", "5 s s"])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(DurationError, match=r"is no duration; write a number and a unit"):
        parse_duration(text)


def test_an_unknown_unit_is_answered_with_the_nearest() -> None:
    with pytest.raises(DurationError, match=r'"3 weekz" is no duration: there is no unit "weekz"; did you mean "week"'):
        parse_duration("3 weekz")
    with pytest.raises(DurationError, match="write a number and a unit"):
        parse_duration("3 fortnights")


def test_a_duration_longer_than_the_calendar_is_refused() -> None:
    with pytest.raises(DurationError, match="longer than any calendar"):
        parse_duration("99999999999 weeks")


def test_the_error_is_both_ours_and_a_value_error_so_that_validators_report_it() -> None:
    assert issubclass(DurationError, LustrumError)
    assert issubclass(DurationError, ValueError)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("1s..30s", Wait(timedelta(seconds=1), timedelta(seconds=30))),
        ("1 s .. 5 minutes", Wait(timedelta(seconds=1), timedelta(minutes=5))),
        ("10s", Wait(timedelta(seconds=10), timedelta(seconds=10))),
    ],
)
def test_a_wait_is_a_range_or_fixed(text: str, wait: Wait) -> None:
    assert parse_wait(text) == wait


def test_a_wait_that_shrinks_is_turned_round_by_the_message() -> None:
    with pytest.raises(DurationError, match=r'"30s..1s" waits longer first than last; write 1s..30s'):
        parse_wait("30s..1s")


@pytest.mark.parametrize("text", ["..", "1s..", "..1s", "1s...2s", "1s-2s"])
def test_half_a_range_is_no_wait(text: str) -> None:
    with pytest.raises(DurationError):
        parse_wait(text)


@given(st.text(max_size=20))
def test_no_text_raises_anything_else(text: str) -> None:
    with contextlib.suppress(DurationError):
        parse_wait(text)
