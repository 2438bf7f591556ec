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
