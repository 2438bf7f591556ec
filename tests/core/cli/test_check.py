"""`lustrum check`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Lustrum = Callable[..., Any]
Begin = Callable[..., Path]


def test_a_sound_project_has_nothing_wrong(lustrum: Lustrum, begin: Begin) -> None:
    root = begin()
    said = lustrum("check")
    assert (said.code, said.out) == (0, "project: nightly: entries 1, fields 2: nothing is wrong\n")
    assert not (root / ".lustrum").exists()


def test_every_problem_is_told_with_its_line(lustrum: Lustrum, begin: Begin) -> None:
    begin(
        {"campaigns/nightly.yaml": "campaign: nightly\nkind: batch\nflow:\n  - use: demo.tdiy\n  - execute: nobody\n"}
    )
    said = lustrum("check")
    assert said.code == 2
    assert 'campaigns/nightly.yaml:4: there is no step demo.tdiy; did you mean "demo.tidy"?' in said.err
    assert "campaigns/nightly.yaml:5: there is no campaign nobody" in said.err


def test_warnings_and_broken_plugins_do_not_fail_the_check(lustrum: Lustrum, begin: Begin) -> None:
    flow = "campaign: nightly\nkind: batch\nflow:\n  - {use: demo.size, writes: {city: country}}\n  - use: demo.tidy\n"
    broken = {"plugins/broken.py": "raise RuntimeError('no')\n"}
    begin({**broken, "campaigns/nightly.yaml": flow, "leads.csv": "id,city,country\n1,rome,IT\n"})
    said = lustrum("check")
    assert said.code == 0
    assert "plugin broken (plugins/broken.py): RuntimeError: no" in said.out
    assert "warning: campaigns/nightly.yaml:4: " in said.out


def test_another_source_may_be_checked(lustrum: Lustrum, begin: Begin) -> None:
    root = begin()
    (root / "other.csv").write_text("id,town\n")
    said = lustrum("check", "--leads", "other.csv")
    assert said.code == 2
    assert "demo.tidy reads the field city, which is not there" in said.err


def test_every_campaign_is_checked_whatever_the_project_runs(lustrum: Lustrum, begin: Begin) -> None:
    unused = "campaign: unused\nkind: executable\nflow: [{use: demo.tdiy}]\n"
    project = "leads: {from: leads.csv, to: out/leads.csv, key: id}\n"
    begin({"lustrum.yaml": project, "campaigns/unused.yaml": unused})
    assert "campaigns/unused.yaml:3: there is no step demo.tdiy" in lustrum("check").err
    assert "nightly: entries 1" in lustrum("check", "nightly").out


SIZED = "flow: [{use: demo.size}]\n"


def test_executable_campaigns_that_nothing_leads_to_are_warned_of(lustrum: Lustrum, begin: Begin) -> None:
    begin(
        {
            "campaigns/nightly.yaml": (
                "campaign: nightly\nkind: batch\nflow: [{use: demo.tidy, retry: {repair: mend}}]\n"
            ),
            "campaigns/mend.yaml": f"campaign: mend\nkind: executable\n{SIZED}",
            "campaigns/usual.yaml": f"campaign: usual\nkind: executable\n{SIZED}",
            "campaigns/outer.yaml": "campaign: outer\nkind: executable\nflow: [{execute: inner}]\n",
            "campaigns/inner.yaml": f"campaign: inner\nkind: executable\n{SIZED}",
            "lustrum.yaml": (
                "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: nightly\n"
                "defaults: {retry: {repair: usual}}\n"
            ),
        }
    )
    warned = [line for line in lustrum("check").out.splitlines() if "leads to" in line]
    assert warned == [
        f"warning: campaigns/{name}.yaml:1: no batch or trigger campaign leads to {name}, "
        "which runs only where it is executed; execute it somewhere, or remove it"
        for name in ("inner", "outer")
    ]
    assert "leads to" not in lustrum("check", "nightly").out


def test_a_trigger_campaign_that_the_project_does_not_run_is_warned_of(lustrum: Lustrum, begin: Begin) -> None:
    trigger = "campaign: on-new\nkind: trigger\non: new lead\nflow: [{use: demo.tidy}]\n"
    begin({"campaigns/on-new.yaml": trigger})
    said = lustrum("check").out
    assert (
        "warning: campaigns/on-new.yaml:1: `run:` in lustrum.yaml does not name the trigger campaign on-new, so "
        "`lustrum run` passes it by; name it there, or wherever `lustrum run` is called\n"
    ) in said
    begin({"campaigns/on-new.yaml": trigger, "lustrum.yaml": PROJECT_WITH_TRIGGER})
    assert "passes it by" not in lustrum("check").out


PROJECT_WITH_TRIGGER = "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: [nightly, on-new]\n"


def test_a_batch_campaign_that_is_only_requested_is_noted(lustrum: Lustrum, begin: Begin) -> None:
    files = {
        "campaigns/nightly.yaml": "campaign: nightly\nkind: batch\nflow: [{request: welcome}]\n",
        "campaigns/welcome.yaml": f"campaign: welcome\nkind: batch\n{SIZED}",
        "campaigns/alone.yaml": f"campaign: alone\nkind: batch\n{SIZED}",
    }
    begin(files)
    notes = [line for line in lustrum("check").out.splitlines() if line.startswith("note: ")]
    assert notes == [
        "note: campaigns/welcome.yaml:1: welcome runs only for the leads for which nightly requests it",
    ]
    begin(files | {"lustrum.yaml": "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: [nightly, welcome]\n"})
    assert "note: " not in lustrum("check").out
