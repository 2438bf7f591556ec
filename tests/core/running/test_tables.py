"""Runs over a table of a database: applied exactly once, also across a crash, undone cell by cell."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.running.summary import Summary
from lustrum.running.undoing.partial_undo import PartlyUndone, undo_part
from lustrum.running.undoing.selecting import Selection
from lustrum.words.errors import RunInterrupted
from lustrum_plugins.databases.table_sink import TableSink

Project = Callable[..., Path]
Run = Callable[..., Summary]
FLOW = ("{use: probe.tidy, reads: {value: country}}", '{use: change.score, with: {change: "+5"}}')
TIDIED = [(1, "de", 6), (2, "it", None), (3, "Why?", 8)]
AS_MADE = [(1, "DE", 1), (2, "IT", None), (3, "Why?", 3)]


@pytest.fixture
def root(project: Project) -> Path:
    root = project("", *FLOW, settings="fields: {score: integer}\nallow: {quarantined: 1}\n")
    settings = root / "lustrum.yaml"
    ends = "from: sqlite://./crm.db#leads, to: sqlite://./crm.db#leads"
    settings.write_text(settings.read_text().replace("from: leads.csv, to: out/leads.csv", ends))
    ask(root, "CREATE TABLE leads (id integer PRIMARY KEY, country text, score integer)")
    ask(root, "INSERT INTO leads VALUES (1, 'DE', 1), (2, 'IT', NULL), (3, 'Why?', 3)")
    return root


def ask(root: Path, query: str = "SELECT * FROM leads ORDER BY id") -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(root / "crm.db")) as connection, connection:
        return connection.execute(query).fetchall()


def undo(root: Path, selection: Selection | None = None) -> PartlyUndone:
    project = load_project(root)
    return undo_part(project, Registry.of_project(project), "r1", selection or Selection())


def test_a_run_changes_the_table_where_it_is(root: Path, run: Run) -> None:
    summary = run(root)
    assert ask(root)[0] == (1, "de", 6)
    assert summary.outputs["changes"].endswith("out/leads.changes.csv")
    assert run(root, "r2").totals.changed_cells == 0
    assert len(ask(root, "SELECT * FROM lustrum_applied")) == 2


def test_an_undo_puts_the_cells_back(root: Path, run: Run) -> None:
    run(root)
    ask(root, "UPDATE leads SET country = 'Austria' WHERE id = 1")
    undone = undo(root)
    assert [row[:2] for row in ask(root)] == [(1, "Austria"), (2, "IT"), (3, "Why?")]
    assert undone.conflicts == (("1", "country is now Austria, and the run wrote de"),)


def test_a_condition_says_which_leads_are_taken_back(root: Path, run: Run) -> None:
    run(root)
    undo(root, Selection(field="country", condition="id = '2'"))
    assert [row[1] for row in ask(root)] == ["de", "IT", "Why?"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_at_the_transaction_neither_loses_nor_doubles(
    root: Path, run: Run, status: Callable[..., str], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    publish = TableSink.publish

    def crash(sink: TableSink, prepared: Path) -> None:
        if moment == "after":
            publish(sink, prepared)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(TableSink, "publish", crash)
        with pytest.raises(RunInterrupted):
            run(root)
    assert (status(root) == "applied") == (moment == "after")
    run(root, "r1", resume=True)
    assert status(root) == "applied"
    assert [row[1] for row in ask(root)] == ["de", "it", "Why?"]
    assert len(ask(root, "SELECT * FROM lustrum_applied")) == 1
    assert ask(root)[0][2] == 6


def test_a_row_that_changed_since_it_was_read_stops_the_apply(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = TableSink.publish

    def late(sink: TableSink, prepared: Path) -> None:
        ask(root, "UPDATE leads SET country = 'Deutschland' WHERE id = 1")
        publish(sink, prepared)

    monkeypatch.setattr(TableSink, "publish", late)
    with pytest.raises(Exception, match="the row 1 was changed since it was read"):
        run(root)
    assert ask(root) == [(1, "Deutschland", 1), *AS_MADE[1:]]
