"""A part of a run is taken back: cells that still hold what it wrote; what somebody changed since is a conflict."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.report.quarantined import read_quarantine
from lustrum.running.journal.journal import Journal
from lustrum.running.summary import Summary
from lustrum.running.undoing.erasing import forget_lead
from lustrum.running.undoing.partial_undo import PartlyUndone, undo_part
from lustrum.running.undoing.selecting import Selection
from lustrum.running.undoing.undo import undo_run
from lustrum.words.errors import RunInterrupted, UsageError

Project = Callable[..., Path]
Run = Callable[..., Summary]
Outputs = Callable[[Path], dict[str, bytes]]
Rows = Callable[..., list[dict[str, str]]]

LEADS = "id,country,city,score\n1,DE,ULM,1\n2,IT,ROM,2\n3,fr,lyon,3\n"
TIDY = "{use: probe.tidy, reads: {value: country}}"
FLOW = (
    "{use: probe.tidy, reads: {value: country}}",
    "{use: probe.tidy, id: city, reads: {value: city}}",
    '{use: change.value, with: {field: city, value: "{{lead.city}}!"}, when: "city = \'ulm\'"}',
    '{use: change.score, with: {change: "+5"}}',
    "{use: list.add, with: {list: hot}}",
)
SETTINGS = "fields: {score: integer}\nlists: [hot]\n"


@pytest.fixture
def root(project: Project, run: Run) -> Path:
    root = project(LEADS, *FLOW, settings=SETTINGS)
    run(root, "r1")
    return root


def undo(root: Path, run: str = "r1", **selected: str) -> PartlyUndone:
    project = load_project(root)
    return undo_part(project, Registry.of_project(project), run, Selection(**selected))


def cells(rows: Rows, root: Path) -> list[tuple[str, ...]]:
    return [(lead["country"], lead["city"], lead["score"]) for lead in rows(root)]


@pytest.mark.parametrize(
    ("selected", "left"),
    [
        ({"field": "country"}, [("DE", "ulm!", "6"), ("IT", "rom", "7"), ("fr", "lyon", "8")]),
        ({"field": "city"}, [("de", "ULM", "6"), ("it", "ROM", "7"), ("fr", "lyon", "8")]),
        ({"step": "probe.tidy"}, [("DE", "ulm!", "6"), ("IT", "ROM", "7"), ("fr", "lyon", "8")]),
        ({"step": "change.value"}, [("de", "ulm", "6"), ("it", "rom", "7"), ("fr", "lyon", "8")]),
        ({"step": "change.score"}, [("de", "ulm!", "1"), ("it", "rom", "2"), ("fr", "lyon", "3")]),
        ({"condition": "country = 'it'"}, [("de", "ulm!", "6"), ("IT", "ROM", "2"), ("fr", "lyon", "8")]),
        (
            {"step": "probe.tidy", "field": "city", "condition": "score > 6"},
            [("de", "ulm!", "6"), ("it", "ROM", "7"), ("fr", "lyon", "8")],
        ),
        ({"version": "no such"}, [("de", "ulm!", "6"), ("it", "rom", "7"), ("fr", "lyon", "8")]),
    ],
)
def test_what_is_selected_is_as_before(
    root: Path, rows: Rows, selected: dict[str, str], left: list[tuple[str, ...]]
) -> None:
    undone = undo(root, **selected)
    assert cells(rows, root) == left
    assert undone.conflicts == ()


def test_a_cell_that_was_changed_since_stays_and_is_listed(root: Path, rows: Rows) -> None:
    path = root / "out" / "leads.csv"
    path.write_text(path.read_text().replace("2,it,", "2,Italia,"))
    undone = undo(root, field="country")
    assert undone.conflicts == (("2", "country is now Italia, and the run wrote it"),)
    assert undone.cells == 1
    assert [lead["country"] for lead in rows(root)] == ["DE", "Italia", "fr"]


def test_an_effect_that_was_taken_back_may_happen_again(root: Path, run: Run, rows: Rows) -> None:
    undone = undo(root, step="change.score")
    assert undone.effects == {"change.score": 3}
    assert run(root, "r2").totals.effects == {"change.score": 3}
    assert [lead["score"] for lead in rows(root)] == ["6", "7", "8"]


def test_a_membership_that_lustrum_keeps_is_taken_back(root: Path, run: Run, rows: Rows) -> None:
    undo(root, step="list.add")
    run(root, "r2")
    assert [row["key"] for row in rows(root, "changes") if row["field"] == "list_hot"] == ["1", "2", "3"]


def test_an_undo_is_a_run_that_can_be_explained(root: Path, rows: Rows, status: Callable[..., str]) -> None:
    undone = undo(root, field="country")
    assert status(root, undone.run) == "undo"
    assert status(root, "r1") == "applied"
    told = rows(root, "changes")
    assert {(row["key"], row["step"], row["path"]) for row in told} == {
        ("1", "undo", "undo r1"),
        ("2", "undo", "undo r1"),
    }
    assert {row["reason"] for row in told} == {"as before run r1 (field country)"}


def test_twice_is_once(root: Path) -> None:
    undo(root, field="country")
    again = undo(root, field="country")
    assert (again.cells, again.conflicts) == (0, ())


@pytest.mark.parametrize(
    ("name", "selected", "says"),
    [
        ("r9", {"field": "country"}, "run r9 is not applied, it is unknown"),
        ("r1", {"condition": "countri = 'x'"}, "countri"),
        ("r1", {"field": "countri"}, 'there is no field countri .* did you mean "country"'),
        ("r1", {"step": "probe.tidi"}, 'there is no step probe.tidi .* did you mean "probe.tidy"'),
        ("r1", {"condition": "list_hot = TRUE"}, "only the fields of the leads' file"),
        ("r1", {"condition": "country ="}, "country ="),
    ],
)
def test_what_cannot_be_selected_is_said(root: Path, name: str, selected: dict[str, str], says: str) -> None:
    before = (root / "out" / "leads.csv").read_bytes()
    with pytest.raises(UsageError, match=says):
        undo(root, name, **selected)
    assert (root / "out" / "leads.csv").read_bytes() == before


def test_a_run_goes_on_with_no_undo_that_was_interrupted(root: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("lustrum.running.run.apply_run", fail)
        with pytest.raises(RunInterrupted):
            undo(root, field="country")
    assert run(root, "r2", resume=True).status == "applied"
    assert undo(root, "r2", field="country").cells == 2


@pytest.mark.parametrize(
    "selected",
    [{}, {"field": "country"}, {"step": "change.score"}, {"step": "list.add"}, {"condition": "country = 'it'"}],
)
def test_an_undo_of_a_part_can_be_undone(root: Path, run: Run, rows: Rows, selected: dict[str, str]) -> None:
    """All is as the run had left it: cells, effects, memberships; and the next run has nothing to do."""
    after = cells(rows, root)
    undone = undo(root, **selected)
    assert undone.cells or "list" in str(selected)
    redone = undo(root, undone.run)
    assert cells(rows, root) == after
    assert (redone.conflicts, redone.effects, redone.again) == ((), {}, undone.effects)
    (root / "leads.csv").write_bytes((root / "out" / "leads.csv").read_bytes())
    again = run(root, "r2")
    assert (again.totals.changed_cells, again.totals.effects) == (0, {})


def test_an_undo_of_an_undo_can_be_undone(root: Path, run: Run, rows: Rows) -> None:
    first = undo(root, step="change.score")
    before = cells(rows, root)
    third = undo(root, undo(root, first.run).run)
    assert cells(rows, root) == before
    assert (third.effects, third.again) == ({"change.score": 3}, {})
    assert run(root, "r2").totals.effects == {"change.score": 3}


def test_a_part_of_an_undo_can_be_undone(root: Path, rows: Rows) -> None:
    undone = undo(root, step="probe.tidy")
    undo(root, undone.run, field="city", condition="score > 6")
    assert cells(rows, root) == [("DE", "ulm!", "6"), ("IT", "rom", "7"), ("fr", "lyon", "8")]


def test_a_cell_that_was_changed_since_the_undo_stays_and_its_lead_keeps_its_effects(root: Path, rows: Rows) -> None:
    undone = undo(root, step="change.score")
    path = root / "out" / "leads.csv"
    path.write_text(path.read_text().replace("2,it,rom,2", "2,it,rom,99"))
    redone = undo(root, undone.run)
    assert redone.conflicts == (("2", "score is now 99, and the run wrote 2"),)
    assert [score for _, _, score in cells(rows, root)] == ["6", "99", "8"]
    assert redone.again == {"change.score": 2}


def test_an_undo_as_a_whole_is_no_run_to_undo(root: Path) -> None:
    project = load_project(root)
    whole = undo_run(project, Registry.of_project(project), "r1")
    with pytest.raises(UsageError, match=f"{whole.run} took r1 back as a whole, .* `lustrum run` does it again"):
        undo(root, whole.run)


def test_what_an_undo_withdrew_is_forgotten_with_the_lead(root: Path) -> None:
    undone = undo(root, step="change.score")
    project = load_project(root)
    forget_lead(project, Registry.of_project(project), "2")
    assert undo(root, undone.run).again == {"change.score": 2}


def test_the_files_beside_the_leads_are_those_of_the_undo_and_those_of_the_run_are_kept(
    project: Project, run: Run, outputs: Outputs
) -> None:
    root = project("id,country\n1,DE\n2,where?\n3\n", TIDY)
    run(root, "r1")
    before = outputs(root)
    undone = undo(root, field="country")
    after = outputs(root)
    assert b",1,country,de,DE,undo," in after["leads.changes.csv"]
    for name in ("quarantine", "rejects"):
        file = f"leads.{name}.csv"
        assert (before[file].count(b"\n"), after[file].count(b"\n")) == (2, 1)
    kept = root / ".lustrum" / "runs" / undone.run / "replaced"
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == {
        "leads" if name == "leads.csv" else name.split(".")[1]: content for name, content in before.items()
    }
    with Journal.open_ledger(root) as ledger:
        assert [(held.key, held.run) for held in read_quarantine(root, ledger)] == [("2", "r1")]


@pytest.mark.parametrize("field", ["row", "key", "field", "now", "after", "trail", "column_0"])
def test_a_field_may_have_any_name(project: Project, run: Run, rows: Rows, field: str) -> None:
    root = project(f"id,{field}\n1,Old\n", f"{{use: probe.tidy, reads: {{value: {field}}}}}")
    run(root, "r1")
    assert undo(root, field=field).cells == 1
    assert rows(root) == [{"id": "1", field: "Old"}]
