"""Dates and times in ISO 8601, compared as exactly as both are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in UTC; where no time was told, its day."""

    day: date
    time: datetime | None

    def is_after(self, other: Moment) -> bool:
        """Say whether this was later; on one day the times tell, and without them nothing does.

        >>> late, early = read_moment("2025-06-01T10:00Z"), read_moment("2025-06-01T09:00Z")
        >>> late.is_after(early), late.is_after(read_moment("2025-06-01")), late.is_after(read_moment("2025-05-31"))
        (True, False, True)
        """
        if self.time and other.time:
            return self.time > other.time
        return self.day > other.day


def read_moment(text: str) -> Moment | None:
    """Read a date or time of ISO 8601, one without an offset as UTC.

    >>> read_moment("2025-06-01").day.day, read_moment("June 1"), read_moment("2025-06-01T01:00+02:00").day.day
    (1, None, 31)
    """
    try:
        read = datetime.fromisoformat(text.strip())
        told = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Moment(told.date(), None if len(text.strip()) <= len("2025-06-01") else told)
