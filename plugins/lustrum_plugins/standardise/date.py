"""The step that standardises a date."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from lustrum import Answer, Fact, Failed, step
from lustrum_plugins.standardise.characters import one_line
from lustrum_plugins.standardise.date_order import DATE_ORDER, DateOrder
from lustrum_plugins.standardise.date_reading import Reading, Readings, read_date
from lustrum_plugins.standardise.date_time import NoSuchTime, TimeOfDay, part_time, with_zone
from lustrum_plugins.standardise.placeholders import is_placeholder

_LONGEST = 60
_YEARS = range(1850, 2151)
_NOTHING = frozenset({"0000-00-00", "00/00/0000", "00.00.0000", "0/0/0000", "1900-01-00", "00-00-0000", "0"})

Order = Literal["learnt", "day_first", "month_first"]


def _zone(name: str | None) -> str | None:
    if name is not None:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{name} is no time zone; write one as Europe/Rome") from None
    return name


@step("standardise.date", learns=DATE_ORDER)
def date(
    date: str,
    *,
    order: Order = "learnt",
    pivot: Annotated[int, Field(ge=0, le=99)] | None = None,
    zone: Annotated[str | None, AfterValidator(_zone)] = None,
    time: Literal["keep", "drop"] = "keep",
    learnt: Fact = Fact(),  # noqa: B008 - a Fact is frozen
) -> Answer | Failed:
    """Write a date as ISO 8601.

    Reads ISO, numbers (3/4/2024, 3.4.2024, 2024年4月3日), months by their names in more than fifty languages, and,
    where the whole column is so, Excel's days since 1900. What was not written is not invented: "April 2024" becomes
    2024-04.

    The order of 3/4/2024 is learnt from the whole column: where dates such as 25/4/2024 stand beside it, and none such
    as 4/25/2024. Where nothing tells, or both stand there, such a date is `ambiguous`. With dots it begins with the
    day.

    Options: `order` says the order (`day_first`, `month_first`) instead of learning it. `pivot`: two-digit years up to
    it are of this century, others of the last (without it they are ambiguous). `zone` is the zone of times that have
    none; `time: drop` leaves times out.

    Fails with `ambiguous` (with the readings as candidates), `no_such_date` (30 February), `no_such_time`,
    `unlikely_year` (before 1850 or after 2150: other calendars, typing errors), `placeholder`, `not_a_date`.

    >>> date("3. April 2024").value, date("25/12/2023 2:30 PM").value, date("Apr 2024").value
    ('2024-04-03', '2023-12-25T14:30:00', '2024-04')
    >>> date("03/04/2024").candidates, date("03/04/2024", learnt=Fact("month_first")).value
    (('2024-04-03', '2024-03-04'), '2024-03-04')
    """
    text = one_line(date)
    if text in _NOTHING or is_placeholder(text):
        return Failed("placeholder", f"“{text}” stands for a date not told")
    known = DateOrder(order) if order != "learnt" else DateOrder.of(learnt.value)
    try:
        day, clock = part_time(text[:_LONGEST])
        readings = read_date(day, known, pivot)
        if readings is None:
            return Failed("not_a_date", f"“{text}” is no date we can read")
        return _answer(text, readings, clock if time == "keep" else None, ZoneInfo(zone) if zone else None)
    except NoSuchTime as error:
        return Failed("no_such_time", str(error))


def _answer(text: str, readings: Readings, clock: TimeOfDay | None, zone: ZoneInfo | None) -> Answer | Failed:
    there = [reading for reading in readings.found if reading.exists]
    if not there:
        return Failed("no_such_date", f"“{text}”: there is no such day")
    likely = [reading for reading in there if reading.year in _YEARS]
    if not likely:
        return Failed("unlikely_year", f"“{text}”: the year {there[0].year} is another calendar's, or mistyped")
    written = [_written(reading, clock, zone) for reading in likely]
    if readings.doubt:
        return Failed("ambiguous", readings.doubt, candidates=tuple(dict.fromkeys(written)))
    return Answer(written[0], reason="" if written[0] == text else readings.why)


def _written(reading: Reading, clock: TimeOfDay | None, zone: ZoneInfo | None) -> str:
    if clock is None or reading.month is None or reading.day is None:
        return str(reading)
    moment = datetime(reading.year, reading.month, reading.day).replace(  # noqa: DTZ001 - its zone, if any, comes next
        hour=clock.clock.hour,
        minute=clock.clock.minute,
        second=clock.clock.second,
        microsecond=clock.clock.microsecond,
        tzinfo=clock.offset,
    )
    return with_zone(moment, zone).isoformat().replace("+00:00", "Z")
