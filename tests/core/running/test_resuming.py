"""A run that did not come to its end is gone on with, and ends as if nothing had happened."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.running.journal.journal import Journal
from lustrum.running.lock import only_one
from lustrum.running.runner import apply_held
from lustrum.running.summary import Summary
from lustrum.words.errors import AlreadyRunning, RunInterrupted, UsageError

Project = Callable[..., Path]
Run = Callable[..., Summary]
Outputs = Callable[[Path], dict[str, bytes]]
Status = Callable[..., str]

TIDY = "{use: probe.tidy, reads: {value: country}}"
MOMENT = '{use: moment.record, with: {type: Web, text: "from {{lead.country}}"}}'
STEPS = """
from pathlib import Path
from lustrum.words.errors import LustrumError

STOP = Path(__file__).parents[1] / "stop"

@step("probe.stop")
def stop(value: str) -> str:
    heard.append(("stop", value))
    if STOP.exists() and value == STOP.read_text():
        STOP.unlink()
        raise KeyboardInterrupt
    return value
"""
LEADS = "id,country\n" + "".join(f"{number},{name}\n" for number, name in enumerate(["DE", "no?", "IT", "FR", "!"], 1))
FLOW = (TIDY, "{use: probe.stop, reads: {value: country}}", MOMENT)


def heard() -> list[tuple[Any, ...]]:
    return [each for each in sys.modules["lustrum_project.probe"].heard if each[0] == "stop"]


def interrupt(root: Path, run: Run, at: str, **given: Any) -> None:
    (root / "stop").write_text(at)
    with pytest.raises(RunInterrupted):
        run(root, batch_size=1, **given)


@pytest.mark.parametrize("at", ["de", "no?", "fr"])
def test_a_resumed_run_ends_as_an_undisturbed_one(project: Project, run: Run, outputs: Outputs, at: str) -> None:
    root = project(LEADS, *FLOW, steps=STEPS)
    whole = run(root, "r1", batch_size=1)
    wanted = outputs(root)
    shutil.rmtree(root / "out")
    shutil.rmtree(root / ".lustrum")
    interrupt(root, run, at)
    summary = run(root, "r1", resume=True)
    assert outputs(root) == wanted
    assert summary.totals == whole.totals
    assert (summary.run, summary.status) == ("r1", "applied")


def test_a_run_is_gone_on_with_in_a_copy_of_its_project(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(LEADS, *FLOW, steps=STEPS)
    interrupt(root, run, "it")
    copy = root.with_name("copy")
    shutil.copytree(root, copy)
    (root / "leads.csv").write_text("id,country\n1,XX\n")
    summary = run(copy, None, resume=True)
    assert (summary.run, summary.status, summary.source) == ("r1", "applied", str(copy / "leads.csv"))
    assert b"\n3,it\n" in outputs(copy)["leads.csv"]
    assert outputs(root) == {}


@pytest.mark.parametrize("asked", ["leads.csv", "./leads.csv", "link/leads.csv"])
def test_the_same_leads_may_be_named_in_another_way(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    root = project(LEADS, *FLOW, steps=STEPS)
    (root.parent / "link").symlink_to(root)
    monkeypatch.chdir(root if asked.endswith("leads.csv") and "link" not in asked else root.parent)
    interrupt(root.parent / "link" if "link" in asked else root, run, "it", leads=asked)
    assert run(root, None, resume=True, leads=str(root / "leads.csv")).status == "applied"


def test_finished_batches_are_not_repeated(project: Project, run: Run) -> None:
    root = project(LEADS, *FLOW, steps=STEPS)
    interrupt(root, run, "it")
    run(root, None, resume=True)
    assert [value for _, value in heard()] == ["it", "fr", "!"]


def test_the_run_keeps_its_id_start_and_options(
    project: Project, run: Run, status: Status, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(LEADS, *FLOW, steps=STEPS)
    interrupt(root, run, "it", limit=4)
    monkeypatch.setenv("LUSTRUM_NOW", "2026-02-01T03:00:00+00:00")
    summary = run(root, None, resume=True)
    assert (summary.run, summary.totals.leads, summary.totals.beyond_limit) == ("r1", 4, 1)
    with Journal.open_ledger(root) as ledger:
        assert (ledger.run("r1") or {})["started"] == "2026-01-31T03:00:00+00:00"
    assert status(root) == "applied"


def test_where_nothing_is_to_be_resumed_a_run_begins(project: Project, run: Run) -> None:
    root = project(LEADS, *FLOW, steps=STEPS)
    assert run(root, "r1", resume=True).status == "applied"
    assert run(root, "r2", resume=True).run == "r2"


def test_a_named_run_that_is_applied_is_only_told_again(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(LEADS, *FLOW, steps=STEPS)
    first = run(root, "r1")
    before = outputs(root)
    again = run(root, "r1", resume=True)
    assert (again.status, again.totals, again.exit_code) == ("applied", first.totals, first.exit_code)
    assert again.complaints == ("run r1 was applied before; nothing was done",)
    assert outputs(root) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(("leads.csv", "id,country\n1,X\n"), "the source .* has changed since run r1 began", id="source"),
        pytest.param(
            ("campaigns/nightly.yaml", "campaign: nightly\nkind: batch\nflow:\n  - " + TIDY + "\n"),
            "campaigns, .* have changed since run r1 began; `lustrum run --restart` starts again",
            id="campaign",
        ),
    ],
)
def test_what_has_changed_since_is_said(project: Project, run: Run, change: tuple[str, str], said: str) -> None:
    root = project(LEADS, *FLOW, steps=STEPS)
    interrupt(root, run, "it")
    (root / change[0]).write_text(change[1])
    with pytest.raises(UsageError, match=said):
        run(root, None, resume=True)
    summary = run(root, None, resume=True, restart=True)
    assert summary.run != "r1"
    assert any("started again: " in complaint for complaint in summary.complaints)


def test_other_options_than_at_first_are_refused(project: Project, run: Run) -> None:
    root = project(LEADS, *FLOW, steps=STEPS)
    interrupt(root, run, "it")
    with pytest.raises(UsageError, match=r"run r1 began with another limit \(None\) than 3"):
        run(root, None, resume=True, limit=3)


def test_one_run_at_a_time(project: Project, run: Run) -> None:
    root = project(LEADS)
    run(root, "r1")
    with only_one(root), pytest.raises(AlreadyRunning, match=r"the process \d+ on .* since .* UTC \(\d+ s\)"):
        run(root, "r2")
    assert run(root, "r2").status == "applied"


def test_a_run_that_a_guard_stopped_is_applied_when_the_guard_is_accepted(
    project: Project, run: Run, outputs: Outputs, leads: Callable[..., str]
) -> None:
    root = project(leads("DE", times=200), settings="guards: {changed: {country: 10%}}\n")
    assert run(root, "r1").status == "stopped"
    (root / "plugins" / "probe.py").touch()
    loaded = load_project(root)
    registry = Registry.of_project(loaded)
    assert apply_held(loaded, registry, "r1").status == "stopped"
    assert outputs(root) == {}
    summary = apply_held(loaded, registry, "r1", ("changed.country",))
    assert (summary.status, summary.totals.changed_leads) == ("applied", 200)
    assert outputs(root)["leads.csv"].count(b"de") == 200
    with pytest.raises(UsageError, match="run r1 is not held back, it is applied"):
        apply_held(loaded, registry, "r1")


def test_a_dry_run_is_applied_later_unless_another_came_between(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(LEADS, *FLOW, steps=STEPS)
    run(root, "r1", dry_run=True)
    loaded = load_project(root)
    apply_held(loaded, Registry.of_project(loaded), "r1")
    assert outputs(root)["leads.csv"].startswith(b"id,country\n1,de\n")
    run(root, "r2", dry_run=True)
    run(root, "r3")
    with pytest.raises(UsageError, match="run r3 was applied after r2 began"):
        apply_held(loaded, Registry.of_project(loaded), "r2")
