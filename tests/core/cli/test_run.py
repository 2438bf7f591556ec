"""`lustrum run`: every option, every exit code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lustrum = Callable[..., Any]
Begin = Callable[..., Path]

PROJECT = "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: nightly\n"
FAILING = "id,city\n1,?\n2,Oslo\n"


def test_a_run_prints_a_summary_and_writes_the_leads_and_the_files_beside(lustrum: Lustrum, begin: Begin) -> None:
    root = begin()
    said = lustrum("run", "--run-id", "first")
    assert said.code == 0
    assert "run first: nightly: applied\n" in said.out
    assert "leads        3 read\n" in said.out
    assert "changed      2 leads, 2 cells: city 2\n" in said.out
    assert "quarantine   0 leads\n" in said.out
    assert (root / "out/leads.csv").read_text() == "id,city\n1,Rome\n2,Oslo\n3,Bern\n"
    beside = {path.name for path in (root / "out").iterdir()}
    assert beside == {"leads.csv", *(f"leads.{name}.csv" for name in ("changes", "moments", "quarantine", "rejects"))}


def test_elsewhere_than_on_a_terminal_progress_is_plain_lines(lustrum: Lustrum, begin: Begin) -> None:
    begin()
    assert lustrum("run", "--batch-size", "2").err == "2 leads done\n3 leads done\n"


def test_on_a_terminal_progress_is_a_bar(lustrum: Lustrum, begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    begin()
    assert "cleaning" in lustrum("run").err


def test_a_run_may_be_anywhere_with_project_leads_and_out(lustrum: Lustrum, begin: Begin, tmp_path: Path) -> None:
    root = begin()
    (tmp_path / "other.csv").write_text("id,city\n9,paris\n")
    said = lustrum("run", "--project", root, "--leads", tmp_path / "other.csv", "--out", tmp_path / "clean.csv")
    assert said.code == 0
    assert (tmp_path / "clean.csv").read_text() == "id,city\n9,Paris\n"
    assert not (root / "out").exists()


def test_a_file_named_from_one_folder_is_the_same_from_another(
    lustrum: Lustrum, begin: Begin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = begin()
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "some.csv").write_text(f"id,city\n9,{name}\n")
    monkeypatch.chdir(tmp_path / "first")
    told = json.loads(lustrum("run", "--project", root, "--leads", "some.csv", "--out", "clean.csv", "--json").out)
    assert told["source"] == str(tmp_path / "first/some.csv")
    monkeypatch.chdir(tmp_path / "second")
    assert lustrum("undo", "last", "--project", root).code == 0
    assert {path.name for path in (tmp_path / "first").iterdir()} == {"some.csv"}


def test_the_project_is_found_from_a_folder_below(
    lustrum: Lustrum, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(begin() / "campaigns")
    assert lustrum("run", "--quiet").code == 0


def test_a_dry_run_applies_nothing(lustrum: Lustrum, begin: Begin) -> None:
    root = begin()
    said = lustrum("run", "--dry-run")
    assert (said.code, "dry run: nothing was applied" in said.out) == (0, True)
    assert not (root / "out").exists()


def test_leads_beyond_the_limit_are_copied(lustrum: Lustrum, begin: Begin) -> None:
    root = begin()
    said = lustrum("run", "--limit", "1")
    assert "leads        1 read (2 beyond --limit, copied)\n" in said.out
    assert (root / "out/leads.csv").read_text() == "id,city\n1,Rome\n2,Oslo\n3,BERN\n"


def test_a_campaign_may_be_named(lustrum: Lustrum, begin: Begin) -> None:
    root = begin({"campaigns/other.yaml": "campaign: other\nkind: batch\nflow: [{use: demo.size}]\n"})
    assert lustrum("run", "other", "--quiet").code == 0
    assert "2,Oslo (4 letters)" in (root / "out/leads.csv").read_text()


def test_quiet_prints_nothing(lustrum: Lustrum, begin: Begin) -> None:
    begin()
    said = lustrum("run", "--quiet")
    assert (said.code, said.out, said.err) == (0, "", "")


def test_json_is_the_summary(lustrum: Lustrum, begin: Begin) -> None:
    begin()
    said = lustrum("run", "--json", "--run-id", "r1")
    summary = json.loads(said.out)
    assert (summary["run"], summary["status"], summary["changed"], summary["exit_code"]) == (
        "r1",
        "applied",
        {"city": 2},
        0,
    )
    assert said.err == ""


def test_rejects_and_unreadable_cells_are_told(lustrum: Lustrum, begin: Begin) -> None:
    begin(
        {
            "lustrum.yaml": f"{PROJECT}fields: {{age: integer}}\n",
            "leads.csv": "id,city,age\n1,Rome,old\n2,Oslo,7,8,9\n",
        }
    )
    said = lustrum("run")
    assert "1 rejected" in said.out
    assert "unreadable" in said.out
    assert "age 1" in said.out


def test_effects_are_counted(lustrum: Lustrum, begin: Begin) -> None:
    begin({"campaigns/nightly.yaml": "campaign: nightly\nkind: batch\nflow:\n  - {use: demo.note, with: {text: Hi}}\n"})
    assert "effects      3: moment 3\n" in lustrum("run").out


def test_more_leads_in_quarantine_than_allowed_is_exit_code_1(lustrum: Lustrum, begin: Begin) -> None:
    begin({"leads.csv": FAILING})
    said = lustrum("run")
    assert said.code == 1
    assert "quarantine   1 leads: not_a_city 1\n" in said.out


def test_as_many_as_allowed_is_exit_code_0(lustrum: Lustrum, begin: Begin) -> None:
    begin(
        {
            "leads.csv": FAILING,
            "lustrum.yaml": f"{PROJECT}allow: {{quarantined: 1}}\n",
        }
    )
    assert lustrum("run").code == 0


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"campaigns/nightly.yaml": "campaign: nightly\nkind: batch\nflow:\n  - use: demo.tdiy\n"}, "nightly.yaml:4"),
        ({"lustrum.yaml": "leads: {form: leads.csv, to: out.csv}\n"}, "lustrum.yaml:1"),
        ({"lustrum.yaml": "leads: {from: leads.csv, to: out.csv}\n"}, "which campaign? name one"),
        ({"leads.csv": "id,City,city\n1,a,b\n"}, "leads.csv:1"),
    ],
)
def test_an_invalid_project_is_exit_code_2_and_leaves_nothing(
    lustrum: Lustrum, begin: Begin, files: dict[str, str], message: str
) -> None:
    root = begin(files)
    said = lustrum("run")
    assert said.code == 2
    assert message in said.err
    assert "Traceback" not in said.err
    assert not (root / "out").exists()


def test_several_problems_stand_one_a_line(lustrum: Lustrum, begin: Begin) -> None:
    begin({"campaigns/nightly.yaml": "campaign: nightly\nkind: batch\nflow:\n  - use: demo.a\n  - use: demo.b\n"})
    lines = lustrum("run").err.splitlines()
    assert lines[0] == "lustrum:"
    assert [line.partition(": ")[0] for line in lines[1:]] == ["campaigns/nightly.yaml:4", "campaigns/nightly.yaml:5"]


def test_a_run_id_is_used_once(lustrum: Lustrum, begin: Begin) -> None:
    begin()
    assert lustrum("run", "--run-id", "r1").code == 0
    said = lustrum("run", "--run-id", "r1")
    assert said.code == 2
    assert "there was a run r1 already" in said.err


def test_outside_of_a_project_is_exit_code_2(lustrum: Lustrum, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = lustrum("run")
    assert (said.code, "there is no lustrum.yaml" in said.err) == (2, True)


def test_a_project_folder_that_is_not_there_is_exit_code_2(lustrum: Lustrum, tmp_path: Path) -> None:
    said = lustrum("run", "--project", tmp_path / "nowhere")
    assert (said.code, "there is no folder" in said.err) == (2, True)


def test_a_guard_stops_the_run_with_exit_code_3(lustrum: Lustrum, begin: Begin) -> None:
    guarded = f"{PROJECT}guards: {{changed: {{city: 1}}}}\n"
    root = begin({"lustrum.yaml": guarded})
    said = lustrum("run", "--run-id", "r1")
    assert said.code == 3
    assert "STOPPED by a guard: nothing was applied" in said.out
    assert "guard changed.city: 2 of 3 leads" in said.out
    assert "look at `lustrum diff r1`" in said.out
    assert not (root / "out").exists()


def test_abort_stops_the_run_with_exit_code_3(lustrum: Lustrum, begin: Begin) -> None:
    aborting = "campaign: nightly\nkind: batch\nflow:\n  - {use: demo.tidy, on_fail: abort}\n"
    root = begin({"leads.csv": FAILING, "campaigns/nightly.yaml": aborting})
    said = lustrum("run")
    assert said.code == 3
    assert "ABORTED: nothing was applied" in said.out
    assert "campaigns/nightly.yaml:4" in said.out
    assert not (root / "out").exists()


def test_a_run_that_is_interrupted_from_outside_blames_no_step(lustrum: Lustrum, begin: Begin) -> None:
    root = begin({"leads.csv": "id,city\n1,signal\n"})
    said = lustrum("run", "--quiet")
    assert said.code == 4
    assert said.err.startswith("lustrum: interrupted; nothing was applied")
    assert not (root / "out").exists()


def test_an_interrupted_run_is_exit_code_4_and_applies_nothing(lustrum: Lustrum, begin: Begin) -> None:
    root = begin({"leads.csv": "id,city\n1,stop\n"})
    said = lustrum("run", "--quiet")
    assert said.code == 4
    assert "the step demo.tidy raised KeyboardInterrupt, which ends the run; mend it; nothing was applied" in said.err
    assert re.search(r"lustrum: demo\.py:\d+: the step", said.err)
    assert not (root / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--leads", "nowhere.csv"], "nowhere.csv"),
        (["--leads", "leads.xyz"], "no plugin reads leads from here"),
        (["--out", "leads.xyz"], "no plugin writes leads to here"),
        (["--out", "leads.csv/out.csv"], "leads.csv"),
    ],
)
def test_a_source_or_sink_that_fails_is_exit_code_5(
    lustrum: Lustrum, begin: Begin, arguments: list[str], message: str
) -> None:
    begin()
    said = lustrum("run", *arguments)
    assert said.code == 5
    assert message in said.err
    assert "Traceback" not in said.err


def test_a_step_that_raises_is_told_with_its_place(lustrum: Lustrum, begin: Begin) -> None:
    begin({"leads.csv": "id,city\n1,boom\n2,Oslo\n"})
    said = lustrum("run")
    assert said.code == 1
    assert "step raised" in said.out
    assert "demo.py:" in said.out


def test_warnings_and_observers_that_raise_are_told(lustrum: Lustrum, begin: Begin) -> None:
    observer = (
        "from lustrum import hookimpl\n\n@hookimpl\ndef lustrum_run_started(run):\n    raise ValueError('deaf')\n"
    )
    flow = "campaign: nightly\nkind: batch\nflow:\n  - {use: demo.size, writes: {city: country}}\n  - use: demo.tidy\n"
    begin(
        {
            "plugins/observer.py": observer,
            "campaigns/nightly.yaml": flow,
            "leads.csv": "id,city,country\n1,rome,IT\n",
        }
    )
    said = lustrum("run")
    assert said.code == 0
    assert "warning      campaigns/nightly.yaml:4: " in said.out
    assert "complaint    plugin observer: lustrum_run_started raised ValueError: deaf\n" in said.out


BUSY = '''
from lustrum import Step, Transient, hookimpl, step

asked = []


@step("busy.ask")
def ask(city: str) -> str:
    """Ask a provider that is busy at first."""
    asked.append(city)
    if len(asked) == 1:
        raise Transient("busy", retry_after={wait})
    return city.upper()


@hookimpl
def lustrum_steps() -> list[Step]:
    return [ask]
'''
HOLDING = (
    "campaign: nightly\nkind: batch\nflow:\n"
    "  - {use: busy.ask, retry: {transient: {attempts: 2, wait: 10ms, hold: 0.1s}}}\n"
)


def busy(wait: str) -> dict[str, str]:
    return {
        "campaigns/nightly.yaml": HOLDING,
        "plugins/busy.py": BUSY.replace("{wait}", wait),
        "leads.csv": "id,city\n1,rome\n",
    }


def test_leads_that_were_put_off_are_told(lustrum: Lustrum, begin: Begin) -> None:
    begin(busy("0.2"))
    said = lustrum("run")
    assert (said.code, "put off      1 leads waited for a busy provider and went through again\n" in said.out) == (
        0,
        True,
    )


def test_nobody_waits_where_it_is_not_wanted(lustrum: Lustrum, begin: Begin) -> None:
    begin(busy("3600"))
    said = lustrum("run", "--no-wait")
    assert (said.code, "quarantine   1 leads: retry_later 1\n" in said.out) == (1, True)
    assert "put off" not in said.out


def test_a_token_may_be_given_for_one_run(lustrum: Lustrum, begin: Begin) -> None:
    flow = 'campaign: nightly\nkind: batch\nflow:\n  - {use: demo.tidy, with: {mark: "{{my.mark}}{{my.other}}"}}\n'
    root = begin({"campaigns/nightly.yaml": flow, "lustrum.yaml": f'{PROJECT}my: {{mark: "!", other: "-"}}\n'})
    assert lustrum("run", "--quiet", "--token", "my.mark=a=b", "--token", "my.mark=a=b").code == 0
    assert "1,Romea=b-" in (root / "out/leads.csv").read_text()
    assert lustrum("run", "--quiet").code == 0
    assert "1,Rome!-" in (root / "out/leads.csv").read_text()


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        (["my.mark"], '"my.mark" gives no token a value'),
        (["mark=x"], '"mark=x" says no namespace; write my.mark=x'),
        (["lead.city=x"], "only plain tokens of my can be given a value"),
        (["my.mork=x"], "there is no token {{my.mork}} to override"),
        (["my.mark=x", "my.mark=y"], 'the token my.mark is given two values, "x" and "y"; leave one out'),
    ],
)
def test_a_token_that_cannot_be_given_is_exit_code_2(
    lustrum: Lustrum, begin: Begin, tokens: list[str], message: str
) -> None:
    root = begin({"lustrum.yaml": f'{PROJECT}my: {{mark: "!"}}\n'})
    said = lustrum("run", *(part for token in tokens for part in ("--token", token)))
    assert (said.code, message in said.err) == (2, True)
    assert not (root / "out").exists()


FEED = """\
id,lead,type,at
a,1,New Lead,2026-01-01
b,9,New Lead,2026-01-01
b,9,New Lead,2026-01-01
c,2,New Lead,x
d,1,Visit Webpage,2026-01-01
"""


def test_parked_leads_and_activities_are_told(lustrum: Lustrum, begin: Begin) -> None:
    waiting = "campaign: nightly\nkind: batch\nflow:\n  - {wait: 3 days}\n"
    welcome = "campaign: welcome\nkind: trigger\non: new lead\nflow:\n  - {use: demo.note, with: {text: Hi}}\n"
    begin(
        {
            "lustrum.yaml": f"{PROJECT}activities: {{from: feed.csv}}\n",
            "campaigns/nightly.yaml": waiting,
            "campaigns/welcome.yaml": welcome,
            "feed.csv": FEED,
        }
    )
    said = lustrum("run", "nightly", "welcome")
    assert "parked       3 leads wait for their time\n" in said.out
    fed = "5 in the feed, 2 of the types asked about, 1 taken by triggers"
    besides = "1 repeated, 1 of leads that are not in the source, 1 unreadable: time_unreadable 1"
    assert f"activities   {fed}, {besides}\n" in said.out
