"""The engine and the reference interpreter side by side."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lustrum.contracts.steps import Step
from lustrum.files.campaign import load_campaigns
from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.testing import CampaignRun, run_campaign
from lustrum.testing.campaigns import write_project
from lustrum.testing.reference import interpret
from lustrum.testing.reference_words import Behaviour, Happened, Rules
from lustrum.words.fields import FieldType
from lustrum.words.outcomes import Attempt, Failed

TYPES = {**dict.fromkeys(("id", "a", "b", "c", "d"), FieldType.TEXT), "n": FieldType.INTEGER}
PROBES = Path(__file__).with_name("probes.py")


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Load the built-in steps and the probes."""
    root = tmp_path_factory.mktemp("probes")
    (root / "plugins").mkdir()
    shutil.copy(PROBES, root / "plugins" / "probes.py")
    return Registry.load(root)


def behaviour(step: Step[..., object]) -> Behaviour:
    """Describe a step as the interpreter wants it, by its contract."""

    def binds(options: Mapping[str, Any]) -> tuple[Mapping[str, bool], Sequence[str], bool]:
        typed = step.options.validate(options)
        reads, writes = step.fields_read(typed), step.fields_written(typed)
        if reads is None:
            reads = {each.name: each.needed for each in step.parameters}
        if writes is None:
            value = [step.parameters[0].name] if step.signature.value else []
            writes = dict.fromkeys([*value, *(each.name for each in step.signature.results)])
        return reads, list(writes), step.adds_up(typed)

    def function(inputs: Mapping[str, Any], options: Mapping[str, Any], attempt: Attempt) -> object:
        if step.signature.batch:
            return _in_frame(step, inputs)
        injected = dict.fromkeys(step.signature.injected, attempt)
        reply = step(*inputs.values(), **step.options.validate(options), **injected)
        if dataclasses.is_dataclass(reply) and type(reply) is step.signature.wrapper:
            return {each.name: getattr(reply, each.name) for each in dataclasses.fields(reply)}
        return reply

    return Behaviour(step.name, function, binds, step.strategies)


def _in_frame(step: Step[..., object], inputs: Mapping[str, Any]) -> object:
    answer = step(pl.DataFrame({name: [value] for name, value in inputs.items()}, schema=dict.fromkeys(inputs, pl.String)))
    assert isinstance(answer, pl.DataFrame)
    row = answer.row(0, named=True)
    code = row.pop("_code", None)
    return Failed(code) if code else row


Shown = dict[str, Any]


@pytest.fixture
def compare(registry: Registry, tmp_path: Path) -> Callable[..., None]:
    """Hold what the engine says of some leads against what the interpreter says of each alone."""
    behaviours = {name: behaviour(registry.find(name).step) for name in registry.steps}
    asked = registry.find("probe.flaky").step.function.__globals__["asked"]
    numbers = count()

    def side_by_side(files: Mapping[str, str], rows: Sequence[Mapping[str, Any]], *sizes: int | None) -> None:
        root = write_project(tmp_path / str(next(numbers)), files)
        rules = rules_of(root, behaviours)
        alone = []
        for row in rows:
            asked.clear()
            alone.append(interpreted(interpret(rules, row, {})))
        for size in sizes or (None,):
            asked.clear()
            run = run_campaign(root, rows, registry=registry, batch_size=size)
            assert bool(run.result.aborted) == any(said["aborted"] for said in alone), report(files, rows, size, {"aborted": run.result.aborted}, {"aborted": [said["aborted"] for said in alone]})
            told = [] if run.result.aborted else [executed(run, number) for number in range(len(rows))]
            for row, said, wanted in zip(rows, told, alone, strict=bool(told)):
                assert said == wanted, report(files, row, size, said, wanted)
        shutil.rmtree(root)

    return side_by_side


def rules_of(root: Path, behaviours: Mapping[str, Behaviour]) -> Rules:
    project = load_project(root).model
    campaigns = {name: campaign.model for name, campaign in load_campaigns(root).items()}
    return Rules(campaigns, behaviours, TYPES, project.run, project.my, project.defaults)


def interpreted(said: Happened) -> Shown:
    effects = [(kind, str(key[1]), getattr(what, "text", None)) for kind, key, what in said.effects]
    unsettled = {name: (mark.path, mark.code) for name, mark in said.marks.items()}
    return {
        "aborted": bool(said.aborted),
        "lead": said.fields,
        "outcomes": said.outcomes,
        "trail": [(name, str_of(before), str_of(after), path, attempt) for name, before, after, path, attempt in said.trail],
        "effects": effects,
        "unsettled": unsettled,
        "qualified": [],
    }


def str_of(value: Any) -> str | None:
    return None if value is None else str(value)


def executed(run: CampaignRun, row: int) -> Shown:
    result = run.result
    details = {each["path"]: each["code"] for each in _rows(result.details, row)}
    texts = {path: column[row] for path, column in result.outcomes.to_dict(as_series=False).items() if column[row]}
    return {
        "aborted": False,
        "lead": run.leads[row],
        "outcomes": {path: f"{text}:{details[path]}" if path in details else text for path, text in texts.items()},
        "trail": [(each["field"], each["before"], each["after"], each["path"], each["attempt"]) for each in _rows(result.trail, row)],
        "effects": [(each["kind"], each["path"], each["text"]) for each in _rows(result.effects, row)],
        "unsettled": {each["field"]: (each["path"], each["code"]) for each in _rows(result.quarantine, row)},
        "qualified": [],
    }


def _rows(frame: pl.DataFrame, row: int) -> list[dict[str, Any]]:
    return frame.filter(pl.col("row") == row).to_dicts()


def report(files: Mapping[str, str], row: object, size: int | None, said: Shown, wanted: Shown) -> str:
    differing = [f"{name}:\n  engine    {said.get(name)}\n  reference {wanted.get(name)}" for name in wanted if said.get(name) != wanted[name]]
    texts = [f"# {name}\n{text}" for name, text in files.items()]
    return "\n".join(["", *texts, f"lead {row}, batches of {size}", *differing])
