"""A lead is forgotten: nothing in the project's folder has its values any more."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.running.summary import Summary
from lustrum.running.undoing.erasing import Forgotten, forget_lead
from lustrum.running.undoing.undo import undo_run
from lustrum.words.errors import UsageError

Project = Callable[..., Path]
Run = Callable[..., Summary]

SECRETS = ("K-4711", "Schmidtowa", "schmidtowa", "Norilsk")
HEADER = "id;name;country\n"
OTHERS = "K-1;Ann;DE\nK-2;Bob;no?\n"
LEADS = HEADER + OTHERS + "K-4711;Schmidtowa;Norilsk?\nK-4711;Schmidtowa;too;many\n"
FLOW = (
    "{use: probe.tidy, id: name, reads: {value: name}}",
    "{use: probe.tidy, reads: {value: country}}",
    '{use: moment.record, with: {type: Web, text: "{{lead.name}} was seen"}}',
    "{use: probe.ask, reads: {value: name}}",
    "{use: list.add, with: {list: hot}}",
)
STEPS = '''
@step("probe.ask")
def ask(value: str, *, calls: Calls) -> str:
    """Ask another system."""
    return calls.call("ask " + value, lambda: value)
'''
DECISIONS = """\
scope,key,field,before,after,verdict,until,who,when
lead,K-4711,country,,Norilsk,keep,,,
lead,K-1,country,,Germany,keep,,,
"""


@pytest.fixture
def root(project: Project, run: Run) -> Path:
    files = {"decisions.csv": DECISIONS}
    settings = "lists: [hot]\nguards: {rejected: 90%, raised: 90%}\n"
    root = project(LEADS, *FLOW, steps=STEPS, files=files, settings=settings)
    run(root, "r1")
    (root / "leads.csv").write_text(LEADS.replace("K-2;Bob;no?", "K-2;Bob;it"))
    run(root, "r2")
    return root


def forget(root: Path, key: str = "K-4711") -> Forgotten:
    project = load_project(root)
    return forget_lead(project, Registry.of_project(project), key)


def found(root: Path) -> list[str]:
    """Look for the lead's values in every file but the source, in Parquet by its cells."""
    hits: list[str] = []
    for path in sorted(path for path in root.rglob("*") if path.is_file() and path.name != "leads.csv"):
        content = path.read_bytes()
        text = str(pl.read_parquet(path).to_dicts()) if path.suffix == ".parquet" else content.decode("latin-1")
        hits += [
            f"{path.relative_to(root)}: {secret}" for secret in SECRETS if secret in text or secret.encode() in content
        ]
    hits += [f"leads: {secret}" for secret in SECRETS if secret in (root / "out" / "leads.csv").read_text()]
    return hits


def test_nothing_in_the_folder_has_the_lead(root: Path) -> None:
    assert {hit.partition(":")[0].split("/")[0] for hit in found(root)} == {".lustrum", "decisions.csv", "leads", "out"}
    done = forget(root)
    assert found(root) == []
    assert done.decisions == 1
    assert done.answers == 2
    assert done.rows > 10


def test_what_is_known_of_others_stays(root: Path, run: Run) -> None:
    with sqlite3.connect(root / ".lustrum" / "ledger.sqlite3") as ledger:
        before = ledger.execute("SELECT count(*) FROM effects WHERE lead != 'K-4711'").fetchone()
    forget(root)
    with sqlite3.connect(root / ".lustrum" / "ledger.sqlite3") as ledger:
        assert ledger.execute("SELECT count(*) FROM effects").fetchone() == before
    assert (root / "decisions.csv").read_text() == DECISIONS.replace("lead,K-4711,country,,Norilsk,keep,,,\n", "")
    assert "K-1;ann;de\nK-2;bob;it\n;;\n" in (root / "out" / "leads.csv").read_text()
    (root / "leads.csv").write_text(HEADER + OTHERS)
    assert run(root, "r3").totals.effects == {}


def test_a_mark_stays_that_tells_the_lead_only_to_who_has_the_key(root: Path) -> None:
    first, second = forget(root), forget(root)
    assert first.mark == second.mark
    assert (second.rows, second.answers, second.files) == (0, 0, ())
    with sqlite3.connect(root / ".lustrum" / "ledger.sqlite3") as ledger:
        assert [mark for (mark,) in ledger.execute("SELECT mark FROM forgotten")] == [first.mark]


def test_the_last_run_can_still_be_taken_back(root: Path) -> None:
    forget(root)
    undo_run(opened := load_project(root), Registry.of_project(opened), "r2")
    assert found(root) == []


def test_what_is_kept_is_readable_by_its_owner_only(root: Path) -> None:
    forget(root)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (root / ".lustrum").rglob("*") if path.is_file()}
    assert {oct(mode) for path, mode in modes.items() if "replaced" not in path.parts} == {"0o600"}
    sides = [path for path in (root / "out").iterdir() if path.name != "leads.csv"]
    assert {oct(stat.S_IMODE(path.stat().st_mode)) for path in sides} == {"0o600"}
    assert stat.S_IMODE(os.stat(root / ".lustrum").st_mode) == 0o700  # noqa: PTH116  # the folder itself


def test_without_a_key_nobody_can_be_found(project: Project, run: Run) -> None:
    root = project("id,country\n1,de\n", key="")
    run(root)
    with pytest.raises(UsageError, match="no key"):
        forget(root)
