"""`standardise.date`: ISO 8601, and nothing guessed."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lustrum import Answer, Fact, Failed
from lustrum.testing import run_step
from lustrum_plugins.standardise.date import date
from lustrum_plugins.standardise.date_order import DATE_ORDER
from lustrum_plugins.standardise.date_time import NoSuchTime, part_time
from lustrum_plugins.standardise.date_words import months

CODES = {"ambiguous", "no_such_date", "no_such_time", "unlikely_year", "placeholder", "not_a_date"}
Day = datetime.date
DAYS = st.dates(Day(1850, 1, 1), Day(2150, 12, 31))


def written(said: Answer | Failed) -> str:
    assert isinstance(said, Answer), said
    return str(said.value)


def learnt(*cells: str | None, batches: int = 1) -> str | None:
    """Learn of a column in some batches, in any order."""
    size = -(-len(cells) // batches)
    parts: list[Sequence[str | None]] = [cells[at : at + size] for at in range(0, len(cells), size)]
    random.Random(1).shuffle(parts)  # noqa: S311 - any order will do
    summaries = [DATE_ORDER.summarise(pl.DataFrame({"date": pl.Series(part, dtype=pl.String)})) for part in parts]
    summary = summaries[0]
    for other in summaries[1:]:
        summary = DATE_ORDER.merge(other, summary)
    return DATE_ORDER.decide(summary)


@pytest.mark.parametrize(
    ("cells", "fact"),
    [
        (("25/04/2024", "03/04/2024"), "day_first"),
        (("4/25/2024", "3/4/2024"), "month_first"),
        (("25/04/2024", "04/25/2024", "03/04/2024"), "mixed"),
        (("03/04/2024", "05/06/2024"), None),
        (("25/13/2024", "41/45/2024"), None),
        (("2024-04-25", "25 April 2024", None), None),
        (("25/04/2024", *["01/02/2024"] * 10), None),
        (("25/04/24", "3/4/24"), "day_first"),
        (("45383", "45384", None), "serials"),
        (("45383", "Rome"), None),
        ((), None),
        ((None,), None),
    ],
)
@pytest.mark.parametrize("batches", [1, 2])
def test_a_column_tells_its_order_where_dates_can_be_read_one_way_only(
    cells: tuple[str | None, ...], fact: str | None, batches: int
) -> None:
    assert learnt(*(cells or (None,)), batches=batches) == fact


def test_the_order_of_a_column_reaches_every_date_of_it() -> None:
    rows = [{"date": "03/04/2024"}, {"date": "25/12/2023"}]
    assert [lead["date"] for lead in run_step(date, rows).leads] == ["2024-04-03", "2023-12-25"]


@given(DAYS)
def test_what_is_written_is_right_as_it_is(day: Day) -> None:
    assert date(day.isoformat()) == Answer(day.isoformat())


@given(DAYS, st.sampled_from(["{d}/{m}/{y:04}", "{d:02}-{m:02}-{y:04}", "{d}.{m}.{y:04}", "{y:04}/{m}/{d}"]))
def test_a_day_written_in_numbers_comes_back_or_is_ambiguous(day: Day, form: str) -> None:
    said = date(form.format(d=day.day, m=day.month, y=day.year))
    readings = said.candidates if isinstance(said, Failed) else (written(said),)
    assert readings[0] == day.isoformat()
    assert written(date(form.format(d=day.day, m=day.month, y=day.year), order="day_first")) == day.isoformat()


@given(DAYS, st.sampled_from(sorted(months())))
@example(Day(2024, 10, 3), "deireadh fómhair")
@example(Day(2024, 9, 3), "meán fómhair")
def test_a_month_in_words_is_one_of_those_it_names(day: Day, word: str) -> None:
    said = date(f"{day.day} {word} {day.year}")
    readings = said.candidates if isinstance(said, Failed) else (written(said),)
    assert isinstance(said, Answer) or said.code in {"ambiguous", "no_such_date"}
    assert {int(reading[5:7]) for reading in readings} <= months()[word]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 Deireadh Fómhair 2024", "2024-10-03"),
        ("Dé Luain 30  Meán Fómhair, 2024", "2024-09-30"),
        ("MEÁN FÓMHAIR 2024", "2024-09"),
        ("3 DFómh 2024", "2024-10-03"),
    ],
)
def test_a_month_may_have_two_words(text: str, day: str) -> None:
    assert written(date(text)) == day


@given(st.text(max_size=40) | st.from_regex(r"[0-9 /.:TZapm+-]{0,24}", fullmatch=True))
def test_any_text_is_answered_with_a_standard_date_or_a_known_code(text: str) -> None:
    said = date(text)
    assert isinstance(said, Answer) or said.code in CODES
    if isinstance(said, Answer):
        assert date(written(said)) == Answer(said.value)


@given(st.text(max_size=20), st.sampled_from([" ", "\t", "\u00a0", "\n"]))
def test_blanks_around_a_date_make_no_difference(text: str, blank: str) -> None:
    around, alone = date(f"{blank}{text}{blank}"), date(text)
    assert (getattr(around, "value", None), getattr(around, "code", None)) == (
        getattr(alone, "value", None),
        getattr(alone, "code", None),
    )


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2024-04-03 12:00 AM", "00:00:00"),
        ("2024-04-03 12:30 p.m.", "12:30:00"),
        ("2024-04-03 3 PM", "15:00:00"),
        ("3.4.2024 14.30 Uhr", "14:30:00"),
        ("3/4/2024 14h30", "14:30:00"),
        ("2024-04-03T14:30:05.5", "14:30:05.500000"),
    ],
)
def test_times_are_read_as_people_write_them(text: str, clock: str) -> None:
    _, time = part_time(text)
    assert time
    assert time.clock.isoformat() == clock


@pytest.mark.parametrize("text", ["2024-04-03 13:00 PM", "2024-04-03 14:60", "2024-04-03 14:00+15:00"])
def test_times_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(NoSuchTime):
        part_time(text)


def test_an_unknown_zone_is_refused_when_the_campaign_is_loaded() -> None:
    with pytest.raises(Exception, match="Rome is no time zone"):
        run_step(date, [{"date": "2024-04-03"}], zone="Rome")


def test_the_column_wins_over_what_dots_tell() -> None:
    assert written(date("03.04.2024", learnt=Fact("month_first"))) == "2024-03-04"
