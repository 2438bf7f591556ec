"""A lead that is spared keeps the trail of the run in which it last went through: linked, and told by every later."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lustrum.files.project import load_project
from lustrum.planning.registry import Registry
from lustrum.report.lead_records import read_lead
from lustrum.running.journal.batch_parts import CELLS, WHOLE_TRAIL
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.seen import SEEN_SCHEMA
from lustrum.running.summary import Summary
from lustrum.running.undoing.erasing import forget_lead
from lustrum.running.undoing.partial_undo import PartlyUndone, undo_part
from lustrum.running.undoing.selecting import Selection

Project = Callable[..., Path]
Run = Callable[..., Summary]
Rows = Callable[..., list[dict[str, str]]]

COUNTRIES: tuple[str, ...] = ("DE", "IT", "FR", "AT", "NL", "BE", "ES", "PT", "PL", "CZ", "DK", "SE")
NIGHTLY = "campaign: nightly\nkind: batch\nqualification: when changed\nflow:\n"
ENTRY = "  - {use: probe.tidy, reads: {value: country}}\n"


def leads(countries: Mapping[int, str]) -> str:
    return "id,country\n" + "".join(f"{key},{country}\n" for key, country in countries.items())


@pytest.fixture
def root(project: Project) -> Path:
    """Give a project in which every lead changes, and is spared in the next night."""
    files = {"campaigns/nightly.yaml": NIGHTLY + ENTRY}
    return project(leads(dict(enumerate(COUNTRIES, 1))), files=files)


@pytest.fixture
def nights(root: Path, run: Run) -> Callable[..., list[Summary]]:
    """Run so many nights, in each of which another lead comes with a country of its own."""

    def go(number: int, **given: Any) -> list[Summary]:
        countries = dict(enumerate(COUNTRIES, 1))
        done: list[Summary] = []
        for night in range(1, number + 1):
            countries[night] = f"Land {night}"
            (root / "leads.csv").write_text(leads(countries))
            done.append(run(root, f"n{night}", **given))
        return done

    return go


def told(root: Path, run: str) -> dict[str, str]:
    """Give what the journal of a run tells that it wrote into the country of each lead."""
    with Journal.open_ledger(root) as ledger:
        trail = pl.concat(Journal(root, run, ledger).read(WHOLE_TRAIL))
    assert not trail.is_duplicated().any()
    return dict(trail.sort(trail["key"].cast(pl.Int64)).select("key", "after").iter_rows())


def after(nights: int) -> dict[str, str]:
    return {str(key): f"land {key}" if key <= nights else name.lower() for key, name in enumerate(COUNTRIES, 1)}


@pytest.mark.parametrize("sizes", [(100,), (5,), (3, 5, 100)])
def test_every_night_tells_of_all_leads_and_writes_down_those_that_went_through(
    root: Path, run: Run, rows: Rows, sizes: tuple[int, ...]
) -> None:
    """Also when so many nights have gone by that their trails are put together, and batches were cut otherwise."""
    countries = dict(enumerate(COUNTRIES, 1))
    for night in range(1, 13):
        countries[night] = f"Land {night}"
        (root / "leads.csv").write_text(leads(countries))
        done = run(root, f"n{night}", batch_size=sizes[night % len(sizes)])
        assert done.totals.spared == (11 if night > 1 else 0)
        assert done.totals.changed == {"country": 12}, "a guard is about all that differs from the source"
        assert told(root, f"n{night}") == after(night)
        assert [lead["country"] for lead in rows(root)] == list(after(night).values())
    assert [change["key"] for change in rows(root, "changes")] == ["12"]
    linked = list((root / ".lustrum" / "runs" / "n12").glob("batch-*/trail-*.parquet"))
    assert len(linked) <= 8 * len(list((root / ".lustrum" / "runs" / "n12").glob("batch-*")))


def test_a_trail_is_linked_and_costs_nothing(root: Path, nights: Callable[..., list[Summary]]) -> None:
    nights(3)
    runs = root / ".lustrum" / "runs"
    own = runs / "n1" / "batch-00000" / "trail.parquet"
    assert {path.parent.parent.name for path in runs.glob("*/*/trail-*") if path.samefile(own)} == {"n2", "n3"}


def test_where_nothing_can_be_linked_it_is_copied(
    root: Path, nights: Callable[..., list[Summary]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_: object, **__: object) -> None:
        raise OSError(1, "no links here")

    monkeypatch.setattr(os, "link", link)
    nights(3)
    assert told(root, "n3") == after(3)
    assert {path.stat().st_nlink for path in root.rglob("*.parquet")} == {1}


def test_what_is_gone_of_older_runs_is_not_missed(root: Path, nights: Callable[..., list[Summary]], run: Run) -> None:
    nights(2)
    for path in (root / ".lustrum" / "runs" / "n1").rglob("*.parquet"):
        path.unlink()
    assert told(root, "n2") == after(2)
    assert run(root, "n3").totals.spared == 12
    assert told(root, "n3") == after(2)


def test_a_lead_is_told_of_by_the_trail_it_went_through_last(root: Path, nights: Callable[..., list[Summary]]) -> None:
    nights(2)
    with Journal.open_ledger(root) as ledger:
        second, third = (read_lead(root, ledger, key, ["n2"])["n2"]["trail"] for key in ("2", "3"))
    assert [(row["before"], row["after"], row["row"]) for row in second] == [("Land 2", "land 2", 1)]
    assert [(row["before"], row["after"], row["row"]) for row in third] == [("FR", "fr", 2)]


def undo(root: Path, run: str, selection: Selection) -> PartlyUndone:
    project = load_project(root)
    return undo_part(project, Registry.of_project(project), run, selection)


def test_what_was_replayed_is_taken_back_with_the_night(
    root: Path, nights: Callable[..., list[Summary]], rows: Rows
) -> None:
    nights(2)
    back = undo(root, "n2", Selection(step="probe.tidy", condition="id <> '4'"))
    assert (back.cells, back.conflicts) == (11, ())
    as_before = ["Land 1", "Land 2", "FR", "at", *COUNTRIES[4:]]
    assert [lead["country"] for lead in rows(root)] == as_before


def test_a_lead_that_is_forgotten_is_in_no_linked_trail(root: Path, nights: Callable[..., list[Summary]]) -> None:
    nights(10)
    (root / "leads.csv").unlink()
    project = load_project(root)
    forget_lead(project, Registry.of_project(project), "11")
    parts = [pl.read_parquet(path) for path in root.rglob("*.parquet")]
    assert not any(part["key"].is_in(["11"]).any() for part in parts if "key" in part.columns)
    assert told(root, "n10") == {key: text for key, text in after(10).items() if key != "11"}


def test_guards_of_a_campaign_count_what_was_replayed(root: Path, nights: Callable[..., list[Summary]]) -> None:
    campaign = root / "campaigns" / "nightly.yaml"
    campaign.write_text(campaign.read_text() + "guards: {changed: {country: 13}}\n")
    assert [summary.totals.campaigns["nightly"]["changed.country"] for summary in nights(2)] == [12, 12]


def test_a_journal_that_knew_no_cells_and_no_links_is_read(
    root: Path, nights: Callable[..., list[Summary]], run: Run, rows: Rows
) -> None:
    nights(1)
    [folder] = (root / ".lustrum" / "runs" / "n1").glob("batch-*")
    (folder / f"{CELLS}.parquet").unlink()
    seen = pl.read_parquet(folder / "seen.parquet")
    seen.select("key", *(name for name in SEEN_SCHEMA if name not in ("trail", "place"))).write_parquet(
        folder / "seen.parquet"
    )
    assert run(root, "n2").totals.spared == 12
    assert [lead["country"] for lead in rows(root)] == list(after(1).values())
    assert told(root, "n2") == after(1)
