"""The kit's `run_step`: one step over some leads, through the real planner and engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lustrum import (
    KEEP,
    Answer,
    Attempt,
    Failed,
    FieldName,
    Keep,
    Moment,
    ProjectFile,
    Skip,
    Template,
    Transient,
    step,
)
from lustrum.engine.given import Given, NoWait
from lustrum.testing import run_step
from lustrum.testing.steps import START
from lustrum.words.errors import ProjectError


@step("acme.shout")
def shout(company: str, *, mark: str = "!") -> str | Failed | Skip:
    if "?" in company:
        return Failed("unclear", "who?", ("a", "b"))
    return Skip("loud_enough") if company.isupper() else company.upper() + mark


@dataclass(frozen=True)
class Name:
    first_name: str | Keep | None = KEEP
    last_name: str | Keep | None = KEEP


@step("acme.split")
def split(full_name: str) -> Name:
    first, _, last = full_name.partition(" ")
    return Name(first, last or KEEP)


@step("acme.note")
def note(*, type: str = "Web", text: Template) -> Moment | Skip:  # noqa: A002  # an option's name
    del type
    return Moment("Web", text) if text else Skip("empty")


@step("acme.fill", writes=lambda options: [options["field"]])
def fill(*, field: FieldName, value: Template) -> str:
    del field
    return value


@step("acme.lines", writes=["note"])
def lines(key: str, *, table: ProjectFile) -> str:
    return f"{key} of {len(table.read_text(encoding='utf-8').splitlines())}"


@step("acme.whole", reads=["city"], writes=["city"])
def whole(leads: pl.DataFrame) -> pl.DataFrame:
    return leads.with_columns(pl.col("city").str.to_uppercase(), _code=pl.when(pl.col("city") == "?").then(pl.lit("x")))


@step("acme.spread", writes=["city", "state"])
def spread(place: str) -> Mapping[str, str]:
    return {"city": place}


def test_leads_become_what_the_step_makes_of_them() -> None:
    run = run_step(shout, [{"company": "acme", "other": "x"}, {"company": "acme?", "other": None}], mark="!!")
    assert run.leads == [{"company": "ACME!!", "other": "x"}, {"company": "acme?", "other": None}]
    assert run.moments == []


def test_every_outcome_reads_as_one_word_and_its_reason() -> None:
    rows = [{"company": value} for value in ("acme", "ACME", "who?", None, "")]
    assert run_step(shout, rows).outcomes == [
        "changed",
        "skipped:loud_enough",
        "failed:unclear",
        "skipped:empty",
        "skipped:empty",
    ]
    assert run_step(fill, [{"note": "x"}], field="note", value="x").outcomes == ["unchanged"]


def test_the_full_result_is_there() -> None:
    result = run_step(shout, [{"company": "who?"}]).result
    assert result.quarantine["code"].to_list() == ["unclear"]
    assert result.details["message"].to_list() == ["who? (could be: a, b)"]


def test_fields_the_leads_lack_are_added_empty() -> None:
    assert run_step(split, [{"full_name": "Ada Lovelace"}, {"full_name": "Ada"}]).leads == [
        {"full_name": "Ada Lovelace", "first_name": "Ada", "last_name": "Lovelace"},
        {"full_name": "Ada", "first_name": "Ada", "last_name": None},
    ]
    assert run_step(shout, [{"other": "x"}]).leads == [{"other": "x", "company": None}]
    assert run_step(spread, [{"place": "Rome"}]).leads == [{"place": "Rome", "city": "Rome", "state": None}]


def test_fields_are_named_by_either_spelling() -> None:
    assert run_step(split, [{"Full Name": "Ada Lovelace"}]).leads[0]["first_name"] == "Ada"


def test_reads_and_writes_may_be_bound_to_other_fields() -> None:
    run = run_step(shout, [{"firm": "acme"}], reads={"company": "firm"}, writes={"company": "loud"})
    assert run.leads == [{"firm": "acme", "loud": "ACME!"}]


def test_a_batch_step_is_run_too() -> None:
    run = run_step(whole, [{"city": "rome"}, {"city": "?"}])
    assert (run.leads, run.outcomes) == ([{"city": "ROME"}, {"city": "?"}], ["changed", "failed:x"])


def test_values_have_the_type_of_their_field() -> None:
    @step("acme.next")
    def following(on: date, times: int | None) -> date:
        return on.replace(year=on.year + (times or 0))

    assert run_step(following, [{"on": date(2026, 1, 31), "times": 2}]).leads[0]["on"] == date(2028, 1, 31)
    assert run_step(following, [{"on": None, "times": "2"}]).outcomes == ["skipped:empty"]


def test_moments_are_given_with_their_text() -> None:
    run = run_step(note, [{"city": "Rome"}, {"city": None}], text="{{lead.city}}")
    assert run.moments == [{"key": "1", "type": "Web", "text": "Rome", "path": "acme.note"}]
    assert run.outcomes == ["unchanged", "skipped:empty"]


def test_fields_a_template_asks_for_are_added_empty() -> None:
    assert run_step(fill, [{"a": "x"}], field="b", value="{{lead.a}}-{{lead.c:default=none}}").leads == [
        {"a": "x", "b": "x-none", "c": None}
    ]


def test_files_are_found_from_the_root(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("a\nb\n", encoding="utf-8")
    assert run_step(lines, [{"key": "k"}], root=tmp_path, table="table.csv").leads[0]["note"] == "k of 2"


def test_a_step_is_retried_with_each_of_its_strategies() -> None:
    tried: list[int] = []

    @step("acme.guess", strategies=("exact", "typo"))
    def guess(city: str, *, attempt: Attempt) -> str | Failed:
        tried.append(attempt.number)
        return "Rome" if attempt.tries("typo") else Failed("unknown", city)

    assert run_step(guess, [{"city": "Rmoe"}]).leads == [{"city": "Rome"}]
    assert tried == [1, 2]


def test_transient_failures_are_tried_again_without_waiting() -> None:
    failures = [Transient("busy"), Transient("busy", retry_after=5)]

    @step("acme.ask")
    def ask(city: str) -> str:
        if failures:
            raise failures.pop()
        return city.upper()

    clock = NoWait()
    assert run_step(ask, [{"city": "x"}], given=Given("test", START, clock=clock)).outcomes == ["changed"]
    assert len(clock.waits) == 2


def test_a_step_that_raises_fails_for_that_lead() -> None:
    @step("acme.raise")
    def fails(city: str) -> Answer[str]:
        raise LookupError(city)

    run = run_step(fails, [{"city": "x"}])
    assert run.outcomes == ["failed:step_raised"]
    assert run.result.details["message"][0].startswith("test_steps.py:")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"reads": {"firm": "company"}}, 'acme.shout reads no "firm"'),
        ({"writes": {"firm": "company"}}, 'acme.shout writes no "firm"'),
        ({"marks": "?"}, 'acme.shout has no option "marks"; did you mean "mark"?'),
    ],
)
def test_wrong_options_reads_and_writes_are_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(ProjectError) as error:
        run_step(shout, [{"company": "acme"}], **given)  # type: ignore[arg-type]  # wrong on purpose
    assert message in str(error.value)


def test_no_leads_are_no_trouble() -> None:
    run = run_step(shout, [])
    assert (run.leads, run.outcomes) == ([], [])


@step("acme.tidy_parts", writes=lambda options: options["parts"])
def tidy_parts(first: str, last: str, *, parts: tuple[str, ...] = ("first",)) -> Mapping[str, str]:
    return {name: text.title() for name, text in (("first", first), ("last", last)) if name in parts}


def test_what_options_say_is_written_goes_where_it_was_read() -> None:
    run = run_step(tidy_parts, [{"vorname": "jo", "last": "doe"}], reads={"first": "vorname"})
    assert run.leads == [{"vorname": "Jo", "last": "doe"}]
