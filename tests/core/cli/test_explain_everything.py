"""`lustrum explain` of a project that uses everything: nothing of the plan is invisible."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeGuard

import pytest

from lustrum.cli.loading import open_project, plan_project
from lustrum.cli.mermaid import mermaid_lines
from lustrum.cli.outline_text import outline_lines
from lustrum.files.project import Project
from lustrum.planning import actions, bindings, campaign_tree, plan
from lustrum.planning.plan import Plan
from lustrum.report.outliner import outline_plan
from lustrum.testing.campaigns import write_project
from lustrum.words.durations import parse_waits
from lustrum.words.fields import FieldType
from lustrum.words.places import Place

Lustrum = Callable[..., Any]

FILES = {
    "lustrum.yaml": """\
leads: {from: leads.csv, to: out/leads.csv, key: id}
run: [nightly, on-change]
fields: {label: text, score: integer, trial_end: date}
lists: [hot]
programs: {webinar: [Invited, Attended]}
smart_lists:
  italians: {country: is IT}
  hot-italians: {all: [{member of smart list: italians}, {member of list: hot}]}
activities: {from: activities.csv, attributes: {points: integer}}
""",
    "leads.csv": "id,city,country,trial_end\n1,rome,IT,2026-02-10\n",
    "activities.csv": "id,lead,type,at\n",
    "decisions.csv": """\
scope,key,field,before,after,verdict,until,who,when
lead,1,city,rome,Roma,set,2026-12-31,ann,2026-01-02
value,,country,IT,,keep,,,
source,leads.csv,city,oslo,Oslo,set,,,
value,,country,Italia,IT,always,,,
lead,2,city,,Oslo,always,,,
""",
    "aliases/city.csv": "alias,value\nnyc,New York\n",
    "plugins/demo.py": '''
from lustrum import Failed, Moment, Step, Template, hookimpl, step

@step("demo.tidy", strategies=("trim", "upper"))
def tidy(city: str, *, mark: str = "") -> str | Failed:
    """Tidy a city."""
    return city.strip() + mark

@step("demo.size")
def size(city: str, country: str | None = None, planet: str | None = None) -> str:
    """Say how long a city's name is."""
    return f"{city} ({len(city)} letters)"

@step("demo.note")
def note(*, text: Template) -> Moment:
    """Note something."""
    return Moment("Web", text)

@hookimpl
def lustrum_steps() -> list[Step]:
    return [tidy, size, note]
''',
    "campaigns/nightly.yaml": """\
campaign: nightly
kind: batch
smart_list: {any: [{member of smart list: hot-italians}, {had interesting moment: {type: is Web, times: at least 2}}]}
qualification: once every 30 days
flow:
  - execute: tidy
  - request: welcome
    when: "label IS NOT NULL"
  - use: remove_from_flow
    when: "country = 'XX'"
  - use: demo.note
    with: {text: "From {{lead.city}}"}
    repeat: once per 1 day
  - execute: tidy
    id: again
    choices:
      - {when: "city IS NULL", execute: mend}
      - otherwise: nothing
""",
    "campaigns/tidy.yaml": """\
campaign: tidy
kind: executable
smart_list: "city IS NOT NULL"
flow:
  - use: demo.tidy
    with: {mark: "!"}
    retry:
      attempts: 2
      on: [timeout, not_a_city]
      transient: {attempts: 4, wait: [5m, 15m, 20m], deadline: 2h, hold: 10s}
      repair: mend
      until: "city IS NOT NULL"
    on_fail: stop
  - use: demo.size
    writes: {city: label}
    needs: [demo.tidy]
    choices:
      - {when: "country = 'IT'", reads: {city: country}}
      - otherwise: {}
""",
    "campaigns/mend.yaml": "campaign: mend\nkind: executable\nflow:\n  - {use: demo.size, when: failed(city)}\n",
    "campaigns/welcome.yaml": """\
campaign: welcome
kind: batch
smart_list: {city: is not empty}
flow:
  - wait: 3 days
  - {use: demo.size, writes: {city: label}}
  - request: goodbye
""",
    "campaigns/goodbye.yaml": """\
campaign: goodbye
kind: batch
flow:
  - wait: "{{lead.trial_end - 3 days}}"
    id: trial-ends
  - use: demo.tidy
""",
    "campaigns/on-change.yaml": """\
campaign: on-change
kind: trigger
on:
  - {activity: data value changes, attribute: is country, new value: is not empty}
  - new lead
smart_list: "'{{trigger.type:default=x}}' <> 'y'"
flow:
  - use: demo.note
    when: "country = '{{trigger.new_value}}'"
    with: {text: "Now {{trigger.new_value}}, was {{trigger.old_value:default=nothing}}"}
""",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("explained"), FILES)


@pytest.fixture(scope="module")
def planned(root: Path) -> tuple[Plan, Project]:
    project, registry = open_project(root)
    return plan_project(project, registry, ()), project


@pytest.fixture(scope="module")
def text(planned: tuple[Plan, Project]) -> list[str]:
    return list(outline_lines(outline_plan(*planned)))


@pytest.fixture(scope="module")
def chart(planned: tuple[Plan, Project]) -> list[str]:
    return list(mermaid_lines(outline_plan(*planned)))


@pytest.mark.parametrize(
    "line",
    [
        "takes      leads with ((country COLLATE NOCASE = 'IT') IS TRUE AND list_hot IS TRUE) OR "
        "count('had interesting moment' WHERE (type COLLATE NOCASE = 'Web') IS TRUE) >= 2",
        "retry      2 attempts (trim, upper); on not_a_city, timeout only; transient failures 4 times, "
        "waiting 5m, 15m, 20m, 2h in all, beyond 10s as a later batch; repair mend; until city IS NOT NULL",
        "fields     country as city, nothing as planet → city as label",
        "2 request welcome",
        "runs       when the root flow has ended; nothing here waits for it or sees what it changes",
        "2.1 wait 3d",
        "parks      leads that wait longer than 30s: a later run goes on with them behind this",
        "2.3.1 wait until {{lead.trial_end - 3d}}, as trial-ends",
        "needs      city from nightly > tidy > demo.tidy or nightly > tidy > demo.tidy > mend > demo.size or "
        "nightly > again > mend > demo.size",
        "3 use remove_from_flow",
        "leaves     the flow of this campaign and of its callers",
        "happens    once per 1d for a lead",
        "campaign on-change (trigger), campaigns/on-change.yaml:1",
        "on         data value changed, with (attribute COLLATE NOCASE = 'country') IS TRUE AND new_value IS NOT NULL",
        "or on      lead was created",
        "activity's new_value (fails where the activity lacks it), old_value",
        "happens    once for a lead and activity",
        "smart list italians",
        "members    leads with (country COLLATE NOCASE = 'IT') IS TRUE",
        "used at    lustrum.yaml:8",
        "smart list hot-italians",
        "used at    campaigns/nightly.yaml:3",
        "fields: 8, key id; the source lacks label (text), score (integer); "
        "the journal keeps list_hot (boolean), status_webinar (text); carried from run to run city, label",
        "field label (text)",
        "read by    nightly > welcome",
        "written by nightly > tidy > demo.size; on request: nightly > welcome > demo.size",
        "asked by   nightly > tidy > demo.tidy > mend > demo.size, nightly > again > mend > demo.size",
        "attributes of activities: points (integer)",
        "decision: set city of lead 1 where it is rome to Roma, until 2026-12-31, ann, 2026-01-02, decisions.csv:2",
        "decision: keep country of every lead where it is IT, decisions.csv:3",
        "decision: set city of lead 2 to Oslo, decisions.csv:6",
        "decision: set country of every lead where it is Italia to IT, decisions.csv:5",
        "decision: set city of the leads of leads.csv where it is oslo to Oslo, decisions.csv:4",
    ],
)
def test_text_says(text: list[str], line: str) -> None:
    assert line in [found.strip("│├└─ ") for found in text]


def test_what_is_requested_stands_in_text_below_its_request(text: list[str]) -> None:
    entries = [line.strip("│├└─ ").split(" ")[0] for line in text if line.strip("│├└─ ")[:1].isdigit()]
    assert entries[:12] == ["1", "1.1", "1.1r.1", "1.2", "2", "2.1", "2.2", "2.3", "2.3.1", "2.3.2", "3", "4"]


def test_mermaid_draws_requests_as_dashed_edges_to_campaigns_beside_the_flow(chart: list[str]) -> None:
    assert '    n7[["2 request welcome<br/>when label IS NOT NULL"]]' in chart
    assert '  subgraph n14["welcome (batch), after the root flow<br/>takes city IS NOT NULL"]' in chart
    assert '  subgraph n18["goodbye (batch), after the root flow"]' in chart
    assert '  n7 -.->|"request"| n14' in chart
    assert '  n17 -.->|"request"| n18' in chart


def test_mermaid_shows_waits_removals_retries_and_what_sets_a_campaign_off(chart: list[str]) -> None:
    assert '    n15{{"2.1 wait 3d"}}' in chart
    assert "    n8([\"3 use remove_from_flow<br/>when country = 'XX'\"])" in chart
    assert any("on_fail stop" in line and "until city IS NOT NULL" in line for line in chart)
    assert '  n24(["lead was created"])' in chart
    assert '  n24 -->|"sets off"| n21' in chart


def test_json_keeps_the_fields_of_requests_apart(lustrum: Lustrum, root: Path) -> None:
    found = json.loads(lustrum("explain", "--project", root, "--format", "json").out)
    fields_by_name = {field["name"]: field for field in found["fields"]}
    label = fields_by_name["label"]
    assert label["users"]["written_by"] == ["nightly > tidy > demo.size"]
    assert label["requested"]["written_by"] == ["nightly > welcome > demo.size"]
    request = found["campaigns"][0]["entries"][1]
    assert (request["reads"], request["writes"]) == (["label"], [])
    assert request["actions"][0]["campaign"]["writes"] == ["label"]
    assert fields_by_name["list_hot"]["kept"]


Change = Callable[[Any], Any]
CLASSES = [
    kind
    for module in (plan, campaign_tree, actions, bindings)
    for kind in vars(module).values()
    if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__
]


def other_name(_: object) -> str:
    return "other"


def no(_: object) -> None:
    return None


def nothing(_: object) -> tuple[()]:
    return ()


def other_place(_: object) -> Place:
    return Place("other.yaml", 99)


def other_names(_: object) -> frozenset[str]:
    return frozenset({"other"})


def other_type(_: object) -> FieldType:
    return FieldType.DATETIME


def a_minute(_: object) -> timedelta:
    return timedelta(minutes=1)


def negated(value: bool) -> bool:
    return not value


CHANGES: Mapping[type, Mapping[str, Change]] = {
    campaign_tree.Variant: {"check": no, "action": no},
    campaign_tree.Retry: {
        "attempts": lambda _: 7,
        "transient_attempts": lambda _: 7,
        "waits": lambda _: parse_waits("7s"),
        "repair": no,
        "until": no,
        "deadline": a_minute,
        "hold": a_minute,
        "codes": other_names,
    },
    campaign_tree.Repeat: {"every": a_minute, "whatever_reason": negated},
    campaign_tree.Entry: {
        "id": other_name,
        "path": lambda path: f"other > {path}",
        "place": other_place,
        "when": no,
        "variants": lambda variants: variants[:1],
        "chosen": negated,
        "retry": lambda retry: replace(retry, attempts=7),
        "on_fail": lambda _: "abort",
        "needs": other_names,
        "repeat": lambda repeat: replace(repeat, every=timedelta(0)),
    },
    campaign_tree.Qualification: {"every": a_minute, "when_changed": negated},
    campaign_tree.Trigger: {"filters": lambda filters: filters[:1]},
    campaign_tree.Campaign: {
        "name": other_name,
        "kind": other_name,
        "path": other_name,
        "place": other_place,
        "gate": no,
        "entries": nothing,
        "qualification": lambda rule: replace(rule, every=None),
        "trigger": no,
    },
    plan.Schema: {
        "types": lambda types: {**types, "other": FieldType.DATE},
        "columns": lambda columns: dict.fromkeys(columns, "Other"),
        "new": nothing,
        "key": other_name,
        "kept": lambda _: frozenset[str](),
    },
    plan.Plan: {
        "campaigns": nothing,
        "schema": lambda schema: replace(schema, key=None),
        "decisions": nothing,
        "digest": other_name,
        "warnings": lambda _: ("other",),
        "attributes": lambda _: {"other": FieldType.DATE},
        "carried": lambda _: frozenset[str](),
    },
    actions.Execution: {"campaign": lambda campaign: replace(campaign, entries=())},
    actions.Requisition: {"campaign": lambda campaign: replace(campaign, entries=())},
    actions.Waiting: {"duration": a_minute, "until": no},
    bindings.Check: {
        "reads": other_names,
        "asked": other_names,
        "text": other_name,
        "triggers": other_names,
        "activities": lambda _: frozenset[object](),
    },
    bindings.Read: {
        "parameter": other_name,
        "field": other_name,
        "type": other_type,
        "needed": negated,
        "default": other_name,
        "aliases": lambda table: table and replace(table, file="other"),
    },
    bindings.Write: {"attribute": other_name, "field": other_name, "type": other_type},
    bindings.RenderedOption: {
        "option": other_name,
        "reads": other_names,
        "text": other_name,
        "triggers": other_names,
        "required": lambda _: frozenset[str](),
    },
    bindings.Origin: {"plugin": other_name, "version": other_name},
    bindings.StepCall: {
        "step": lambda step: renamed(step),
        "origin": lambda origin: replace(origin, version="other"),
        "options": lambda options: dict.fromkeys(options, "other"),
        "rendered": nothing,
        "reads": nothing,
        "writes": nothing,
    },
}

LEFT_OUT: Mapping[tuple[type, str], str] = {
    (campaign_tree.Qualification, "holds"): "it stands beside when changed, which this plan does not have",
    (campaign_tree.Campaign, "guards"): "what a run is compared with, not what it does",
    (plan.Plan, "rules"): "the digest, whatever the start",
    (plan.Plan, "start"): "the moment of explaining; each run has its own",
    (bindings.Check, "expression"): "what its text becomes for the engine",
    (bindings.RenderedOption, "expression"): "what its text becomes for the engine",
    (bindings.StepCall, "digest"): "the name under which answers are remembered",
}
"""What no format shows, and why."""

ONLY_IN_JSON: Mapping[tuple[type, str], str] = {
    (plan.Plan, "digest"): "for programs",
    (bindings.Check, "triggers"): "they stand in the condition's text",
    (bindings.Check, "activities"): "they stand in the condition's text",
    (bindings.Read, "type"): "that of the field, or of the step, which `lustrum steps` shows",
    (bindings.Write, "type"): "that of the field",
    (bindings.RenderedOption, "option"): "the options show it with its text",
    (bindings.RenderedOption, "text"): "the options show it",
    (bindings.Origin, "plugin"): "`lustrum steps` shows it",
    (bindings.Origin, "version"): "`lustrum steps` shows it",
    (bindings.StepCall, "origin"): "`lustrum steps` shows it",
}
"""What the text does not show, and why."""


def renamed(step: Any) -> Any:
    other = type(step)(step.name, step.function, strategies=step.strategies, reads=step.reads, writes=step.writes)
    other.name = "other"
    return other


def told(kinds: Iterable[type]) -> set[tuple[type, str]]:
    return {(kind, field.name) for kind in kinds for field in fields(kind) if field.init}


def test_every_field_of_a_plan_is_shown_or_left_out_for_a_reason() -> None:
    changed = {(kind, name) for kind, changes in CHANGES.items() for name in changes}
    assert changed.isdisjoint(LEFT_OUT)
    assert changed | set(LEFT_OUT) == told(CLASSES)
    assert set(ONLY_IN_JSON) <= changed


def is_several(value: object) -> TypeGuard[tuple[Any, ...]]:
    return isinstance(value, tuple)


def with_change(value: Any, kind: type, name: str, change: Change) -> Any:
    """Change one field of every object of a class in a plan."""
    if is_several(value):
        return tuple(with_change(part, kind, name, change) for part in value)
    if type(value) not in CLASSES:
        return value
    parts = {
        each.name: with_change(getattr(value, each.name), kind, name, change) for each in fields(value) if each.init
    }
    if type(value) is kind:
        parts[name] = change(parts[name])
    return replace(value, **parts)


def without_smart_lists(project: Project) -> Project:
    """Leave out what is read from the project's files and is no part of the plan."""
    return replace(project, model=project.model.model_copy(update={"smart_lists": {}}))


@pytest.mark.parametrize(
    ("kind", "name"),
    [pytest.param(kind, name, id=f"{kind.__name__}.{name}") for kind, changes in CHANGES.items() for name in changes],
)
def test_a_plan_that_differs_is_shown_otherwise(planned: tuple[Plan, Project], kind: type, name: str) -> None:
    project = without_smart_lists(planned[1])
    before = outline_plan(planned[0], project)
    after = outline_plan(with_change(planned[0], kind, name, CHANGES[kind][name]), project)
    assert json.dumps(asdict(before), default=str) != json.dumps(asdict(after), default=str)
    if (kind, name) not in ONLY_IN_JSON:
        assert list(outline_lines(before)) != list(outline_lines(after))
