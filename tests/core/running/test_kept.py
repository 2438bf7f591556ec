"""Lists and statuses that the source lacks are kept, and are fields like all others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum.running.summary import Summary

Project = Callable[..., Path]
Run = Callable[..., Summary]
Rows = Callable[..., list[dict[str, str]]]
Outputs = Callable[[Path], dict[str, bytes]]

SETTINGS = "lists: [hot]\nprograms: {webinar: [Invited, Attended]}\n"
LEADS = "id,country\n1,DE\n2,FR\n3,DE\n,DE\n3,DE\n"
FLOW = (
    "{use: list.add, when: \"country = 'DE'\", with: {list: hot}}",
    "{use: change.status, with: {program: webinar, status: Invited}}",
    '{use: change.value, when: "list_hot", with: {field: country, value: Germany}}',
)


def changes(rows: Rows, root: Path) -> list[tuple[str, ...]]:
    return [(row["key"], row["field"], row["before"], row["after"]) for row in rows(root, "changes")]


@pytest.mark.parametrize("size", [1, 100])
def test_they_are_no_columns_of_the_output_and_stand_among_the_changes(
    project: Project, run: Run, outputs: Outputs, rows: Rows, size: int
) -> None:
    root = project(LEADS, *FLOW, settings=SETTINGS)
    summary = run(root, batch_size=size)
    assert outputs(root)["leads.csv"] == b"id,country\n1,Germany\n2,FR\n3,Germany\n,DE\n3,DE\n"
    assert changes(rows, root) == [
        ("1", "list_hot", "", "true"),
        ("1", "status_webinar", "", "Invited"),
        ("1", "country", "DE", "Germany"),
        ("2", "status_webinar", "", "Invited"),
        ("3", "list_hot", "", "true"),
        ("3", "status_webinar", "", "Invited"),
        ("3", "country", "DE", "Germany"),
    ]
    assert summary.totals.changed == {"list_hot": 2, "status_webinar": 3, "country": 2}


def test_a_second_run_changes_nothing(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(LEADS, *FLOW, settings=SETTINGS)
    run(root)
    before = outputs(root)["leads.csv"]
    for name, leads in (("r2", "out/leads.csv"), ("r3", "out/leads.csv")):
        summary = run(root, name, leads=str(root / leads), out=str(root / "out" / "leads.csv"))
        assert (summary.totals.changed_cells, summary.totals.effects) == (0, {})
        assert outputs(root)["leads.csv"] == before
    over_source = run(root, "r4")
    assert (over_source.totals.changed, outputs(root)["leads.csv"]) == ({"country": 2}, before)


def test_a_value_is_what_the_latest_applied_run_left(project: Project, run: Run, rows: Rows) -> None:
    root = project("id,country\n1,DE\n", FLOW[0], settings=SETTINGS)
    run(root, "dry", dry_run=True)
    run(root, "r1")
    assert changes(rows, root) == [("1", "list_hot", "", "true")]
    flow = "campaign: nightly\nkind: batch\nflow:\n  - {use: list.remove, with: {list: hot}}\n"
    (root / "campaigns" / "nightly.yaml").write_text(flow, encoding="utf-8")
    run(root, "r2")
    assert changes(rows, root) == [("1", "list_hot", "true", "false")]
    assert run(root, "r3").totals.changed_cells == 0


def test_guards_watch_them(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(LEADS, *FLOW, settings=f"{SETTINGS}guards: {{changed: {{list_hot: 1}}}}\n")
    summary = run(root)
    assert (summary.status, outputs(root)) == ("stopped", {})
    assert str(summary.tripped[0]) == "guard changed.list_hot: 2 of 5 leads (40.0%), and the limit is 1"


def test_a_list_of_the_source_is_an_ordinary_column(project: Project, run: Run, outputs: Outputs) -> None:
    root = project("id,country,List Hot\n1,DE,no\n2,FR,yes\n", FLOW[0], settings="lists: [hot]\n")
    run(root)
    assert outputs(root)["leads.csv"] == b"id,country,List Hot\n1,DE,true\n2,FR,yes\n"
