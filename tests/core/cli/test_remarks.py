"""What a plugin says while it works reaches those who watch the run, and nobody else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lustrum.cli import call

COMPILING = "compiling the numbering plans of phonenumbers"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from lustrum_plugins.phones import cache

    cache.automata.cache_clear()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "lustrum.yaml").write_text("leads: {from: leads.csv, to: out.csv, key: id}\nrun: nightly\n")
    flow = "flow:\n  - use: standardise.phone\n    with: {default_country: DE}\n"
    (tmp_path / "campaigns" / "nightly.yaml").write_text(f"campaign: nightly\nkind: batch\n{flow}")
    leads = "".join(f"{number},030 123{number},\n" for number in range(100, 500))
    (tmp_path / "leads.csv").write_text(f"id,phone,country\n{leads}")
    return tmp_path


def test_the_first_run_says_what_it_waits_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run", "--project", str(project)]) == 0
    assert COMPILING in capsys.readouterr().err
    assert call(["run", "--project", str(project)]) == 0
    assert COMPILING not in capsys.readouterr().err


def test_machines_are_told_in_their_own_way(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run", "--project", str(project), "--log-format", "json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [COMPILING in event["message"] for event in events if event["event"] == "remark"] == [True]


def test_a_quiet_run_says_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run", "--project", str(project), "--quiet"]) == 0
    assert capsys.readouterr().err == ""
