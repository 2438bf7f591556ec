"""How long each step takes for one value, over its reviewed cases."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import Any

import polars as pl

from lustrum.contracts.steps import Step
from lustrum.files.fixtures import Case, load_fixtures
from lustrum.planning.registry import Registry
from lustrum.words.fields import FieldType, parse_cells

FIXTURES = Path(__file__).parents[2] / "fixtures"
FAMILIES = ("standardise.", "enrich.", "qualify.")
ROUNDS = 7
SLOW = 50
"""From how many microseconds on the page says why."""


@dataclass(frozen=True, slots=True)
class Time:
    """The time of a step for one value, in microseconds: of the median case, and of the slowest."""

    step: str
    cases: int
    median: float
    slowest: float


def times(named: Collection[str] = ()) -> Iterator[Time]:
    """Time the steps named, else every step that is asked for values; a step of frames the engine's tests time."""
    steps = Registry.load().steps
    for name in sorted(name for name in named or steps if name.startswith(FAMILIES)):
        step = steps[name][0].step
        if not step.signature.batch and step.parameters and (FIXTURES / name).is_dir():
            yield _time(step)


def _time(step: Step[..., object]) -> Time:
    cases = [case for table in load_fixtures(FIXTURES / step.name) for case in table.cases]
    micros = [taken for case in cases if (taken := _micros(step, case)) is not None]
    return Time(step.name, len(micros), median(micros), max(micros))


def _micros(step: Step[..., object], case: Case) -> float | None:
    """Give the shortest of some rounds of calls with what is given, or None where a needed field is empty."""
    given = {each.name: _cell(case.given.get(each.name), each.type) for each in step.parameters}
    if any(given[each.name] is None for each in step.parameters if each.needed):
        return None
    options = step.options.validate(case.options, {"root": FIXTURES / step.name})
    return min(_once(step, given, options) for _ in range(ROUNDS)) / 1000


def _cell(text: str | None, kind: FieldType) -> Any:
    return text if text is None or kind is FieldType.TEXT else parse_cells(pl.Series([text]), kind)[0]


def _once(step: Step[..., object], given: dict[str, Any], options: dict[str, Any]) -> int:
    begun = perf_counter_ns()
    step(**given, **options)
    return perf_counter_ns() - begun
