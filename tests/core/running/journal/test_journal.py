"""The journal of a run: Parquet parts by batch, committed whole."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from lustrum.contracts.sources import Reject
from lustrum.engine.result import Result
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.ledger import Ledger
from lustrum.running.journal.parts import PARTS
from lustrum.running.journal.records import RunRecord
from lustrum.running.summary import Summary
from lustrum.testing import run_campaign

Project = Callable[..., Path]
Run = Callable[..., Summary]

START = datetime(2026, 1, 31, 3, tzinfo=UTC)
FLOW = """
campaign: nightly
kind: batch
qualification: once
flow:
  - {use: moment.record, with: {type: Web, text: "{{lead.note}}"}}
  - {use: change.value, with: {field: note, value: seen}}
"""


@pytest.fixture
def journal(tmp_path: Path, ledger: Ledger) -> Journal:
    ledger.begin(RunRecord("r1", START, ("nightly",), "", "leads.csv", "", 2))
    made = Journal(tmp_path, "r1", ledger)
    made.begin()
    return made


@pytest.fixture
def result() -> Result:
    rows = [{"id": "1", "note": "a"}, {"id": "2", "note": "b"}]
    return run_campaign({"campaigns/nightly.yaml": FLOW}, rows).result


def part(journal: Journal, name: str) -> pl.DataFrame:
    return pl.concat(journal.read(name))


def test_a_committed_batch_is_read_back(journal: Journal, result: Result) -> None:
    journal.commit(0, result, [Reject(7, "too long", b'a,"\xff')], START)
    for name in PARTS:
        written: pl.DataFrame = getattr(result, name)
        assert part(journal, name).drop("key").equals(written)
    assert part(journal, "net").drop("key").equals(result.net)
    assert part(journal, "net")["key"].to_list() == ["1", "2"]
    assert part(journal, "rejects").rows() == [(7, "too long", b'a,"\xff')]
    assert journal.batch_sizes() == [2]


def test_effects_and_qualifications_go_to_the_ledger(journal: Journal, ledger: Ledger, result: Result) -> None:
    journal.commit(0, result, [], START)
    ledger.end("r1", "applied", {})
    assert list(ledger.applied_runs.effects(["1", "2"]).values()) == [START, START]
    assert ledger.applied_runs.qualifications(["1", "2"]) == {("nightly", "1"): START, ("nightly", "2"): START}


def test_batches_are_read_in_their_order(journal: Journal, result: Result) -> None:
    for number in (1, 0):
        trail = result.trail.with_columns(after=pl.lit(str(number)))
        given = replace(result, trail=trail, effects=result.effects.clear())
        journal.commit(number, replace(given, qualified=result.qualified.clear()), [], START)
    assert part(journal, "net")["after"].to_list() == ["0", "0", "1", "1"]


@pytest.mark.parametrize("name", PARTS)
def test_a_batch_is_never_seen_half_written(journal: Journal, result: Result, name: str) -> None:
    """A part that cannot be written stands for a full disk or a killed run."""
    unwritable = pl.DataFrame({"row": pl.Series([0], dtype=pl.UInt32), "thing": pl.Series([object()], dtype=pl.Object)})
    with pytest.raises(BaseException):  # noqa: B017, PT011  # Polars raises, or panics, as it likes
        journal.commit(0, replace(result, **{name: unwritable}), [], START)  # type: ignore[arg-type]  # a name of PARTS
    assert "batch-00000" not in [path.name for path in journal.folder.iterdir()]
    assert list(journal.read("net")) == []
    journal.commit(0, result, [], START)
    assert part(journal, "net").height == 2
    assert [path.name for path in journal.folder.iterdir()] == ["batch-00000"]


def test_a_batch_the_ledger_does_not_know_is_not_read(journal: Journal, result: Result) -> None:
    journal.commit(0, result, [], START)
    (journal.folder / "batch-00001").mkdir()
    assert part(journal, "net").height == 2


def test_the_journal_is_readable_by_its_owner_only(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n")
    run(root)
    folder = root / ".lustrum"
    modes = {path.relative_to(folder).as_posix(): stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {mode for path, mode in modes.items() if path.endswith(".parquet")} == {0o600}
    assert {modes["runs/r1"], modes["runs/r1/batch-00000"]} == {0o700}


def test_every_batch_of_a_run_has_every_part_of_which_there_is_something(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n2,no?\n3,FR\n5\n4,IT\n")
    run(root, batch_size=2)
    folder = root / ".lustrum" / "runs" / "r1"
    written = {n: {path.stem for path in (folder / f"batch-0000{n}").iterdir()} for n in (0, 1)}
    always = {"trail", "executed", "seen", "cells"}
    assert written == {0: {*always, "details", "attempts", "quarantine"}, 1: {*always, "rejects"}}
    assert [path.name for path in sorted(folder.iterdir())] == [
        "applied.json",
        "batch-00000",
        "batch-00001",
        "readings.json",
        "replaced",
    ]


def test_a_part_says_which_lead_of_which_row(project: Project, run: Run) -> None:
    root = project("id,country\n7,de\n8,FR\n9,no?\n")
    run(root)
    folder = root / ".lustrum" / "runs" / "r1" / "batch-00000"
    trail = pl.read_parquet(folder / "trail.parquet")
    assert trail.filter("net").select("row", "key", "field", "before", "after").rows() == [
        (1, "8", "country", "FR", "fr")
    ]
    held = pl.read_parquet(folder / "quarantine.parquet")
    assert held.select("row", "key", "code").rows() == [(2, "9", "unclear")]
    details = pl.read_parquet(folder / "details.parquet")
    assert details.select("key", "path", "outcome", "code").rows() == [
        ("9", "nightly > probe.tidy", "failed", "unclear")
    ]


def test_the_ledger_has_a_row_for_the_run_and_for_each_batch(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n2,FR\n3,IT\n")
    summary = run(root, batch_size=2)
    with Journal.open_ledger(root) as ledger:
        known = ledger.run("r1")
        assert ledger.batches("r1") == [(0, 2), (1, 1)]
    assert known is not None
    assert (known["status"], known["started"]) == ("applied", "2026-01-31T03:00:00+00:00")
    assert (known["campaigns"], known["source"], known["batch_size"]) == ('["nightly"]', str(root / "leads.csv"), 2)
    assert len(known["plan"]) == 32
    assert known["fingerprint"]
    assert f'"leads": {summary.totals.leads}' in known["summary"]
