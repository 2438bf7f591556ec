"""`lustrum run --profile`: where the time of a run goes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lustrum.cli import call
from lustrum.engine.costs import Costs

PROJECT = {
    "lustrum.yaml": "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: nightly\n",
    "campaigns/nightly.yaml": "campaign: nightly\nkind: batch\nflow:\n  - execute: tidy\n",
    "campaigns/tidy.yaml": "campaign: tidy\nkind: executable\nflow:\n  - use: standardise.email\n",
    "leads.csv": "id,email\n1,JO@EXAMPLE.COM\n2,\n",
}
STOPPING = '''
from pathlib import Path
from lustrum import hookimpl, step

@step("probe.stop")
def stop(value: str) -> str:
    """Interrupt the run as long as there is a file."""
    if (Path(__file__).parents[1] / "stop").exists():
        raise KeyboardInterrupt
    return value

@hookimpl
def lustrum_steps():
    return [stop]
'''
PARTS = {
    "nightly > tidy",
    "nightly > tidy > standardise.email",
    "reading the source",
    "around the entries",
    "writing the journal",
    "applying",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in PROJECT.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_run_says_what_each_entry_cost(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run", "--project", str(project), "--profile"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("cost ")]
    found = [re.fullmatch(r"cost +(\d+\.\d\d) µs a lead, +(\d+)%  (.+)", line) for line in lines]
    costs = {match[3]: (float(match[1]), int(match[2])) for match in found if match}
    assert costs.keys() == PARTS
    assert list(costs.values()) == sorted(costs.values(), reverse=True)
    assert 95 <= sum(share for _, share in costs.values()) <= 105


def test_a_run_that_is_measured_says_that_no_workers_help(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run", "--project", str(project), "--profile", "--workers", "2"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"worked in one process: --profile measures what each entry costs", said)
    assert "cost " in said


@pytest.mark.parametrize("more", [[], ["--workers", "0"]])
def test_a_run_that_is_measured_and_asks_for_no_workers_says_nothing(
    project: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    assert call(["run", "--project", str(project), "--profile", *more]) == 0
    assert "one process" not in capsys.readouterr().out


def test_a_run_that_is_gone_on_with_is_measured_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "plugins").mkdir()
    (project / "plugins" / "probe.py").write_text(STOPPING, encoding="utf-8")
    flow = "flow:\n  - {use: probe.stop, reads: {value: email}}"
    (project / "campaigns" / "nightly.yaml").write_text(f"campaign: nightly\nkind: batch\n{flow}\n", encoding="utf-8")
    (project / "stop").touch()
    assert call(["run", "--project", str(project)]) == 4
    (project / "stop").unlink()
    assert call(["run", "--project", str(project), "--resume", "--profile", "--json"]) == 0
    assert "nightly > probe.stop" in json.loads(capsys.readouterr().out)["seconds"]


def test_the_summary_as_data_has_the_seconds(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run", "--project", str(project), "--profile", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seconds"].keys() == PARTS


def test_without_profile_nothing_is_said_of_time(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run", "--project", str(project), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seconds"] == {}


def test_what_is_inside_counts_for_itself() -> None:
    ticks = iter([0.0, 1.0, 2.0, 4.0, 5.0, 10.0])
    costs = Costs(lambda: next(ticks))
    with costs.of("a"):
        for part in ("b", "c"):
            with costs.of(part):
                pass
    assert dict(costs.seconds) == {"b": 1.0, "c": 1.0, "a": 8.0}


def test_getting_things_is_counted_and_what_is_done_with_them_is_not() -> None:
    ticks = iter([0.0, 1.0, 5.0, 7.0, 7.0, 7.0])
    costs = Costs(lambda: next(ticks))
    assert list(costs.of_each("read", "xy")) == ["x", "y"]
    assert costs.seconds["read"] == 3.0
