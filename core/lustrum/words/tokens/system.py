"""The values of the `system` tokens."""

from __future__ import annotations

from datetime import datetime


def system_tokens(start: datetime) -> dict[str, str]:
    """Give the values of the `system` tokens for a run that started then (a datetime with its zone).

    >>> from datetime import timedelta, timezone
    >>> system_tokens(datetime(2024, 1, 1, 16, 36, 13, tzinfo=timezone(timedelta(hours=1))))
    {'date': '2024-01-01', 'time': '16:36:13', 'date_time': '2024-01-01T16:36:13+01:00'}
    """
    return {
        "date": start.date().isoformat(),
        "time": start.time().isoformat("seconds"),
        "date_time": start.isoformat(timespec="seconds"),
    }
