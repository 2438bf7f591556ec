"""Running one step over some leads, through the real planner and engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import ValidationError

from lustrum.contracts.steps import Step
from lustrum.engine.execute import execute
from lustrum.engine.given import Given
from lustrum.engine.learning import Lessons
from lustrum.engine.result import Result
from lustrum.planning.bindings import StepCall
from lustrum.planning.calls import CallBinder, Usage, fields_bound
from lustrum.planning.campaign_tree import Campaign, Entry, Repeat, Retry, Variant
from lustrum.planning.findings import Findings
from lustrum.planning.plan import Plan, Schema
from lustrum.planning.plugins import Plugin
from lustrum.planning.registry import Offered
from lustrum.testing.leads import Row, batch_of, rows_of, types_of
from lustrum.words.durations import parse_waits
from lustrum.words.fields import FieldType
from lustrum.words.places import Place
from lustrum.words.tokens import parse_text

START = datetime(2026, 1, 31, 3, tzinfo=UTC)
"""When every run of the kit starts, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class StepRun:
    """What a step did: the leads as they became, an outcome for each, moments, and the engine's full result.

    An outcome reads `changed`, `unchanged`, `skipped:empty`, `failed:ambiguous` …
    """

    leads: list[dict[str, Any]]
    outcomes: list[str]
    moments: list[dict[str, Any]]
    result: Result


def run_step(
    step: Step[..., object],
    rows: Sequence[Row],
    /,
    *,
    options: Mapping[str, Any] | None = None,
    reads: Mapping[str, str] | None = None,
    writes: Mapping[str, str] | None = None,
    root: Path | None = None,
    given: Given | None = None,
    source: Sequence[Row] | None = None,
    **more: Any,
) -> StepRun:
    """Run a step over leads; fields it reads or writes and the leads lack are added, empty.

    The step's options are keywords, or stand in `options` where one has a name this function uses itself. They are
    validated as a campaign's are. A step that learns does so from `source` (default: the leads themselves). Raises
    `ProjectError` where options, reads or writes are wrong.

    >>> from lustrum import step
    >>> @step("acme.shout")
    ... def shout(company: str, *, mark: str = "!") -> str:
    ...     return company.upper() + mark
    >>> run = run_step(shout, [{"company": "acme"}, {"company": None}], mark="?")
    >>> run.leads, run.outcomes
    ([{'company': 'ACME?'}, {'company': None}], ['changed', 'skipped:empty'])
    """
    usage = Usage({**(options or {}), **more}, dict(reads or {}), dict(writes or {}))
    schema = _schema(step, rows, usage, root or Path())
    call = _bind(step, usage, schema, root or Path())
    plan = Plan((_campaign(step, call),), schema, (), START, "")
    batch = batch_of(rows, schema)
    lessons = Lessons(plan)
    lessons.hear(batch_of(source if source is not None else rows, schema).frame)
    result = execute(plan, batch, given or Given("test", START, facts=lessons.decide(), at_once_from=1))
    return StepRun(rows_of(result.leads), outcome_texts(result, step.name), moments_of(result), result)


def outcome_texts(result: Result, path: str) -> list[str]:
    """Give an entry's outcome for each lead as text, empty where the lead did not reach it."""
    said = result.details.filter(result.details["path"] == path)
    codes = dict(zip(said["row"].to_list(), said["code"].to_list(), strict=True))
    texts: list[str | None] = result.outcomes[path].cast(pl.String).to_list()
    return [f"{text}:{codes[row]}" if text in ("skipped", "failed") else text or "" for row, text in enumerate(texts)]


def moments_of(result: Result) -> list[dict[str, Any]]:
    """Give the interesting moments: key, type, text, path."""
    keyed = result.effects.with_columns(result.keys.gather(result.effects["row"]).alias("key"))
    return rows_of(keyed.filter(keyed["kind"] == "moment").select("key", "type", "text", "path"))


def _schema(step: Step[..., object], rows: Sequence[Row], usage: Usage, root: Path) -> Schema:
    types = types_of(rows)
    known = list(types)
    for name, kind in (*_bound(step, usage, root), *_tokens(step, usage)):
        if types.get(name, FieldType.TEXT) is FieldType.TEXT:
            types[name] = kind or FieldType.TEXT
    new = tuple(name for name in types if name not in known)
    return Schema(types, {name: name for name in types}, new, None)


def _bound(step: Step[..., object], usage: Usage, root: Path) -> list[tuple[str, FieldType | None]]:
    try:
        options = step.options.validate(usage.options, {"root": root})
    except ValidationError:
        return []  # the binder, which comes next, says what is wrong
    return fields_bound(step, options, usage)


def _tokens(step: Step[..., object], usage: Usage) -> list[tuple[str, FieldType]]:
    texts = [str(usage.options[name]) for name in step.options.templates if name in usage.options]
    return [(name, FieldType.TEXT) for text in texts for name in parse_text(text).lead_fields]


def _bind(step: Step[..., object], usage: Usage, schema: Schema, root: Path) -> StepCall:
    findings = Findings()

    def place_of(*path: str | int) -> Place:
        return Place(".".join(str(part) for part in path) or step.name)

    offered = Offered(step, Plugin("test", step.function.__module__, ""))
    call = CallBinder(schema, root, {"my": {}, "campaign": {}, "system": {}}, findings, place_of).bind(offered, usage)
    findings.raise_if_wrong()
    if call is None:
        raise AssertionError(f"{step.name} could not be bound")
    return call


def _campaign(step: Step[..., object], call: StepCall) -> Campaign:
    retry = Retry(max(1, len(step.strategies)), 3, parse_waits("1s..30s"), None, None)
    entry = Entry(
        id=step.name,
        path=step.name,
        place=step.place,
        when=None,
        variants=(Variant(None, call),),
        chosen=False,
        retry=retry,
        on_fail="block",
        needs=frozenset(),
        repeat=Repeat(),
    )
    return Campaign("test", "batch", "test", step.place, None, (entry,))
