"""What people miss in Marketo's campaigns (C1 to C25 of the documents), as far as this version gives it to them.

C21 (duplicates) is not among them yet.
"""

from __future__ import annotations

import csv
import json
import socket
import sys
from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lustrum.cli import call
from lustrum.engine.given import ACTIVITIES, Given
from lustrum.files.project import load_project
from lustrum.planning.planner import Request, make_plan
from lustrum.planning.registry import Registry
from lustrum.testing import CampaignRun, run_campaign
from lustrum.testing.campaigns import write_project
from lustrum.testing.steps import START
from lustrum.words.errors import ProjectError

PLUGIN = '''
from __future__ import annotations

import re

from lustrum import Attempt, Failed, Step, Transient, hookimpl, step
from lustrum.contracts.ports import Calls

asked: list[str] = []


@step("probe.mark")
def mark(log: str | None, *, text: str) -> str:
    """Note at the end of the log that one was here."""
    return (log or "") + text


@step("probe.service", strategies=("exact", "guess"))
def service(country: str, *, calls: Calls, attempt: Attempt) -> str | Failed:
    """Ask a service that is busy the first time, and knows some countries by a guess only."""
    asked.append(country)
    if asked == [country]:
        raise Transient("busy")
    if country.startswith("?") or (country == "Germny" and not attempt.tries("guess")):
        return Failed("unknown")
    return calls.call(country, lambda: country[:2].upper())


@step("probe.digits")
def digits(phone: str) -> str:
    """Leave the digits of a text only."""
    return re.sub(r"\\D", "", phone)


@hookimpl
def lustrum_steps() -> list[Step]:
    return [mark, service, digits]
'''
PROJECT = "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: nightly\n"
LEADS = "id,country,log\n1,Germny,\n2,US,\n3,?,\n"
ROWS: list[dict[str, Any]] = [{"id": "1", "country": "US", "log": None}, {"id": "2", "country": "DE", "log": None}]


def flow(*entries: str) -> str:
    return "flow:\n" + "".join(f"  - {entry}\n" for entry in entries)


def mark(text: str, when: str = "") -> str:
    return f"{{use: probe.mark, with: {{text: {text}}}{when and f', when: {when}'}}}"


def project(nightly: str, batches: Mapping[str, str] | None = None, /, **children: str) -> dict[str, str]:
    """Write `nightly` and the campaigns that it executes or requests, each given without its first two lines."""
    texts = {"nightly": ("batch", nightly)}
    texts |= {name: ("batch", text) for name, text in (batches or {}).items()}
    texts |= {name: ("executable", text) for name, text in children.items()}
    files = {
        f"campaigns/{name}.yaml": f"campaign: {name}\nkind: {kind}\n{text}" for name, (kind, text) in texts.items()
    }
    return {"lustrum.yaml": PROJECT, "plugins/probe.py": PLUGIN, **files}


def on_disk(root: Path, files: Mapping[str, str], leads: str = LEADS) -> Path:
    return write_project(root, {**files, "leads.csv": leads})


def logs(ran: CampaignRun) -> list[Any]:
    return [lead["log"] for lead in ran.leads]


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_c01_a_run_is_taken_back_and_what_it_did_once_may_be_done_again(tmp_path: Path) -> None:
    entries = flow("use: probe.digits", '{use: change.score, with: {change: "+5"}}')
    files = {
        "lustrum.yaml": f"{PROJECT}fields: {{score: integer}}\n",
        "campaigns/nightly.yaml": f"campaign: nightly\nkind: batch\n{entries}",
        "plugins/probe.py": PLUGIN,
        "leads.csv": "id,phone,score\n1,(06) 698,1\n",
    }
    root = write_project(tmp_path, files)
    asked = ["--project", str(root)]
    own = ["--out", str(root / "leads.csv")]
    assert call(["run", *asked, *own, "--quiet"]) == 0
    assert (root / "leads.csv").read_text() == "id,phone,score\n1,06698,6\n"
    assert call(["undo", "last", *asked]) == 0
    assert (root / "leads.csv").read_text() == files["leads.csv"]
    assert call(["run", *asked, *own, "--quiet"]) == 0
    assert (root / "leads.csv").read_text() == "id,phone,score\n1,06698,6\n"


def test_c02_a_dry_run_shows_every_change_and_makes_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = on_disk(tmp_path, project(flow(mark("x"))))
    assert call(["run", "--project", str(root), "--dry-run", "--quiet"]) == 0
    assert call(["diff", "last", "--project", str(root), "--json"]) == 0
    assert '"log"' in capsys.readouterr().out
    assert not (root / "out").exists()
    assert (root / "leads.csv").read_text() == LEADS


@pytest.mark.parametrize(("expected", "code"), [("x", 0), ("y", 1)])
def test_c03_a_campaign_has_tests_that_fail(tmp_path: Path, expected: str, code: int) -> None:
    cases = f"given.id,given.country,given.log,expected.log\n1,US,,{expected}\n"
    root = on_disk(tmp_path, {**project(flow(mark("x"))), "fixtures/nightly/cases.csv": cases})
    assert call(["test", "--project", str(root)]) == code


def test_c04_campaigns_are_text_and_a_run_knows_their_version(tmp_path: Path) -> None:
    def digest(name: str, nightly: str) -> str:
        loaded = load_project(write_project(tmp_path / name, project(nightly)))
        return make_plan(loaded, Registry.of_project(loaded), Request(START, list(ROWS[0]), "leads.csv")).digest

    assert digest("old", flow(mark("x"))) == digest("same", flow(mark("x")))
    assert digest("old", flow(mark("x"))) != digest("new", flow(mark("y")))


def test_c05_a_campaign_is_written_and_read_back_without_a_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rules of smart lists and every entry of a flow come out again, as data."""
    root = on_disk(tmp_path, project("smart_list: {country: is US}\n" + flow("execute: child"), child=flow(mark("x"))))
    assert call(["explain", "--project", str(root), "--format", "json"]) == 0
    told = capsys.readouterr().out
    assert json.loads(told)
    assert all(word in told for word in ("nightly > child > probe.mark", "country", "US"))


def test_c06_nesting_goes_deeper_than_three_levels() -> None:
    names = [f"level{number}" for number in range(9)]
    children = {name: flow(f"execute: {deeper}") for name, deeper in pairwise(names)}
    ran = run_campaign(project(flow("execute: level0"), **children, level8=flow(mark("x"))), ROWS)
    assert logs(ran) == ["x", "x"]
    circle = {**children, "level8": flow("execute: level3")}
    with pytest.raises(ProjectError, match="level3 > level4 > level5 > level6 > level7 > level8 > level3"):
        run_campaign(project(flow("execute: level0"), **circle), ROWS)


def test_c07_an_executable_campaign_asks_services_and_a_wait_is_requested() -> None:
    """The caller waits for the call, its failures and retries included; who must wait for days is requested."""
    files = project(
        flow("execute: child", "request: later", mark("n")),
        {"later": flow("wait: 3 days", mark("l"))},
        child=flow("{use: probe.service}"),
    )
    ran = run_campaign(files, ROWS)
    assert [lead["country"] for lead in ran.leads] == ["US", "DE"]
    assert (logs(ran), ran.outcomes["nightly > later > wait"]) == (["n", "n"], ["skipped:parked"] * 2)


def test_c08_what_failed_is_retried_repaired_and_told_apart() -> None:
    """A busy service is asked again, a second strategy tried, a repair run; what stays open is known afterwards."""
    retry = "retry: {transient: {attempts: 3, wait: 5s}, repair: mend}"
    files = project(
        flow(f"{{use: probe.service, {retry}}}", mark("stuck", "failed(country)"), mark("fine", "country IS NOT NULL")),
        mend=flow("{use: change.value, when: country = '?', with: {field: country, value: Deutschland}}"),
    )
    rows = [{"id": key, "country": country, "log": None} for key, country in (("1", "Germny"), ("2", "?"), ("3", "??"))]
    ran = run_campaign(files, rows, "nightly")
    assert [lead["country"] for lead in ran.leads] == ["GE", "DE", "??"]
    assert ran.outcomes["nightly > probe.service"] == ["changed", "changed", "failed:unknown"]
    assert logs(ran) == ["fine", "fine", "stuck"]
    assert sum(ran.waits) == 5.0


def test_c09_nobody_is_disqualified_silently() -> None:
    gated = project(flow("execute: child"), child="smart_list: country = 'US'\n" + flow(mark("x")))
    first = run_campaign(gated, ROWS)
    assert first.outcomes["nightly > child"] == ["changed", "skipped:not_qualified"], "with the reason"
    past = Given("test", START, qualified={("child", key): START - timedelta(days=1) for key in ("1", "2")})
    assert logs(run_campaign(gated, ROWS, given=past)) == ["x", None], "every time unless told otherwise"
    once = project(flow("execute: child"), child="qualification: once\n" + flow(mark("x")))
    assert run_campaign(once, ROWS, given=past).outcomes["nightly > child"] == ["skipped:already_qualified"] * 2
    with pytest.raises(ProjectError, match=r"campaigns/child\.yaml:3: "):
        run_campaign(project(flow("execute: child"), child="smart_list: {contry: is US}\n" + flow(mark("x"))), ROWS)


@pytest.mark.parametrize("size", [1, 7, None])
def test_c10_campaigns_do_not_race(size: int | None) -> None:
    """What is requested runs after the flow, in the order of call, on what the values are then: every time."""
    rows = [{**ROWS[0], "id": str(number)} for number in range(20)]
    files = project(
        flow("request: first", "request: second", mark("n")),
        {"first": "smart_list: log = 'n'\n" + flow(mark("f")), "second": "smart_list: log = 'nf'\n" + flow(mark("s"))},
    )
    assert logs(run_campaign(files, rows, "nightly", batch_size=size)) == ["nfs"] * 20


def test_c11_no_entry_is_overtaken_whatever_it_does() -> None:
    """Hygiene has no lower priority than what sales is told: it is told the clean value."""
    moment = "{use: moment.record, with: {type: Web, text: 'From {{lead.country}}'}}"
    ran = run_campaign(project(flow("{use: change.value, with: {field: country, value: FR}}", moment)), ROWS)
    assert [each["text"] for each in ran.moments] == ["From FR", "From FR"]


def test_c12_a_service_is_asked_once_for_each_distinct_input() -> None:
    rows = [{"id": str(number), "country": ("US", "DE")[number % 2], "log": None} for number in range(1000)]
    ran = run_campaign(project(flow("{use: probe.service}")), rows)
    assert ran.outcomes["nightly > probe.service"] == ["unchanged"] * 1000
    assert sorted(sys.modules["lustrum_project.probe"].asked) == ["DE", "US", "US"], "one was busy the first time"


def test_c13_steps_transform_texts_and_a_missing_one_is_a_function_of_python() -> None:
    score = "{use: change.score, with: {field: score, change: -10%}}"
    tidy = "{use: standardise.person_name, when: \"LOWER(TRIM(first_name)) LIKE 'a%'\"}"
    files = {
        **project(flow("{use: probe.digits}", score, tidy)),
        "lustrum.yaml": PROJECT + "fields: {score: integer}\n",
    }
    row = {"id": "1", "phone": "+49 (30) 1-2", "score": 50, "first_name": " ADA", "last_name": "LOVELACE"}
    (lead,) = run_campaign(files, [row]).leads
    assert (lead["phone"], lead["score"], lead["first_name"]) == ("493012", 45, "Ada")


@pytest.mark.parametrize(
    ("when", "taken"),
    [
        ("{asset: is Asset 1}", ["1"]),
        ("{all: [{asset: starts with Asset}, {score: at least 50}]}", ["2"]),
        ("\"asset LIKE '%1' OR score > 60\"", ["1"]),
        ("{asset: 'is {{my.asset}}'}", ["2"]),
        ("\"asset = '{{lead.wanted}}'\"", ["1"]),
        ("{member of smart list: big}", ["2"]),
    ],
)
def test_c14_a_choice_takes_any_condition_and_hits_nothing_else(when: str, taken: list[str]) -> None:
    files = {
        **project(
            f"my: {{asset: Asset 12}}\n{flow(f'{{use: probe.mark, with: {{text: x}}, choices: [{{when: {when}}}]}}')}"
        ),
        "lustrum.yaml": PROJECT + "fields: {score: integer}\nsmart_lists: {big: score BETWEEN 50 AND 60}\n",
    }
    rows: list[dict[str, Any]] = [
        {"id": "1", "asset": "Asset 1", "wanted": "Asset 1", "score": 5, "log": None},
        {"id": "2", "asset": "Asset 12", "wanted": "Asset 1", "score": 55, "log": None},
    ]
    assert [lead["id"] for lead in run_campaign(files, rows).leads if lead["log"]] == taken


def test_c15_a_plugin_is_one_function_in_one_file(tmp_path: Path) -> None:
    """No server, no installation, no name that is burnt: write it again and it is the new one."""
    plugin = (
        "from lustrum import Step, hookimpl, step\n\n"
        "@step('acme.say')\ndef say(log: str | None) -> str:\n    return 'TEXT'\n\n"
        "@hookimpl\ndef lustrum_steps() -> list[Step]:\n    return [say]\n"
    )
    for text in ("one", "two"):
        files = {**project(flow("{use: acme.say}")), "plugins/acme.py": plugin.replace("TEXT", text)}
        assert logs(run_campaign(write_project(tmp_path / text, files), ROWS)) == [text, text]


def test_c16_it_runs_without_any_service(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    files = project(flow("{use: standardise.country}", "{use: moment.record, with: {type: Web, text: clean}}"))
    assert len(run_campaign(files, ROWS).moments) == 2


@pytest.mark.parametrize("years", [1, 30])
def test_c17_history_does_not_evaporate(years: int) -> None:
    files = project(
        "smart_list: {data value changed: {attribute: is country}}\n"
        + flow("{use: moment.record, with: {type: Web, text: moved}}", mark("x"))
    )
    long_ago = START - timedelta(days=365 * years)
    changed = {"key": "1", "id": "a1", "type": "data value changed", "date_of_activity": long_ago}
    past = pl.DataFrame([{**changed, "attributes": json.dumps({"attribute": "country"})}], schema=ACTIVITIES)
    first = run_campaign(files, ROWS, given=Given("first", START, activities=past))
    assert logs(first) == ["x", None]
    done = dict.fromkeys(first.result.effects["effect"].to_list(), long_ago)
    assert run_campaign(files, ROWS, given=Given("second", START, activities=past, effects=done)).moments == []


def test_c18_every_lead_says_what_each_entry_did_to_it() -> None:
    """The call stack, the gate, the choice taken, and each value before and after."""
    choices = "[{when: country = 'FR', with: {text: f}}, {otherwise: {with: {text: o}}}]"
    files = project(
        flow("execute: outer"),
        outer=flow("execute: inner"),
        inner="smart_list: country = 'US'\n" + flow(f"{{use: probe.mark, choices: {choices}}}"),
    )
    ran = run_campaign(files, ROWS)
    assert ran.outcomes == {
        "nightly > outer": ["changed", "unchanged"],
        "nightly > outer > inner": ["changed", "skipped:not_qualified"],
        "nightly > outer > inner > probe.mark": ["changed", ""],
    }
    assert ran.result.choices.rows() == [(0, "nightly > outer > inner > probe.mark", 2)]
    told = ran.result.trail.select("field", "before", "after", "step", "plugin", "path").rows()
    assert told == [("log", None, "o", "probe.mark", "probe", "nightly > outer > inner > probe.mark")]


def test_c19_the_same_files_run_on_a_sample_and_on_the_real_leads(tmp_path: Path) -> None:
    root = on_disk(tmp_path / "project", project(flow(mark("x"))))
    sample, out = tmp_path / "sample.csv", tmp_path / "out.csv"
    sample.write_text("id,country,log\n9,IT,\n")
    assert call(["run", "--project", str(root), "--leads", str(sample), "--out", str(out), "--quiet"]) == 0
    assert out.read_text() == "id,country,log\n9,IT,x\n"
    assert call(["run", "--project", str(root), "--quiet"]) == 0
    assert [row["log"] for row in cells(root / "out/leads.csv")] == ["x", "x", "x"]


@pytest.mark.parametrize(
    ("smart_list", "taken"),
    [
        ("{score: is 0}", "1"),
        ("{score: is not 0}", "23"),
        ("{seen: before 2026-01-01}", "1"),
        ("{seen: in past before 1 week}", "1"),
        ("{agreed: is not true}", "13"),
        ("{agreed: is false}", "1"),
        ("{country: is us}", "12"),
        ('"score = 0 OR (agreed AND score = 9)"', "1"),
    ],
)
def test_c20_an_operator_means_what_it_says(smart_list: str, taken: str) -> None:
    types = "fields: {score: integer, seen: date, agreed: boolean}\n"
    files = {**project(f"smart_list: {smart_list}\n{flow(mark('x'))}"), "lustrum.yaml": PROJECT + types}
    rows: list[dict[str, Any]] = [
        {"id": "1", "country": "US", "score": 0, "seen": "2025-01-01", "agreed": False, "log": None},
        {"id": "2", "country": "us", "score": 5, "seen": "2026-01-30", "agreed": True, "log": None},
        {"id": "3", "country": None, "score": None, "seen": None, "agreed": None, "log": None},
    ]
    assert "".join(lead["id"] for lead in run_campaign(files, rows).leads if lead["log"]) == taken


def test_c20_and_and_or_are_not_mixed_without_brackets() -> None:
    with pytest.raises(ProjectError, match=r"campaigns/nightly\.yaml:3: AND and OR are mixed without brackets"):
        run_campaign(project("smart_list: country = 'US' OR country = 'DE' AND log IS NULL\n" + flow(mark("x"))), ROWS)


def test_c22_a_whole_file_goes_through_without_quotas(tmp_path: Path) -> None:
    leads = "id,country,log\n" + "".join(f"{number},US,\n" for number in range(5000))
    root = on_disk(tmp_path, project(flow(mark("x"))), leads)
    assert call(["run", "--project", str(root), "--quiet"]) == 0
    assert sum(row["log"] == "x" for row in cells(root / "out/leads.csv")) == 5000


@pytest.mark.parametrize(
    ("on", "taken"), [("new lead", 2), ("{activity: new lead, date of activity: in past 7 days}", 1)]
)
def test_c23_how_old_an_event_may_be_is_said_in_the_trigger(on: str, taken: int) -> None:
    """What happened before its lead was known does not fire for ever: `on` names the time, and each fires once."""
    created = [
        {"key": key, "id": f"a{key}", "type": "lead was created", "date_of_activity": START - timedelta(days=days)}
        for key, days in (("1", 1), ("2", 400))
    ]
    past = pl.DataFrame([{**each, "attributes": "{}"} for each in created], schema=ACTIVITIES)
    news = f"campaign: news\nkind: trigger\non: {on}\n{flow(mark('x'))}"
    files = {**project(flow(mark("n"))), "campaigns/news.yaml": news}
    first = run_campaign(files, ROWS, "news", given=Given("first", START, activities=past))
    assert sum(log == "x" for log in logs(first)) == taken
    consumed = frozenset(first.result.consumed.select("campaign", "activity").rows())
    again = Given("second", START, activities=past, consumed=consumed)
    assert logs(run_campaign(files, ROWS, "news", given=again)) == [None, None]


def test_c24_a_change_of_too_many_leads_is_stopped_before_it_is_made(tmp_path: Path) -> None:
    """No step deletes a lead, and what empties a field for all of them meets a guard."""
    files = project(flow("{use: change.value, with: {field: country}}"))
    root = on_disk(tmp_path, {**files, "lustrum.yaml": PROJECT + "guards: {changed: {country: 2}}\n"})
    assert call(["run", "--project", str(root), "--quiet"]) == 3
    assert not (root / "out").exists()
    installed = Registry.load(None, ())
    assert not [name for name in installed.steps if "delete" in name]


@pytest.mark.parametrize(
    "step", ["moment.record", "enrich.lookup", "enrich.infer_country", "qualify.score", "send.alert", "call_webhook"]
)
def test_c25_enrichment_moments_and_calls_are_no_add_on(step: str) -> None:
    assert "lustrum_plugins" in Registry.load(None, ()).find(step).plugin.source
