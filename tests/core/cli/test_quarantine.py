"""`lustrum quarantine` and `lustrum journal` as they are called."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lustrum = Callable[..., Any]
Begin = Callable[..., Path]

LEADS = "id,city\n1, rome\n2,?x\n3,\n4,?=1+1\n"


@pytest.fixture
def root(begin: Begin) -> Path:
    return begin({"leads.csv": LEADS})


def night(lustrum: Lustrum, monkeypatch: pytest.MonkeyPatch, day: int, *arguments: str) -> Any:
    monkeypatch.setenv("LUSTRUM_NOW", f"2026-01-{day:02}T03:00:00+00:00")
    return lustrum("run", "--run-id", f"r{day}", *arguments)


def test_without_runs_there_is_nothing_to_show(lustrum: Lustrum, root: Path) -> None:
    assert lustrum("quarantine", "list", "--project", root).code == 2


def test_what_is_held_is_as_old_as_its_first_run_in_a_row(
    lustrum: Lustrum, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(lustrum, monkeypatch, 1)
    (root / "leads.csv").write_text(LEADS.replace("?x", "oslo"))
    night(lustrum, monkeypatch, 2)
    (root / "leads.csv").write_text(LEADS)
    night(lustrum, monkeypatch, 3, "--dry-run")
    night(lustrum, monkeypatch, 4)
    lines = lustrum("quarantine", "list").out.splitlines()
    assert lines[:2] == [
        "2026-01-01  3x  4  city  not_a_city  ?=1+1 is no city",
        "2026-01-04  1x  2  city  not_a_city  ?x is no city",
    ]
    assert lines[-2:] == [
        "what a code means, and what to do: docs/quarantine.md#CODE, and lustrum quarantine show KEY",
        "2 leads: not_a_city 2",
    ]


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ((), ["2", "4"]),
        (("--code", "not_a_city"), ["2", "4"]),
        (("--code", "other"), []),
        (("--field", "City"), ["2", "4"]),
        (("--field", "country"), []),
        (("--older", "30d"), ["2", "4"]),
        (("--older", "9999 days"), []),
    ],
)
@pytest.mark.usefixtures("root")
def test_a_part_of_it_can_be_asked_for(
    lustrum: Lustrum, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...], keys: list[str]
) -> None:
    night(lustrum, monkeypatch, 1)
    assert [held["key"] for held in json.loads(lustrum("quarantine", "list", "--json", *asked).out)] == keys


@pytest.mark.usefixtures("root")
def test_a_lead_is_shown_with_what_the_step_was_given(lustrum: Lustrum, monkeypatch: pytest.MonkeyPatch) -> None:
    night(lustrum, monkeypatch, 1)
    out = lustrum("quarantine", "show", "2").out
    assert "2: city: not_a_city" in out
    assert "  read      docs/quarantine.md#not_a_city\n" in out
    assert 'given     {"city":"?x"}' in out.replace('": "', '":"')
    assert lustrum("quarantine", "show", "1").code == 2


def test_the_export_is_for_spreadsheets(
    lustrum: Lustrum, begin: Begin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begin({"leads.csv": "id,city\n=1+1,?x\n+39 06,?y\n"})
    night(lustrum, monkeypatch, 1)
    lustrum("quarantine", "export", "--out", tmp_path / "held.csv")
    with (tmp_path / "held.csv").open(newline="") as file:
        assert [row["key"] for row in csv.DictReader(file)] == ["'=1+1", "+39 06"]
    assert lustrum("quarantine", "export").out == (tmp_path / "held.csv").read_text()


def test_after_the_fix_only_those_leads_go_through_again(
    lustrum: Lustrum, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plugin is another one now: what it would say of the others stays unsaid."""
    night(lustrum, monkeypatch, 1)
    plugin = root / "plugins" / "demo.py"
    mended = plugin.read_text().replace('if city.startswith("?"):', 'if city == "?x":').replace(".title()", ".upper()")
    plugin.write_text(mended)
    monkeypatch.setenv("LUSTRUM_NOW", "2026-01-02T03:00:00+00:00")
    answer = lustrum("quarantine", "retry", "--json")
    assert (answer.code, json.loads(answer.out)["spared"]) == (1, 2)
    assert (root / "out" / "leads.csv").read_text() == "id,city\n1,Rome\n2,?x\n3,\n4,?=1+1\n"
    assert [held["key"] for held in json.loads(lustrum("quarantine", "list", "--json").out)] == ["2"]


def test_where_nothing_is_held_nothing_is_tried(
    lustrum: Lustrum, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin({"leads.csv": "id,city\n1,rome\n"})
    night(lustrum, monkeypatch, 1)
    assert lustrum("quarantine", "list").out == "nothing is in quarantine\n"
    assert lustrum("quarantine", "retry").out == "nothing is in quarantine\n"


def test_the_details_of_old_runs_go_and_what_counts_stays(
    lustrum: Lustrum, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = "campaign: nightly\nkind: batch\nflow:\n  - use: demo.tidy\n  - {use: demo.note, with: {text: x}}\n"
    root = begin({"campaigns/nightly.yaml": noted})
    for day in (1, 2, 20):
        night(lustrum, monkeypatch, day)
    monkeypatch.setenv("LUSTRUM_NOW", "2026-01-21T03:00:00+00:00")
    assert lustrum("journal", "prune").out == "0 runs, 0 bytes are gone\n"
    assert lustrum("journal", "prune", "--older", "7d", "--dry-run").out.splitlines()[:2] == ["r1", "r2"]
    assert lustrum("journal", "prune", "--older", "7d").out.splitlines()[:2] == ["r1", "r2"]
    assert lustrum("journal", "prune", "--older", "0s").out == "0 runs, 0 bytes are gone\n", "the last one stays whole"
    assert sorted(path.name for path in (root / ".lustrum" / "runs").iterdir()) == ["r20"]
    listed = json.loads(lustrum("journal", "list", "--json").out)
    assert [(run["run"], run["pruned"], run["leads"]) for run in listed] == [
        ("r1", True, 3),
        ("r2", True, 3),
        ("r20", False, 3),
    ]
    assert "were pruned" in lustrum("diff", "r1").err
    assert lustrum("why", "1").code == 0
    night(lustrum, monkeypatch, 22)
    assert (root / "out" / "leads.moments.csv").read_text().count("\n") == 1, "moments noted in a pruned run count"


def test_the_files_of_older_runs_are_let_go(lustrum: Lustrum, begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = "leads: {from: leads.csv, to: out/leads.csv, key: id}\nrun: nightly\njournal: {originals: 2}\n"
    root = begin({"lustrum.yaml": settings})
    for day in (1, 2, 3):
        night(lustrum, monkeypatch, day)
    kept = [run for run in ("r1", "r2", "r3") if (root / ".lustrum" / "runs" / run / "replaced").exists()]
    assert kept == ["r2", "r3"]
    lustrum("undo", "r3")
    lustrum("undo", "r2")
    assert "is not kept: `journal: originals`" in lustrum("undo", "r1").err
