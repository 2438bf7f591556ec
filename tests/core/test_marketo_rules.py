"""The rules of Marketo's executable campaigns (E1 to E18 of the documents), and what lustrum makes of each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lustrum.engine.execute import execute
from lustrum.engine.given import ACTIVITIES, Given
from lustrum.files.project import load_project
from lustrum.planning.planner import Request, make_plan
from lustrum.planning.registry import Registry
from lustrum.testing import CampaignRun, run_campaign
from lustrum.testing.campaigns import write_project
from lustrum.testing.leads import batch_of
from lustrum.testing.steps import START
from lustrum.words.errors import ProjectError

PLUGIN = '''
from __future__ import annotations

from lustrum import Failed, Step, Transient, hookimpl, step
from lustrum.contracts.ports import Calls

asked: list[str] = []


@step("probe.mark")
def mark(log: str | None, *, text: str) -> str:
    """Note at the end of the log that one was here."""
    return (log or "") + text


@step("probe.service")
def service(country: str, *, calls: Calls) -> str:
    """Ask a service that is busy the first time."""
    asked.append(country)
    if len(asked) == 1:
        raise Transient("busy")
    return calls.call(country, lambda: country + " by the service")


@hookimpl
def lustrum_steps() -> list[Step]:
    return [mark, service]
'''

ROWS: list[dict[str, Any]] = [
    {"id": "1", "country": "US", "log": None},
    {"id": "2", "country": "DE", "log": None},
]


def flow(*entries: str) -> str:
    return "flow:\n" + "".join(f"  - {entry}\n" for entry in entries)


def mark(text: str, when: str = "") -> str:
    return f"{{use: probe.mark, with: {{text: {text}}}{when and f', when: {when}'}}}"


def project(nightly: str, kind: str = "batch", **children: str) -> dict[str, str]:
    """Write a campaign and the executable campaigns that it runs, each given without its first two lines."""
    files = {f"campaigns/{name}.yaml": f"campaign: {name}\nkind: executable\n{text}" for name, text in children.items()}
    return {
        "plugins/probe.py": PLUGIN,
        "campaigns/nightly.yaml": f"campaign: nightly\nkind: {kind}\n{nightly}",
        **files,
    }


def run(nightly: str, **children: str) -> CampaignRun:
    return run_campaign(project(nightly, **children), ROWS, "nightly")


def logs(ran: CampaignRun) -> list[Any]:
    return [lead["log"] for lead in ran.leads]


def happened(*activities: Mapping[str, Any], **options: Any) -> Given:
    defaults = {"date_of_activity": START - timedelta(days=1), "attributes": "{}", "key": "1"}
    known = [{**defaults, **each, "id": f"a{number}"} for number, each in enumerate(activities)]
    return Given("test", START, activities=pl.DataFrame(known, schema=ACTIVITIES), **options)


def test_e01_an_executable_campaign_runs_only_where_an_execute_entry_runs_it(tmp_path: Path) -> None:
    root = write_project(tmp_path, project(flow("execute: child"), child=flow(mark("c"))))
    loaded = load_project(root)
    request = Request(START, list(ROWS[0]), "leads.csv", ("child",))
    with pytest.raises(ProjectError, match=r"campaigns/child\.yaml:2: .*child is executable"):
        make_plan(loaded, Registry.of_project(loaded), request)
    assert logs(run(flow("execute: child"), child=flow(mark("c")))) == ["c", "c"]


def test_e02_the_caller_waits_until_the_childs_whole_flow_is_done() -> None:
    assert logs(run(flow(mark("a"), "execute: child", mark("d")), child=flow(mark("b"), mark("c")))) == ["abcd"] * 2


@pytest.mark.parametrize("kind", ["batch", "trigger", "executable"])
def test_e03_it_is_called_from_batch_trigger_and_executable_campaigns(kind: str) -> None:
    head = "on: new lead\n" if kind == "trigger" else ""
    files = project(head + flow("execute: child"), kind, child=flow(mark("c")))
    known = happened(*({"type": "lead was created", "key": key} for key in ("1", "2")))
    assert logs(run_campaign(files, ROWS, "nightly", given=known)) == ["c", "c"]


@pytest.mark.parametrize(("tokens", "log"), [("", "child"), (", tokens: parent", "caller")])
def test_e04_an_execute_entry_names_the_campaign_and_whose_tokens_it_sees(tokens: str, log: str) -> None:
    child = "my: {text: child}\n" + flow(mark("'{{my.text}}'"))
    assert logs(run(f"my: {{text: caller}}\n{flow(f'{{execute: child{tokens}}}')}", child=child)) == [log, log]


def test_e05_choices_name_another_child_or_do_nothing() -> None:
    choices = "[{when: country = 'US', execute: american}, {otherwise: nothing}]"
    ran = run(flow(f"{{execute: child, choices: {choices}}}"), child=flow(mark("c")), american=flow(mark("a")))
    assert logs(ran) == ["a", None]
    assert ran.outcomes["nightly > child"] == ["changed", "skipped:nothing"]


def test_e06_later_entries_and_their_choices_see_what_the_child_wrote() -> None:
    choice = "{use: probe.mark, choices: [{when: log = 'c', with: {text: seen}}]}"
    assert (
        logs(run(flow("execute: child", choice, mark("n", "log = 'cseen'")), child=flow(mark("c")))) == ["cseenn"] * 2
    )


def test_e07_the_smart_list_is_a_gate_and_what_it_said_is_written_down() -> None:
    child = "smart_list: country = 'US'\n" + flow(mark("c"))
    ran = run(flow("execute: child", mark("n")), child=child)
    assert logs(ran) == ["cn", "n"]
    assert ran.outcomes["nightly > child"] == ["changed", "skipped:not_qualified"]
    executed = ran.result.executed
    assert executed.filter(pl.col("campaign") == "child")["row"].to_list() == [0]


@pytest.mark.parametrize(
    ("qualification", "log"), [("", "c"), ("qualification: once\n", None), ("qualification: every time\n", "c")]
)
def test_e08_the_childs_qualification_applies_and_is_every_time_unless_it_says_otherwise(
    qualification: str, log: str | None
) -> None:
    files = project(flow("execute: child"), child=qualification + flow(mark("c")))
    past = Given("test", START, qualified={("child", "1"): START - timedelta(days=1)})
    ran = run_campaign(files, ROWS, "nightly", given=past)
    assert logs(ran) == [log, "c"]
    if log is None:
        assert ran.outcomes["nightly > child"] == ["skipped:already_qualified", "changed"]


def test_e09_an_invalid_smart_list_is_refused_and_never_means_nobody() -> None:
    child = "smart_list: {contry: is US}\n" + flow(mark("c"))
    with pytest.raises(ProjectError, match=r'campaigns/child\.yaml:3: .*did you mean "country"'):
        run(flow("execute: child"), child=child)


def test_e10_nesting_has_no_limit() -> None:
    names = [f"level{number}" for number in range(12)]
    children = {name: flow(f"execute: {deeper}") for name, deeper in pairwise(names)}
    assert logs(run(flow("execute: level0"), **children, level11=flow(mark("c")))) == ["c", "c"]


@pytest.mark.parametrize("entry", ["wait: 3 days", "{use: call_webhook}"])
def test_e11_waits_webhooks_and_triggers_stay_outside_and_a_request_is_the_way_out(entry: str) -> None:
    with pytest.raises(ProjectError, match=r"(?s)campaigns/child\.yaml:4: .*request"):
        run(flow("execute: child"), child=flow(entry))
    with pytest.raises(ProjectError, match=r"campaigns/child\.yaml:3: .*trigger"):
        run(flow("execute: child"), child="on: new lead\n" + flow(mark("c")))


def test_e12_a_step_that_asks_a_service_is_allowed_and_waited_for() -> None:
    ran = run(flow("execute: child", mark("n", "country LIKE '%service'")), child=flow("{use: probe.service}"))
    assert [lead["country"] for lead in ran.leads] == ["US by the service", "DE by the service"]
    assert logs(ran) == ["n", "n"]


def test_e13_a_campaign_of_another_project_cannot_be_called() -> None:
    """A project is what a workspace is: it knows the campaigns in its own folder."""
    with pytest.raises(ProjectError, match=r"campaigns/nightly\.yaml:4: there is no campaign elsewhere"):
        run(flow("execute: elsewhere"))


def test_e14_remove_from_flow_ends_the_way_in_the_child_and_its_callers() -> None:
    remove = "{use: remove_from_flow, when: country = 'DE'}"
    ran = run(
        flow("execute: middle", mark("n")), middle=flow("execute: child", mark("m")), child=flow(remove, mark("c"))
    )
    assert logs(ran) == ["cmn", None]


def test_e15_one_line_makes_a_campaign_executable_unless_it_has_a_trigger() -> None:
    files = project(flow("execute: child"), child=flow(mark("c")))
    other = {**files, "campaigns/child.yaml": files["campaigns/child.yaml"].replace("executable", "batch")}
    with pytest.raises(ProjectError, match=r"campaigns/nightly\.yaml:4: the campaign child is batch"):
        run_campaign(other, ROWS, "nightly")
    assert logs(run_campaign(files, ROWS, "nightly")) == ["c", "c"]
    triggered = {**files, "campaigns/child.yaml": files["campaigns/child.yaml"].replace("flow", "on: new lead\nflow")}
    with pytest.raises(ProjectError, match=r"campaigns/child\.yaml:3: .*trigger"):
        run_campaign(triggered, ROWS, "nightly")


@pytest.mark.parametrize(("tokens", "log"), [("", "child"), (", tokens: parent", "given")])
def test_e16_tokens_given_for_a_run_reach_it_through_its_caller_only(tmp_path: Path, tokens: str, log: str) -> None:
    child = "my: {text: child}\n" + flow(mark("'{{my.text}}'"))
    files = project(f"my: {{text: caller}}\n{flow(f'{{execute: child{tokens}}}')}", child=child)
    loaded = load_project(write_project(tmp_path, files))
    request = Request(START, list(ROWS[0]), "leads.csv", ("nightly",), tokens={"text": "given"})
    plan = make_plan(loaded, Registry.of_project(loaded), request)
    assert execute(plan, batch_of(ROWS, plan.schema), Given("test", START)).leads["log"].to_list() == [log, log]


@pytest.mark.parametrize("asked", ["{member of campaign: child}", "{campaign was executed: {campaign: is child}}"])
def test_e17_executions_are_written_down_and_a_filter_asks_about_them(asked: str) -> None:
    child = flow(mark("c"))
    first = run(flow("execute: child"), child=child)
    assert set(first.result.executed.select("row", "campaign").rows()) == {
        (row, name) for row in (0, 1) for name in ("nightly", "child")
    }
    known = happened({"type": "campaign was executed", "attributes": json.dumps({"campaign": "child"})})
    files = project(f"smart_list: {asked}\n{flow(mark('n'))}", child=child)
    assert logs(run_campaign(files, ROWS, "nightly", given=known)) == ["n", None]


def test_e18_copied_files_are_the_campaign_and_nothing_is_switched_off(tmp_path: Path) -> None:
    files = project(flow("execute: child"), child=flow(mark("c")))
    copies = [write_project(tmp_path / name, files) for name in ("sandbox", "production")]
    assert [logs(run_campaign(root, ROWS, "nightly")) for root in copies] == [["c", "c"]] * 2
