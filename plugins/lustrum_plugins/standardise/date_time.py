"""The time of day that may stand behind a date, and the zone behind that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

_TIME = re.compile(
    r"""(?:T|[\s,]+(?:at\s+|um\s+|à\s+)?)
    (?:(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?|(?P<only>\d{1,2})(?=\s?[ap]))
    \s*(?P<half>[ap]\.?\s?m\.?)?\s*(?:Uhr)?
    \s*(?P<zone>Z|UTC|GMT|(?:(?:UTC|GMT)\s?)?[+\-−]\d{2}:?(?:\d{2})?)?$""",
    re.VERBOSE | re.IGNORECASE,
)
_NOON = 12


class NoSuchTime(ValueError):  # never leaves this family: the step says `no_such_time`
    """The hours, minutes or zone that were read do not exist."""


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time, with the offset that was written behind it if there was one."""

    clock: time
    offset: timezone | None = None


def part_time(text: str) -> tuple[str, TimeOfDay | None]:
    """Part a text into the date and the time behind it.

    >>> part_time("3/4/2024 2:30 PM"), part_time("2024-04-03")
    (('3/4/2024', TimeOfDay(clock=datetime.time(14, 30), offset=None)), ('2024-04-03', None))
    """
    match = _TIME.search(text)
    if match is None or not text[: match.start()].strip():
        return text, None
    return text[: match.start()].strip(" ,"), TimeOfDay(_clock(match), _offset(match["zone"]))


def _clock(match: re.Match[str]) -> time:
    hour, half = int(match["hour"] or match["only"]), (match["half"] or "")[:1].lower()
    if half and not 1 <= hour <= _NOON:
        raise NoSuchTime(f"there is no {match[0].strip()}")
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    micros = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    try:
        return time(hour, int(match["minute"] or 0), int(match["second"] or 0), micros)
    except ValueError:
        raise NoSuchTime(f"there is no {match[0].strip()}") from None


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    sign = re.search(r"([+\-−])(\d{2}):?(\d{2})?", text)
    if sign is None:
        return UTC
    shift = timedelta(hours=int(sign[2]), minutes=int(sign[3] or 0))
    if shift >= timedelta(hours=15):
        raise NoSuchTime(f"no zone is {text} from UTC")
    return timezone(shift if sign[1] == "+" else -shift)


def with_zone(moment: datetime, zone: ZoneInfo | None) -> datetime:
    """Give a local time its zone. Raises `NoSuchTime` for one that the zone skips or has twice.

    >>> with_zone(datetime(2024, 4, 3, 14), ZoneInfo("Europe/Rome")).isoformat()
    '2024-04-03T14:00:00+02:00'
    """
    if zone is None or moment.tzinfo is not None:
        return moment
    once, again = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if once.utcoffset() != again.utcoffset():
        raise NoSuchTime(f"{moment:%Y-%m-%d %H:%M} is skipped or comes twice in {zone.key}")
    return once
