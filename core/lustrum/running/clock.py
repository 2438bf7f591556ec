"""The real clock: waiting, how much time has passed, and the start of a run."""

from __future__ import annotations

import os
import re
import secrets
import time
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from lustrum.contracts.ports import Clock
from lustrum.words.errors import UsageError

NOW_VARIABLE = "LUSTRUM_NOW"


class Timer(Clock, Protocol):
    """A clock that says how much time has passed, beside waiting."""

    def elapsed(self) -> float:
        """Give the seconds since some moment, the same one each time."""
        ...


class RealClock:
    """Waits for real."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def elapsed(self) -> float:
        """Give the seconds since some moment, whatever becomes of the time of day."""
        return time.monotonic()


def run_start(timezone: str) -> datetime:
    """Give the start of a run in the project's zone; the variable LUSTRUM_NOW fixes it."""
    zone = ZoneInfo(timezone)
    fixed = os.environ.get(NOW_VARIABLE)
    if fixed is None:
        return datetime.now(zone).replace(microsecond=0)
    try:
        given = datetime.fromisoformat(fixed)
    except ValueError as error:
        raise UsageError(
            f"{NOW_VARIABLE} is {fixed}, which is no time; write one such as 2026-01-31T03:00:00+00:00"
        ) from error
    try:
        return (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(zone)
    except OverflowError as error:
        raise UsageError(f"{NOW_VARIABLE} is {fixed}, which is no time in {timezone}; choose another") from error


def check_run_id(run: str) -> str:
    """Give a run's id back if it is one; it names a folder. Raises `UsageError`."""
    if run == "last":
        raise UsageError('"last" is no id of a run: commands mean the last run by it; choose another')
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", run):
        raise UsageError(
            f'"{run}" is no id of a run: use letters, digits, dots, dashes, and begin with one of the first two'
        )
    return run


def new_run_id(start: datetime) -> str:
    """Make the id of a run: its start in UTC and a few random letters."""
    return f"{start.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
