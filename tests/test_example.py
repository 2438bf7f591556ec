"""The example project over the made-up leads: nothing lost, in fixpoint, the same whatever the batch size."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.running.runner import RunOptions, run_project
from lustrum.running.summary import Summary

REPOSITORY = Path(__file__).parents[1]
OUTPUTS = ("leads", "leads.changes", "leads.moments", "leads.quarantine", "leads.rejects")


@dataclass(frozen=True)
class Night:
    """A copy of the example project and a run of it."""

    root: Path
    summary: Summary

    def output(self, name: str) -> bytes:
        return (self.root / "out" / f"{name}.csv").read_bytes()

    def rows(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(self.output(name).decode().splitlines(keepends=True)))


def copy_example(folder: Path) -> Path:
    """Copy the example, and the leads it reads from `../../fixtures/leads.csv`."""
    root = folder / "examples" / "nightly"
    generated = shutil.ignore_patterns("out", ".lustrum", "__pycache__")
    shutil.copytree(REPOSITORY / "examples" / "nightly", root, ignore=generated)
    (folder / "fixtures").mkdir()
    shutil.copy(REPOSITORY / "fixtures" / "leads.csv", folder / "fixtures" / "leads.csv")
    return root


def run(root: Path, run_id: str, size: int, leads: Path | None = None, workers: int | None = None) -> Summary:
    project = load_project(root)
    options = RunOptions(run_id=run_id, batch_size=size, leads=str(leads) if leads else None, workers=workers)
    return run_project(project, Registry.of_project(project), options)


@pytest.fixture(scope="module", autouse=True)
def fixed_start() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LUSTRUM_NOW", "2026-01-31T03:00:00+00:00")
        yield


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    root = copy_example(tmp_path_factory.mktemp("whole"))
    return Night(root, run(root, "r1", 100_000))


@pytest.fixture(scope="module")
def second(night: Night, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """Run the example again, over its own output and with the journal of the first run."""
    root = tmp_path_factory.mktemp("again") / "examples" / "nightly"
    shutil.copytree(night.root, root)
    return Night(root, run(root, "r2", 100_000, root / "out" / "leads.csv"))


def records(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file))


def test_the_example_is_applied(night: Night) -> None:
    assert (night.summary.status, night.summary.exit_code) == ("applied", 0)
    assert (night.summary.raised, night.summary.complaints) == ((), ())


def test_every_lead_of_the_example_is_in_the_output_or_in_the_rejects(night: Night) -> None:
    source = night.root / ".." / ".." / "fixtures" / "leads.csv"
    leads, rejects = records(night.root / "out" / "leads.csv"), records(night.root / "out" / "leads.rejects.csv")
    assert records(source) == leads + rejects - 1
    assert (night.summary.totals.leads, night.summary.totals.rejects.total()) == (leads - 1, rejects - 1)


def test_the_leads_of_the_example_keep_their_order(night: Night) -> None:
    source = (night.root / ".." / ".." / "fixtures" / "leads.csv").read_bytes().decode()
    keys = [row["id"] for row in csv.DictReader(source.splitlines(keepends=True))]
    assert [row["id"] for row in night.rows("leads")] == keys


def test_the_example_uses_every_family_of_steps(night: Night) -> None:
    used = {row["step"].partition(".")[0] for row in night.rows("leads.changes")}
    assert used >= {"standardise", "enrich", "qualify", "change"}
    assert {row["type"] for row in night.rows("leads.moments")} <= {"Email", "Milestone", "Web"}
    assert night.summary.totals.effects["moment"] == len(night.rows("leads.moments")) > 0
    assert max(len(row["path"].split(" > ")) for row in night.rows("leads.changes")) >= 4


def test_every_change_of_the_example_leads_to_the_output(night: Night) -> None:
    last = {(row["key"], row["field"]): row["after"] for row in night.rows("leads.changes")}
    names = {"score": "Score", "first_name": "First Name", "last_name": "Last Name", "postal_code": "Postal Code"}
    leads: dict[str, dict[str, str]] = {}
    for row in night.rows("leads"):
        leads.setdefault(row["id"], row)
    for (key, field), after in last.items():
        column = names.get(field, field if field in leads[key] else field.title())
        assert leads[key][column] == after


def test_a_second_run_of_the_example_changes_nothing(night: Night, second: Night) -> None:
    totals = second.summary.totals
    assert (totals.changed_cells, dict(totals.effects)) == (0, {})
    assert second.output("leads") == night.output("leads")
    assert (second.rows("leads.changes"), second.rows("leads.moments")) == ([], [])
    assert totals.quarantined == night.summary.totals.quarantined


def test_the_batch_size_changes_no_byte_of_the_example(night: Night, tmp_path: Path) -> None:
    root = copy_example(tmp_path)
    small = Night(root, run(root, "r1", 700))
    assert [name for name in OUTPUTS if small.output(name) != night.output(name)] == []
    assert small.summary.totals == night.summary.totals


def test_workers_change_no_byte_of_the_example(night: Night, tmp_path: Path) -> None:
    root = copy_example(tmp_path)
    split = Night(root, run(root, "r1", 900, workers=2))
    assert [name for name in OUTPUTS if split.output(name) != night.output(name)] == []
    assert (split.summary.totals, split.summary.complaints) == (night.summary.totals, ())
