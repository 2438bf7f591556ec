"""The start of a run, its id, and waiting."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest

from lustrum.contracts.ports import Clock
from lustrum.running.clock import NOW_VARIABLE, RealClock, new_run_id, run_start
from lustrum.words.errors import UsageError


@pytest.mark.parametrize(
    ("fixed", "zone", "start"),
    [
        ("2026-01-31T03:00:00+00:00", "UTC", "2026-01-31T03:00:00+00:00"),
        ("2026-01-31T03:00:00Z", "Europe/Berlin", "2026-01-31T04:00:00+01:00"),
        ("2026-07-31T03:00:00", "Europe/Berlin", "2026-07-31T03:00:00+02:00"),
        ("2026-07-31", "UTC", "2026-07-31T00:00:00+00:00"),
    ],
)
def test_the_variable_fixes_the_start(monkeypatch: pytest.MonkeyPatch, fixed: str, zone: str, start: str) -> None:
    monkeypatch.setenv(NOW_VARIABLE, fixed)
    assert run_start(zone).isoformat() == start


@pytest.mark.parametrize("fixed", ["tomorrow", "", "31.01.2026"])
def test_a_variable_that_is_no_time_is_wrong_use(monkeypatch: pytest.MonkeyPatch, fixed: str) -> None:
    monkeypatch.setenv(NOW_VARIABLE, fixed)
    with pytest.raises(UsageError, match=f"LUSTRUM_NOW is {fixed}, which is no time; write one such as 2026-"):
        run_start("UTC")


def test_without_it_a_run_starts_now_to_the_second_in_the_projects_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NOW_VARIABLE)
    start = run_start("Asia/Kolkata")
    assert start.utcoffset() == timedelta(hours=5, minutes=30)
    assert start.microsecond == 0
    assert abs(datetime.now(UTC) - start) < timedelta(seconds=5)


def test_a_run_id_begins_with_its_start_and_does_not_repeat() -> None:
    start = datetime.fromisoformat("2026-01-31T03:00:00+02:00")
    ids = {new_run_id(start) for _ in range(20)}
    assert all(re.fullmatch(r"20260131T010000Z-[0-9a-f]{4}", each) for each in ids)
    assert len(ids) > 1


def test_the_real_clock_waits() -> None:
    clock, before = RealClock(), time.monotonic()
    begun = clock.elapsed()
    clock.sleep(0.01)
    assert time.monotonic() - before >= 0.01
    assert clock.elapsed() - begun >= 0.01
    assert isinstance(RealClock(), Clock)
