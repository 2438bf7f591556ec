"""Rule 4 across every way to run a campaign: whose `my`, campaign and trigger tokens a campaign sees."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lustrum.engine.execute import execute
from lustrum.engine.given import ACTIVITIES, Given
from lustrum.files.project import load_project
from lustrum.planning.planner import Request, make_plan
from lustrum.planning.registry import Registry
from lustrum.testing import CampaignRun
from lustrum.testing.campaigns import write_project
from lustrum.testing.leads import batch_of
from lustrum.testing.steps import START
from lustrum.words.errors import ProjectError

Run = Callable[..., CampaignRun]

ROW: dict[str, Any] = {"id": "1", "country": "US", "note": None, "score": 10}
PROJECT = "leads: {from: a.csv, to: a.csv, key: id}\nfields: {score: integer}\n"
KINDS = {"execute": "executable", "request": "batch"}
TELL = "{use: change.value, with: {field: note, value: '{{my.who}} {{my.extra:default=-}} {{campaign.name}}'}}"


@pytest.fixture(params=[None, 1], ids=["one batch", "batches of one"])
def run(run: Run, request: pytest.FixtureRequest) -> Run:
    """Run in one batch and in batches of one lead: what is expected is the same."""
    return functools.partial(run, batch_size=request.param)


def flow(*entries: str) -> str:
    return "flow:\n" + "".join(f"  - {entry}\n" for entry in entries)


def called(kind: str, **campaigns: str) -> dict[str, str]:
    """Write campaigns of one kind, each given without its first two lines."""
    return {f"campaigns/{name}.yaml": f"campaign: {name}\nkind: {kind}\n{text}" for name, text in campaigns.items()}


def note(ran: CampaignRun) -> Any:
    return ran.leads[0]["note"]


# My and campaign tokens


@pytest.mark.parametrize("verb", ["execute", "request"])
@pytest.mark.parametrize(
    ("caller", "tokens", "child", "said"),
    [
        ("{who: caller}", "", "{who: child}", "child - child"),
        ("{who: caller}", ", tokens: parent", "{who: child}", "caller - nightly"),
        ("{who: caller}", ", tokens: parent", "{extra: childs}", "caller childs nightly"),
        ("{who: caller, extra: callers}", ", tokens: parent", "{extra: childs}", "caller callers nightly"),
        ("{who: caller, extra: callers}", "", "{who: child}", "child - child"),
        ("{extra: callers}", ", tokens: parent", "{who: child}", "child callers nightly"),
        ("{Who: caller}", ", tokens: parent", "{who: child}", "caller - nightly"),
    ],
)
def test_the_child_sees_its_own_tokens_or_with_tokens_parent_the_callers_first(
    run: Run, verb: str, caller: str, tokens: str, child: str, said: str
) -> None:
    files = called(KINDS[verb], child=f"my: {child}\n{flow(TELL)}")
    assert note(run(f"my: {caller}\n{flow(f'{{{verb}: child{tokens}}}')}", [ROW], files=files)) == said


@pytest.mark.parametrize("verb", ["execute", "request"])
@pytest.mark.parametrize(("outer", "inner"), [(True, True), (True, False), (False, True), (False, False)])
def test_tokens_are_handed_on_from_caller_to_caller(run: Run, verb: str, outer: bool, inner: bool) -> None:
    """A break in the chain ends it: below it the callers' tokens are those of the campaign that broke it."""
    parent = ", tokens: parent"
    files = called(
        KINDS[verb],
        middle=f"my: {{who: middle}}\n{flow(f'{{{verb}: last{parent if inner else str()}}}')}",
        last=f"my: {{who: last}}\n{flow(TELL)}",
    )
    nightly = f"my: {{who: nightly}}\n{flow(f'{{{verb}: middle{parent if outer else str()}}}')}"
    who = ("nightly" if outer else "middle") if inner else "last"
    assert note(run(nightly, [ROW], files=files)) == f"{who} - {who}"


@pytest.mark.parametrize("tokens", ["", ", tokens: parent"])
def test_the_tokens_of_the_project_are_seen_by_everybody(run: Run, tokens: str) -> None:
    files = {**called("executable", child=flow(TELL)), "lustrum.yaml": PROJECT + "my: {who: project}\n"}
    name = "nightly" if tokens else "child"
    assert note(run(flow(f"{{execute: child{tokens}}}"), [ROW], files=files)) == f"project - {name}"


@pytest.mark.parametrize(("tokens", "said"), [("", "child - child"), (", tokens: parent", "project - nightly")])
def test_a_value_that_the_caller_has_from_the_project_is_the_callers(run: Run, tokens: str, said: str) -> None:
    """As in Marketo, where a parent's tokens include those its program inherits from a folder."""
    files = {
        **called("executable", child=f"my: {{who: child}}\n{flow(TELL)}"),
        "lustrum.yaml": PROJECT + "my: {who: project}\n",
    }
    assert note(run(flow(f"{{execute: child{tokens}}}"), [ROW], files=files)) == said


def test_the_score_of_the_manual(run: Run) -> None:
    """Marketo's own example: a child that scores with `{{my.score}}` adds its caller's points, or none of its own."""
    files = {
        "lustrum.yaml": PROJECT,
        **called(
            "executable",
            child="my: {points: {type: score, value: +0}}\n"
            + flow("{use: change.score, with: {change: '{{my.points}}'}}"),
        ),
    }
    my = "my: {points: {type: score, value: +10}}\n"
    assert run(my + flow("{execute: child, tokens: parent}"), [ROW], files=files).leads[0]["score"] == 20
    assert run(my + flow("{execute: child}"), [ROW], files=files).leads[0]["score"] == 10


HOME = "{country: 'is {{my.home}}'}"


@pytest.mark.parametrize(
    "where",
    [
        f"smart_list: {HOME}\n" + flow("{use: change.value, with: {field: note, value: hit}}"),
        flow(f"{{use: change.value, when: {HOME}, with: {{field: note, value: hit}}}}"),
        flow(f"{{use: change.value, with: {{field: note}}, choices: [{{when: {HOME}, with: {{value: hit}}}}]}}"),
        flow("{use: change.value, with: {field: '{{my.field}}', value: hit}}"),
    ],
    ids=["smart list", "when", "choices", "an option"],
)
def test_tokens_stand_in_conditions_and_options_alike(run: Run, where: str) -> None:
    files = called("executable", child=f"my: {{home: FR, field: country}}\n{where}")
    caller = "my: {home: US, field: note}\n"
    assert note(run(caller + flow("{execute: child, tokens: parent}"), [ROW], files=files)) == "hit"
    assert note(run(caller + flow("{execute: child}"), [ROW], files=files)) is None


def test_a_repair_has_tokens_of_its_own(run: Run) -> None:
    fails = "{use: probe.tidy, reads: {value: country}, retry: {attempts: 2, repair: mend}}"
    files = called("executable", mend=f"my: {{who: repair}}\n{flow(TELL)}")
    ran = run("my: {who: caller}\n" + flow(fails), [{**ROW, "country": "?"}], files=files)
    assert note(ran) == "repair - mend"


def test_a_choice_that_names_another_child_hands_the_tokens_to_that_one(run: Run) -> None:
    files = called("executable", one=flow(TELL), two="my: {extra: two}\n" + flow(TELL))
    entry = "{execute: one, tokens: parent, choices: [{when: country = 'US', execute: two}, {otherwise: {}}]}"
    assert note(run("my: {who: caller}\n" + flow(entry), [ROW], files=files)) == "caller two nightly"


def test_the_same_campaign_executed_and_requested_sees_the_tokens_of_each_call(run: Run) -> None:
    tell = "{use: change.value, with: {field: note, value: '{{lead.note:default=}}{{my.who}};'}, repeat: always}"
    files = called("batch", asked=f"my: {{who: own}}\n{flow(tell)}")
    ran = run("my: {who: callers}\n" + flow("{request: asked, tokens: parent}", "request: asked"), [ROW], files=files)
    assert note(ran) == "callers;own;"


@pytest.mark.parametrize("verb", ["execute", "request"])
def test_lead_and_system_tokens_are_no_matter_of_context(run: Run, verb: str) -> None:
    tell = "{use: change.value, with: {field: note, value: '{{lead.country}} {{system.date}}'}}"
    files = called(KINDS[verb], child=flow(tell))
    assert note(run(flow(f"{verb}: child"), [ROW], files=files)) == f"US {START:%Y-%m-%d}"


@pytest.mark.parametrize("verb", ["execute", "request"])
def test_a_token_that_only_the_caller_has_is_refused_where_it_is_not_handed_on(run: Run, verb: str) -> None:
    files = called(KINDS[verb], child=flow(TELL))
    caller = "my: {who: caller}\n"
    assert note(run(caller + flow(f"{{{verb}: child, tokens: parent}}"), [ROW], files=files)) == "caller - nightly"
    with pytest.raises(ProjectError, match=r"campaigns/child\.yaml:4: .*my\.who"):
        run(caller + flow(f"{verb}: child"), [ROW], files=files)


# Trigger tokens

FORM = [
    {
        "key": "1",
        "id": "a1",
        "type": "filled out form",
        "date_of_activity": START - timedelta(days=1),
        "name": "Demo",
        "attributes": json.dumps({"web_form_id": "Demo", "city": "Ulm"}),
    }
]
TRIGGER_TELL = "{use: change.value, with: {field: note, value: '{{trigger.name}} {{trigger.city}} {{campaign.name}}'}}"


def fire(run: Run, *entries: str, files: Mapping[str, str]) -> CampaignRun:
    news = "campaign: news\nkind: trigger\non: fills out form\n" + flow(*entries)
    known = Given("test", START, activities=pl.DataFrame(FORM, schema=ACTIVITIES))
    both = {"campaigns/news.yaml": news, **files}
    return run(flow("{use: probe.view, reads: {value: note}}"), [ROW], "news", files=both, given=known)


@pytest.mark.parametrize("verb", ["execute", "request"])
@pytest.mark.parametrize("depth", [0, 1, 3])
def test_trigger_tokens_are_handed_down_with_tokens_parent(run: Run, verb: str, depth: int) -> None:
    chain = {f"c{level}": flow(f"{{{verb}: c{level + 1}, tokens: parent}}") for level in range(depth)}
    files = called(KINDS[verb], **chain, **{f"c{depth}": flow(TRIGGER_TELL)})
    assert note(fire(run, f"{{{verb}: c0, tokens: parent}}", files=files)) == "Demo Ulm news"


@pytest.mark.parametrize("verb", ["execute", "request"])
def test_without_tokens_parent_no_trigger_is_known(run: Run, verb: str) -> None:
    files = called(KINDS[verb], child=flow(TRIGGER_TELL))
    with pytest.raises(ProjectError, match=r"campaigns/child\.yaml:4: .*trigger"):
        fire(run, f"{verb}: child", files=files)


def test_a_break_in_the_chain_ends_the_trigger_too(run: Run) -> None:
    files = called("executable", middle=flow("{execute: last, tokens: parent}"), last=flow(TRIGGER_TELL))
    with pytest.raises(ProjectError, match=r"campaigns/last\.yaml:4: .*trigger"):
        fire(run, "execute: middle", files=files)


@pytest.mark.parametrize("verb", ["execute", "request"])
def test_a_child_may_ask_about_the_trigger_in_its_smart_list(run: Run, verb: str) -> None:
    hit = "{use: change.value, with: {field: note, value: hit}}"
    gate = "smart_list: \"'{{trigger.city}}' = 'Ulm'\"\n"
    files = called(KINDS[verb], child=gate + flow(hit), other=gate.replace("'Ulm'", "'Rome'") + flow(hit))
    assert note(fire(run, f"{{{verb}: child, tokens: parent}}", files=files)) == "hit"
    assert note(fire(run, f"{{{verb}: other, tokens: parent}}", files=files)) is None


def test_a_default_stands_where_the_trigger_has_no_such_attribute(run: Run) -> None:
    tell = "{use: change.value, with: {field: note, value: '{{trigger.zip:default=none}}'}}"
    files = called("executable", child=flow(tell))
    assert note(fire(run, "{execute: child, tokens: parent}", files=files)) == "none"


# Values given for one run


def with_tokens(root: Path, files: Mapping[str, str], tokens: Mapping[str, str]) -> Any:
    """Run `nightly` with values of my tokens for this run, and give the lead's note."""
    project = load_project(write_project(root, {"lustrum.yaml": PROJECT, **files}))
    request = Request(START, list(ROW), "a.csv", ("nightly",), tokens=tokens)
    plan = make_plan(project, Registry.of_project(project), request)
    return execute(plan, batch_of([ROW], plan.schema), Given("test", START)).leads["note"][0]


@pytest.mark.parametrize("verb", ["execute", "request"])
@pytest.mark.parametrize(("tokens", "said"), [(", tokens: parent", "given - nightly"), ("", "child - child")])
def test_a_value_given_for_a_run_reaches_a_child_through_its_caller_only(
    tmp_path: Path, verb: str, tokens: str, said: str
) -> None:
    nightly = called("batch", nightly=f"my: {{who: nightly}}\n{flow(f'{{{verb}: child{tokens}}}')}")
    child = called(KINDS[verb], child=f"my: {{who: child}}\n{flow(TELL)}")
    assert with_tokens(tmp_path, {**nightly, **child}, {"who": "given"}) == said


@pytest.mark.parametrize("name", ["who", "Who"])
def test_a_value_given_for_a_run_stands_in_place_of_the_campaigns(tmp_path: Path, name: str) -> None:
    nightly = called("batch", nightly=f"my: {{who: nightly}}\n{flow(TELL)}")
    assert with_tokens(tmp_path, nightly, {name: "given"}) == "given - nightly"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (TELL, "given - nightly"),
        ("{execute: child, tokens: parent}", "given - nightly"),
        ("{execute: child}", "project - child"),
    ],
    ids=["in the campaign itself", "with tokens: parent", "without"],
)
def test_a_value_given_for_a_run_stands_in_place_of_the_projects(tmp_path: Path, entry: str, said: str) -> None:
    files = {
        "lustrum.yaml": PROJECT + "my: {who: project}\n",
        **called("batch", nightly=flow(entry)),
        **called("executable", child=flow(TELL)),
    }
    assert with_tokens(tmp_path, files, {"who": "given"}) == said


def test_a_value_for_a_token_that_nobody_has_is_refused(tmp_path: Path) -> None:
    nightly = called("batch", nightly=f"my: {{who: nightly}}\n{flow(TELL)}")
    with pytest.raises(ProjectError, match=r'my\.hwo.*did you mean "who"'):
        with_tokens(tmp_path, nightly, {"hwo": "given"})
