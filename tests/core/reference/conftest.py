"""The engine and the reference interpreter side by side."""

from __future__ import annotations

import dataclasses
import io
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from ruamel.yaml import YAML

from lustrum.contracts.steps import Step
from lustrum.engine.given import Given, NoWait
from lustrum.files.campaign import load_campaigns
from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.testing import CampaignRun, run_campaign
from lustrum.testing.campaigns import write_project
from lustrum.testing.reference import interpret
from lustrum.testing.reference_words import Behaviour, Happened, Rules
from lustrum.testing.steps import START
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
    answer = step(
        pl.DataFrame({name: [value] for name, value in inputs.items()}, schema=dict.fromkeys(inputs, pl.String))
    )
    assert isinstance(answer, pl.DataFrame)
    row = answer.row(0, named=True)
    code = row.pop("_code", None)
    return Failed(code) if code else row


Shown = dict[str, Any]
Lead = Mapping[str, Any]
Files = Mapping[str, Any]


@pytest.fixture
def compare(registry: Registry, tmp_path: Path) -> Callable[..., list[Shown]]:
    """Hold what the engine says of some leads against what the interpreter says of each alone, and give that."""
    behaviours = {name: behaviour(registry.find(name).step) for name in registry.steps}
    asked = registry.find("probe.flaky").step.function.__globals__["asked"]
    numbers = count()

    def side_by_side(
        files: Files, leads: Sequence[Lead], size: int | None, later: timedelta | None = None
    ) -> list[Shown]:
        texts = {name: file if isinstance(file, str) else yaml_text(file) for name, file in files.items()}
        rows = [{"id": str(number), **lead} for number, lead in enumerate(leads, 1)]
        root = write_project(tmp_path / str(next(numbers)), texts)
        rules = rules_of(root, behaviours)
        asked.clear()
        alone = [interpret(rules, row, {}) for row in rows]
        asked.clear()
        run = run_campaign(root, rows, registry=registry, batch_size=size)
        hold(run, rows, alone, Report(texts, size))
        if later and not run.result.aborted:
            rules = rules._replace(start=rules.start + later)
            asked.clear()
            alone = [interpret(rules, row, said.done) for row, said in zip(run.leads, alone, strict=True)]
            asked.clear()
            again = run_campaign(
                root,
                run.leads,
                registry=registry,
                batch_size=size,
                given=given_after(run, rules.start),
                start=rules.start,
            )
            hold(again, run.leads, alone, Report(texts, size, later))
        shutil.rmtree(root)
        return [interpreted(said) for said in alone]

    return side_by_side


def yaml_text(data: object) -> str:
    """Write data as YAML."""
    stream = io.StringIO()
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.dump(data, stream)
    return stream.getvalue()


def given_after(run: CampaignRun, start: datetime) -> Given:
    """Give to a second run what the first one left in the ledger."""
    effects = dict.fromkeys(run.result.effects["effect"].to_list(), START)
    keys = run.result.keys
    qualified = {
        (campaign, keys[row]): START for row, campaign in run.result.qualified.select("row", "campaign").rows()
    }
    return Given("again", start, "leads.csv", effects, qualified=qualified, clock=NoWait())


def hold(run: CampaignRun, rows: Sequence[Lead], alone: Sequence[Happened], report: Report) -> None:
    """Hold what the engine says of each lead against what the interpreter says of it alone."""
    aborted = [said.aborted for said in alone]
    assert bool(run.result.aborted) == any(aborted), report.text(
        rows, {"aborted": run.result.aborted}, {"aborted": aborted}
    )
    for number, said in enumerate(alone if not run.result.aborted else ()):
        told, wanted = executed(run, number), interpreted(said)
        assert told == wanted, report.text(rows[number], told, wanted)


def rules_of(root: Path, behaviours: Mapping[str, Behaviour]) -> Rules:
    project = load_project(root).model
    campaigns = {name: campaign.model for name, campaign in load_campaigns(root).items()}
    return Rules(campaigns, behaviours, TYPES, project.run, project.my, project.defaults)


def interpreted(said: Happened) -> Shown:
    effects = [(kind, str(key[1]), getattr(what, "text", None)) for kind, key, what in said.effects]
    unsettled = {name: (mark.path, mark.code) for name, mark in said.marks.items()}
    return {
        "lead": said.fields,
        "outcomes": said.outcomes,
        "trail": [
            (name, str_of(before), str_of(after), path, attempt) for name, before, after, path, attempt in said.trail
        ],
        "effects": effects,
        "unsettled": unsettled,
        "chosen": said.chosen,
        "tries": _by_path((each.path, each.attempt, each.tries, each.code, each.wait) for each in said.tries),
    }


def _by_path(tries: Iterable[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Give the asks without answer of each entry; of a wait, whole seconds, for there is a little jitter in it."""
    found: dict[str, list[Any]] = {}
    for path, *said, wait in tries:
        found.setdefault(path, []).append((*said, None if wait is None else int(wait)))
    return found


def str_of(value: Any) -> str | None:
    return None if value is None else str(value)


def executed(run: CampaignRun, row: int) -> Shown:
    result = run.result
    details = {each["path"]: each["code"] for each in _rows(result.details, row)}
    texts = {path: column[row] for path, column in result.outcomes.to_dict(as_series=False).items() if column[row]}
    return {
        "lead": run.leads[row],
        "outcomes": {path: f"{text}:{details[path]}" if path in details else text for path, text in texts.items()},
        "trail": [
            (each["field"], each["before"], each["after"], each["path"], each["attempt"])
            for each in _rows(result.trail, row)
        ],
        "effects": [(each["kind"], each["path"], each["text"]) for each in _rows(result.effects, row)],
        "unsettled": {each["field"]: (each["path"], each["code"]) for each in _rows(result.quarantine, row)},
        "chosen": {each["path"]: each["choice"] for each in _rows(result.choices, row)},
        "tries": _by_path(frame_row[1:] for frame_row in result.attempts.rows() if frame_row[0] == row),
    }


def _rows(frame: pl.DataFrame, row: int) -> list[dict[str, Any]]:
    return frame.filter(pl.col("row") == row).to_dicts()


@dataclasses.dataclass
class Report:
    """Shows a disagreement: the project, the lead, and both sides."""

    files: Mapping[str, str]
    size: int | None
    later: timedelta | None = None

    def text(self, leads: object, told: Shown, wanted: Shown) -> str:
        both = [(name, told.get(name), wanted[name]) for name in wanted if told.get(name) != wanted[name]]
        differing = [f"{name}:\n  engine    {one}\n  reference {other}" for name, one, other in both]
        files = [f"# {name}\n{text}" for name, text in self.files.items()]
        run = f"lead {leads}, batches of {self.size}, " + (
            f"a second run after {self.later}" if self.later else "first run"
        )
        return "\n".join(["", *files, run, *differing])
