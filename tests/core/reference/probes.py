"""A plugin whose steps do what the cells tell them, for campaigns made at random.

`bad` and `worse` fail, `skip` skips, `boom` raises, `keep` leaves fields alone, all else becomes capital. `probe.flaky`
fails transiently at first, less than five times in all, by the lead's key.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import polars as pl

from lustrum import KEEP, Answer, Attempt, Failed, Keep, Moment, Skip, Step, Template, Transient, hookimpl, step

PATIENCE = {"1": 1, "2": 2, "3": 1}
asked: Counter[tuple[str, str]] = Counter()


def _answer(value: str) -> str | Failed | Skip:
    if value in ("bad", "worse"):
        return Failed(f"{value}_value", value)
    if value == "boom":
        raise ValueError(value)
    return Skip("as_told") if value == "skip" else value.upper()


def _busy(name: str, lead: str, after: float | None = None) -> None:
    asked[name, lead] += 1
    if asked[name, lead] <= PATIENCE.get(lead, 0):
        raise Transient("busy", code=f"{name}_busy", retry_after=after)


@step("probe.tidy")
def tidy(value: str) -> str | Failed | Skip:
    return _answer(value)


@step("probe.mend")
def mend(value: str | None, hint: str | None) -> str | Answer[str] | Failed:
    if not hint:
        return Failed("no_hint", str(value))
    return Answer(f"{value or ''}{hint}"[:2], "a reason")


@step("probe.guess", strategies=("plain", "hint", "any"))
def guess(value: str, hint: str | None, *, attempt: Attempt) -> str | Failed | Skip:
    if value == "bad" and attempt.tries("hint") and hint:
        return _answer(hint)
    return "ANY" if value == "worse" and attempt.tries("any") else _answer(value)


@dataclass(frozen=True)
class Pair:
    left: str | Keep | None = KEEP
    right: str | Keep | None = KEEP


@step("probe.part")
def part(value: str, other: str | None) -> Pair | Failed:
    if value == "keep":
        return Pair(right=other)
    return Failed("odd", value) if value == "odd" else Pair(value[:1], None if value == "x" else value[1:])


@step("probe.flaky")
def flaky(value: str, id: str) -> str | Failed | Skip:  # noqa: A002  # the key's name
    _busy("flaky", id)
    return _answer(value)


@step("probe.slow", strategies=("one", "two"))
def slow(value: str | None, id: str, *, attempt: Attempt) -> str | Failed | Skip:  # noqa: A002  # the key's name
    _busy("slow", id, 7.0)
    return Failed("slow_value") if value == "bad" and not attempt.tries("two") else _answer(value or "none")


@step("probe.tell")
def tell(value: str | None, *, text: Template) -> Moment | Failed | Skip:
    if value == "bad":
        return Failed("not_told")
    return Moment("Web", text) if text else Skip("empty")


@step("probe.grade", reads=["a", "b"], writes=["c"])
def grade(leads: pl.DataFrame) -> pl.DataFrame:
    return leads.select(
        c=pl.concat_str(pl.col("a").fill_null("-"), pl.col("b").fill_null("-")).str.slice(0, 2),
        _code=pl.when(pl.col("a") == "bad").then(pl.lit("no_grade")),
    )


@hookimpl
def lustrum_steps() -> list[Step]:
    return [tidy, mend, guess, part, flaky, slow, tell, grade]
