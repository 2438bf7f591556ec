"""What the engine says of some leads, held against what the reference interpreter says of each of them alone."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from ruamel.yaml import YAML

from lustrum.contracts.steps import Step
from lustrum.engine.given import Given, NoWait
from lustrum.files.campaign import load_campaigns
from lustrum.files.project import load_project
from lustrum.testing import CampaignRun
from lustrum.testing.reference_words import Behaviour, Happened, Rules
from lustrum.testing.steps import START
from lustrum.words.fields import FieldType
from lustrum.words.outcomes import Attempt, Failed

TYPES = {**dict.fromkeys(("id", "a", "b", "c", "d"), FieldType.TEXT), "n": FieldType.INTEGER}

Shown = dict[str, Any]
Lead = Mapping[str, Any]
Files = Mapping[str, Any]


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
    told_by = Executed(run)
    for number, said in enumerate(alone if not run.result.aborted else ()):
        told, wanted = told_by.of(number), interpreted(said)
        assert told == wanted, report.text(rows[number], told, wanted)


def rules_of(root: Path, behaviours: Mapping[str, Behaviour]) -> Rules:
    """Give the rules of a project as the interpreter wants them."""
    project = load_project(root).model
    campaigns = {name: campaign.model for name, campaign in load_campaigns(root).items()}
    return Rules(campaigns, behaviours, TYPES, project.run, project.my, project.defaults)


def interpreted(said: Happened) -> Shown:
    """Lay out what the interpreter says of a lead."""
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
    """Write a value as the trail does."""
    return None if value is None else str(value)


class Executed:
    """What the engine says, lead by lead."""

    def __init__(self, run: CampaignRun) -> None:
        self._run = run
        self._outcomes = run.result.outcomes.rows(named=True)
        self._frames = {name: _by_row(getattr(run.result, name)) for name in _TOLD}

    def of(self, row: int) -> Shown:
        """Give what became of a lead, laid out as `interpreted` does."""
        rows = {name: frame.get(row, ()) for name, frame in self._frames.items()}
        details = {each["path"]: each["code"] for each in rows["details"]}
        texts = {path: text for path, text in self._outcomes[row].items() if text}
        return {
            "lead": self._run.leads[row],
            "outcomes": {path: f"{text}:{details[path]}" if path in details else text for path, text in texts.items()},
            "trail": [
                (each["field"], each["before"], each["after"], each["path"], each["attempt"]) for each in rows["trail"]
            ],
            "effects": [(each["kind"], each["path"], each["text"]) for each in rows["effects"]],
            "unsettled": {each["field"]: (each["path"], each["code"]) for each in rows["quarantine"]},
            "chosen": {each["path"]: each["choice"] for each in rows["choices"]},
            "tries": _by_path(tuple(each.values())[1:] for each in rows["attempts"]),
        }


_TOLD = ("details", "trail", "effects", "quarantine", "choices", "attempts")


def _by_row(frame: pl.DataFrame) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for each in frame.iter_rows(named=True):
        found.setdefault(each["row"], []).append(each)
    return found


@dataclasses.dataclass
class Report:
    """Shows a disagreement: the project, the lead, and both sides."""

    files: Mapping[str, str]
    size: int | None
    later: timedelta | None = None

    def text(self, leads: object, told: Shown, wanted: Shown) -> str:
        """Tell of a lead about which both say something else."""
        both = [(name, told.get(name), wanted[name]) for name in wanted if told.get(name) != wanted[name]]
        differing = [f"{name}:\n  engine    {one}\n  reference {other}" for name, one, other in both]
        files = [f"# {name}\n{text}" for name, text in self.files.items()]
        run = f"lead {leads}, batches of {self.size}, " + (
            f"a second run after {self.later}" if self.later else "first run"
        )
        return "\n".join(["", *files, run, *differing])
