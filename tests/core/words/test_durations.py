from __future__ import annotations

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.durations import (
    DurationError,
    Wait,
    Waits,
    duration_text,
    parse_duration,
    parse_wait,
    parse_waits,
)
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
        ("day", timedelta(days=1)),
        (" Week", timedelta(weeks=1)),
        ("month", timedelta(days=30)),
    ],
)
def test_a_number_and_a_unit_are_a_duration(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    "text", ["", "soon", "30", "days", "m", "s", "-5 days", "5 d ays", "1h30m", "٣ days", "1e3s", "5 s s"]
)
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(DurationError, match=r"is no duration; write a number and a unit"):
        parse_duration(text)


def test_an_unknown_unit_is_answered_with_the_nearest() -> None:
    with pytest.raises(DurationError, match=r'"3 weekz" is no duration: there is no unit "weekz"; did you mean "week"'):
        parse_duration("3 weekz")
    with pytest.raises(DurationError, match="write a number and a unit"):
        parse_duration("3 fortnights")


def test_a_duration_longer_than_the_calendar_is_refused() -> None:
    for number in ("99999999999", "9" * 5000):
        with pytest.raises(DurationError, match="longer than any calendar"):
            parse_duration(f"{number} weeks")


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


def seconds(waits: Waits, tries: int) -> list[float]:
    return [waits.of(number).total_seconds() for number in range(1, tries + 1)]


@pytest.mark.parametrize(
    ("written", "lengths"),
    [
        ("5s", [5, 5, 5, 5]),
        (["5s"], [5, 5, 5, 5]),
        ("5s..5s", [5, 5, 5, 5]),
        ("0s", [0, 0, 0, 0]),
        ("2s, 1m,30s", [2, 60, 30, 30]),
        (["2s", "1 minute", "30s"], [2, 60, 30, 30]),
        (("30s", "2s"), [30, 2, 2, 2]),
    ],
)
def test_a_fixed_wait_is_the_same_each_time_and_the_last_of_a_list_repeats(
    written: str | list[str], lengths: list[float]
) -> None:
    waits = parse_waits(written)
    assert seconds(waits, 4) == lengths
    assert (waits.shortest.total_seconds(), waits.longest.total_seconds()) == (min(lengths), max(lengths))
    assert not waits.jittered


@pytest.mark.parametrize(
    ("written", "lengths"),
    [
        ("1s..30s", [1, 2, 4, 8, 16, 30, 30]),
        ("1s .. 8s", [1, 2, 4, 8, 8]),
        ("20s..30s", [20, 30, 30]),
        (["500ms..3s"], [0.5, 1, 2, 3]),
    ],
)
def test_an_exponential_wait_doubles_from_the_first_to_the_longest(
    written: str | list[str], lengths: list[float]
) -> None:
    waits = parse_waits(written)
    assert seconds(waits, len(lengths)) == lengths
    assert (waits.shortest.total_seconds(), waits.longest.total_seconds()) == (lengths[0], lengths[-1])
    assert waits.jittered


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "is no duration; write a number"),
        ([], "a list of waits has no wait in it"),
        ("5m,", "is no duration"),
        ("5m, soon", '" soon" is no duration'),
        (["1s..30s", "5m"], '"1s..30s" cannot stand in a list of waits; write it alone'),
        ("30s..1s", '"30s..1s" waits longer first than last; write 1s..30s'),
        ("0s..30s", '"0s..30s" never grows'),
    ],
)
def test_what_is_no_wait_is_refused(written: str | list[str], message: str) -> None:
    with pytest.raises(DurationError, match=message):
        parse_waits(written)


LENGTHS = st.timedeltas(timedelta(milliseconds=1), timedelta(days=9999))


@given(LENGTHS, LENGTHS, st.integers(1, 60))
def test_an_exponential_wait_never_shrinks_nor_leaves_its_limits(one: timedelta, other: timedelta, number: int) -> None:
    low, high = sorted([one, other])
    waits = parse_waits(f"{duration_text(low)}..{duration_text(high)}")
    assert low <= waits.of(number) <= waits.of(number + 1) <= min(waits.of(number) * 2, high)


@given(st.timedeltas(timedelta()))
def test_a_duration_written_out_reads_the_same(length: timedelta) -> None:
    assert parse_duration(duration_text(length)) == length


@pytest.mark.parametrize("text", ["5s", "1s..30s", "5m, 15m, 20m", "0s"])
def test_waits_are_written_as_in_campaign_files(text: str) -> None:
    assert str(parse_waits(text)) == text


@given(st.text("1.5sm, ", max_size=12))
def test_no_text_of_waits_raises_anything_else(text: str) -> None:
    with contextlib.suppress(DurationError):
        parse_waits(text)
