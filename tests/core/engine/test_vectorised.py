"""A step that says the same of many inputs at once: what it claims is not asked of its function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import polars as pl
import pytest

from lustrum import KEEP, Answer, Attempt, Failed, Keep, Skip, Step, step
from lustrum.contracts.signature import StepContractError
from lustrum.engine.given import Given
from lustrum.testing import broken_laws, run_step
from lustrum.testing.steps import START

CITY = pl.col("city").alias("value")
ROWS = [{"city": text} for text in ("rome", "", "oslo", "x", "bergen", "oslo", None)]


def said_at_once(inputs: pl.DataFrame, *, mark: str = "!", attempt: Attempt | None = None) -> pl.DataFrame:
    del attempt
    city = pl.col("city")
    return inputs.select(
        pl.when(city != "x").then(city.str.to_uppercase() + mark).alias("value"),
        pl.when(city == "x").then(pl.lit("not_a_city")).alias("_code"),
        pl.when(city == "x").then(pl.lit("a city has more letters")).alias("_message"),
        pl.when(city == "rome").then(pl.lit("eternal")).otherwise(pl.lit("")).alias("_reason"),
        (city != "bergen").alias("_claimed"),
    )


def shouting(
    vectorised: Callable[..., pl.DataFrame] | None = said_at_once,
) -> tuple[Step[..., str | Answer[str] | Failed], list[str]]:
    asked: list[str] = []

    @step("acme.shout", vectorised=vectorised, strategies=("loud", "louder"))
    def shout(city: str, *, mark: str = "!", attempt: Attempt | None = None) -> str | Answer[str] | Failed:
        del attempt
        asked.append(city)
        if city == "x":
            return Failed("not_a_city", "a city has more letters")
        return Answer(city.upper() + mark, reason="eternal") if city == "rome" else city.upper() + mark

    return shout, asked


def test_only_what_is_not_claimed_is_asked_of_the_function() -> None:
    shout, asked = shouting()
    run = run_step(shout, ROWS)
    assert asked == ["bergen"]
    assert [lead["city"] for lead in run.leads] == ["ROME!", None, "OSLO!", "x", "BERGEN!", "OSLO!", None]
    assert run.outcomes[1:4] == ["skipped:empty", "changed", "failed:not_a_city"]
    assert run.result.trail["reason"].to_list() == ["eternal", None, None, None]
    assert run.result.quarantine.select("message", "attempts", "inputs").rows() == [
        ("a city has more letters", 2, '{"city":"x"}')
    ]


@pytest.mark.parametrize(("leads", "asked"), [(3, ["oslo 0", "oslo 1", "oslo 2"]), (4, [])])
def test_of_few_inputs_the_function_is_quicker(leads: int, asked: list[str]) -> None:
    shout, calls = shouting()
    rows = [{"city": f"oslo {number}"} for number in range(leads)]
    run = run_step(shout, rows, given=Given("test", START, at_once_from=4))
    assert [lead["city"] for lead in run.leads] == [f"OSLO {number}!" for number in range(leads)]
    assert calls == asked


def test_both_ways_say_the_same() -> None:
    assert broken_laws(shouting()[0], ROWS, laws=["vectorised"], mark="?") == []


def test_a_form_that_says_otherwise_breaks_a_law() -> None:
    shout, _ = shouting(giving(CITY))
    found = broken_laws(shout, [{"city": "oslo"}], laws=["vectorised"])
    assert len(found) == 1
    assert found[0].startswith("vectorised: {'city': 'oslo'} is {'city': 'oslo'} unchanged, not {'city': 'OSLO!'} ")


def raises(inputs: pl.DataFrame, **_: object) -> pl.DataFrame:
    raise SystemExit(inputs.height)


def no_frame(inputs: pl.DataFrame, **_: object) -> pl.DataFrame:
    return cast("pl.DataFrame", str(inputs))


def giving(*columns: pl.Expr) -> Callable[..., pl.DataFrame]:
    def form(inputs: pl.DataFrame, **_: object) -> pl.DataFrame:
        return inputs.select(columns)

    return form


@pytest.mark.parametrize(
    "form",
    [
        raises,
        no_frame,
        giving(CITY.filter(pl.lit(value=False))),
        giving(pl.col("city")),
        giving(pl.lit(1).alias("value")),
        giving(CITY, pl.lit(1).alias("_code")),
        giving(CITY, pl.lit("yes").alias("_claimed")),
        giving(CITY, pl.lit("rome").alias("_candidates")),
    ],
)
def test_a_form_that_cannot_be_used_leaves_all_to_the_function(form: Callable[..., pl.DataFrame]) -> None:
    shout, asked = shouting(form)
    with pytest.warns(RuntimeWarning, match="the vectorised form of acme.shout (raised|answered)"):
        run = run_step(shout, ROWS[:1])
    assert run.leads == [{"city": "ROME!"}]
    assert asked == ["rome"]


@dataclass(frozen=True)
class Parts:
    town: str | Keep | None = KEEP
    land: str | Keep | None = KEEP


def parted(inputs: pl.DataFrame) -> pl.DataFrame:
    parts = pl.col("place").str.split(",")
    return inputs.select(
        parts.list.get(0).alias("town"),
        parts.list.get(1, null_on_oob=True).alias("land"),
        (parts.list.len() < 2).alias("_keep_land"),
        pl.when(pl.col("place") == "-").then(pl.lit("nowhere")).alias("_skipped"),
    )


@step("acme.part", vectorised=parted)
def part(place: str) -> Parts | Skip:
    if place == "-":
        return Skip("nowhere")
    town, _, land = place.partition(",")
    return Parts(town, land if "," in place else KEEP)


def test_several_fields_are_written_or_kept() -> None:
    rows = [{"place": text, "land": "NO"} for text in ("Oslo", "Rome,IT", "Bonn,", "-")]
    run = run_step(part, rows)
    assert [(lead["town"], lead["land"]) for lead in run.leads] == [
        ("Oslo", "NO"),
        ("Rome", "IT"),
        ("Bonn", None),
        (None, "NO"),
    ]
    assert run.outcomes[3] == "skipped:nowhere"
    assert broken_laws(part, rows, laws=["vectorised"]) == []


def hesitating(inputs: pl.DataFrame) -> pl.DataFrame:
    city = pl.col("city")
    several = city.str.split("/")
    return inputs.select(
        pl.when(city != "x/y").then(several.list.first()).alias("value"),
        pl.when(city == "x/y").then(pl.lit("ambiguous")).alias("_code"),
        pl.when(several.list.len() > 1).then(several).alias("_candidates"),
    )


@step("acme.choose", vectorised=hesitating)
def choose(city: str) -> Answer[str] | Failed:
    first, *others = city.split("/")
    candidates = (first, *others) if others else ()
    return Failed("ambiguous", candidates=candidates) if city == "x/y" else Answer(first, candidates=candidates)


def test_readings_are_told_with_what_a_step_answers_and_where_it_fails() -> None:
    rows = [{"city": text} for text in ("oslo", 'b"rgen/rome', "x/y")]
    run = run_step(choose, rows)
    assert run.outcomes == ["unchanged", "changed", "failed:ambiguous"]
    assert run.result.quarantine["message"].to_list() == ["could be: x, y"]
    assert broken_laws(choose, rows, laws=["vectorised"]) == []


def test_what_is_no_value_step_cannot_be_vectorised() -> None:
    with pytest.raises(StepContractError, match="nothing to be vectorised"):

        @step("acme.frames", reads=["city"], writes=["city"], vectorised=said_at_once)
        def frames(leads: pl.DataFrame) -> pl.DataFrame:
            return leads
