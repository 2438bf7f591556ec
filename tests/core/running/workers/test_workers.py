"""Batches that workers take through end as those of one process do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lustrum.running.summary import Summary
from lustrum.words.errors import RunInterrupted

Project = Callable[..., Path]
Run = Callable[..., Summary]
Outputs = Callable[[Path], dict[str, bytes]]
Rows = Callable[..., list[dict[str, str]]]

MOMENT = '{use: moment.record, with: {type: Web, text: "from {{lead.country}}"}}'
SCORE = "{use: change.score, with: {change: +5}}"
TIDY = "{use: probe.tidy, reads: {value: country}}"
SETTINGS = "fields: {score: integer}\n"
LEADS = (
    "id,country,score\n"
    + "".join(f"{number},{name}{number % 3},\n" for number, name in enumerate(["DE", "no?", "IT", "FR"] * 5, 1))
    + "x\n"
    + "3,AT,1\n,AT,2\n21,CH!,many\n22,AT,7\n"
)


def parts(root: Path, run: str = "r1") -> dict[tuple[str, str], pl.DataFrame]:
    """Give the journal of a run: the parts of each batch that have rows."""
    folder = root / ".lustrum" / "runs" / run
    return {(path.parent.name, path.stem): pl.read_parquet(path) for path in folder.glob("batch-*/*.parquet")}


def same(first: dict[tuple[str, str], pl.DataFrame], second: dict[tuple[str, str], pl.DataFrame]) -> set[str]:
    """Name the parts that differ."""
    both = {*first, *second}
    return {part for batch, part in both if not _are_equal(first.get((batch, part)), second.get((batch, part)))}


def _are_equal(one: pl.DataFrame | None, other: pl.DataFrame | None) -> bool:
    return one is not None and other is not None and one.equals(other)


def emptied(root: Path) -> Path:
    for name in ("out", ".lustrum"):
        shutil.rmtree(root / name, ignore_errors=True)
    return root


def in_process(root: Path, run: Run, outputs: Outputs, **given: Any) -> tuple[Summary, dict[str, bytes], Any]:
    summary = run(root, workers=0, **given)
    found = outputs(root), parts(root)
    emptied(root)
    return summary, *found


@pytest.mark.parametrize("workers", [1, 3])
def test_results_are_those_of_one_process(project: Project, run: Run, outputs: Outputs, workers: int) -> None:
    root = project(LEADS, TIDY, MOMENT, SCORE, settings=SETTINGS)
    whole, wanted, journal = in_process(root, run, outputs, batch_size=4)
    told: list[int] = []
    summary = run(root, workers=workers, batch_size=4, progress=told.append)
    assert outputs(root) == wanted
    assert same(journal, parts(root)) == set()
    assert (summary.totals, summary.raised) == (whole.totals, whole.raised)
    assert summary.complaints == ()
    assert told == [4, 8, 12, 16, 20, 24]
    assert not (root / ".lustrum" / "runs" / "r1" / "spool").exists()


def test_leads_that_are_as_they_were_are_spared_and_what_is_kept_is_known(project: Project, run: Run) -> None:
    root = project(LEADS, settings=SETTINGS + "lists: [hot]\n", files={"campaigns/nightly.yaml": CHANGED})
    run(root, "r0", workers=0, batch_size=5)
    whole = run(root, workers=0, batch_size=5, dry_run=True)
    split = run(root, "r2", workers=2, batch_size=5, dry_run=True)
    assert split.totals == whole.totals
    assert split.totals.spared > 5
    assert same(parts(root), parts(root, "r2")) == set()


CHANGED = """
campaign: nightly
kind: batch
qualification: when changed
flow:
  - {use: probe.tidy, reads: {value: country}}
  - {use: list.add, with: {list: hot}, when: "country LIKE 'de%'"}
"""


def test_the_first_batch_that_aborts_decides(project: Project, run: Run, outputs: Outputs) -> None:
    root = project("id,country\n1,a\n2,b\n3,c?\n4,d\n5,e?\n6,f\n", TIDY.replace("}}", "}, on_fail: abort}"))
    whole, _, journal = in_process(root, run, outputs, batch_size=1)
    summary = run(root, workers=2, batch_size=1)
    assert (summary.status, summary.aborted) == ("aborted", whole.aborted)
    assert summary.totals == whole.totals
    assert same(journal, parts(root)) == set()


def test_a_limit_counts_leads_and_not_what_is_done(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(LEADS, TIDY)
    whole, wanted, _ = in_process(root, run, outputs, batch_size=4, limit=10)
    assert run(root, workers=2, batch_size=4, limit=10).totals == whole.totals
    assert outputs(root) == wanted


BUSY = """
from pathlib import Path
from lustrum import Transient

SEEN = Path(__file__).parents[1] / "seen"

@step("probe.busy")
def busy(value: str) -> str:
    if value.endswith("4") and not SEEN.exists():
        SEEN.touch()
        raise Transient("busy")
    return value.lower()

@step("probe.far")
def far(value: str, *, calls: Calls) -> str:
    return calls.call(value, lambda: value.lower())
"""


def test_what_fails_for_a_while_is_done_by_the_run_itself(project: Project, run: Run, rows: Rows) -> None:
    leads = "id,country\n" + "".join(f"{number},C{number}\n" for number in range(9))
    entry = "{use: probe.busy, reads: {value: country}, retry: {transient: {attempts: 2, wait: 0.001s}}}"
    root = project(leads, entry, steps=BUSY)
    summary = run(root, workers=2, batch_size=2)
    assert [row["country"] for row in rows(root)] == [f"c{number}" for number in range(9)]
    assert summary.totals.changed_leads == 9
    assert "went on in one process" in summary.complaints[0]


def test_outside_calls_are_made_by_the_run_itself_and_it_says_so(project: Project, run: Run) -> None:
    root = project("id,country\n1,DE\n", "{use: probe.far, reads: {value: country}}", steps=BUSY)
    summary = run(root, workers=2)
    assert summary.complaints == (
        "worked in one process: probe.far makes outside calls, which are counted over the whole run",
    )
    assert run(root, "r2").complaints == ()


def test_a_run_that_was_interrupted_in_a_worker_is_gone_on_with(project: Project, run: Run, outputs: Outputs) -> None:
    stop = """
    from pathlib import Path

    STOP = Path(__file__).parents[1] / "stop"

    @step("probe.stop")
    def stop(value: str) -> str:
        if STOP.exists() and value.startswith("fr"):
            raise KeyboardInterrupt
        return value
    """
    root = project(LEADS, TIDY, "{use: probe.stop, reads: {value: country}}", MOMENT, steps=stop)
    _, wanted, journal = in_process(root, run, outputs, batch_size=3)
    (root / "stop").touch()
    with pytest.raises(
        RunInterrupted, match=r"^probe\.py:\d+: the step probe\.stop raised KeyboardInterrupt, .* nothing"
    ):
        run(root, workers=2, batch_size=3)
    (root / "stop").unlink()
    run(root, workers=2, resume=True)
    assert outputs(root) == wanted
    assert same(journal, parts(root)) == set()
