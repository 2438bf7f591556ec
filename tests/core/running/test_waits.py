"""Leads that are parked at a wait go on in a later run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum.running.summary import Summary

Project = Callable[..., Path]
Run = Callable[..., Summary]
Rows = Callable[..., list[dict[str, str]]]

FLOW = (
    '{use: moment.record, id: before, with: {type: Web, text: "asked"}}',
    "{wait: 3 days}",
    '{use: moment.record, id: after, with: {type: Web, text: "reminded"}}',
)
LEADS = "id,country\n1,DE\n2,FR\n3,IT\n"


def at(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    monkeypatch.setenv("LUSTRUM_NOW", f"2026-02-{day:02d}T03:00:00+00:00")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
@pytest.mark.parametrize("size", [1, 100])
def test_a_parked_lead_goes_on_when_its_time_has_come(
    project: Project, run: Run, rows: Rows, monkeypatch: pytest.MonkeyPatch, size: int, zone: str
) -> None:
    root = project(LEADS, *FLOW, settings=f"timezone: {zone}\n")
    told: list[list[str]] = []
    parked: list[int] = []
    for day in (1, 2, 4, 5, 9):
        at(monkeypatch, day)
        parked.append(run(root, f"day-{day}", batch_size=size).totals.parked)
        told.append([row["key"] + row["text"] for row in rows(root, "moments")])
    asked, reminded = (["1" + word, "2" + word, "3" + word] for word in ("asked", "reminded"))
    assert told == [asked, [], reminded, [], []]
    assert parked == [3, 0, 0, 0, 0]


def test_who_was_parked_by_a_run_that_was_not_applied_does_not_wait(
    project: Project, run: Run, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(LEADS, *FLOW)
    at(monkeypatch, 1)
    assert run(root, "r1", dry_run=True).totals.parked == 3
    at(monkeypatch, 5)
    assert (run(root, "r2").totals.parked, {row["text"] for row in rows(root, "moments")}) == (3, {"asked"})


def test_a_lead_of_a_trigger_waits_with_its_activity(
    project: Project, run: Run, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = """
campaign: nightly
kind: trigger
on: {activity: visit webpage}
flow:
  - {wait: 3 days}
  - {use: moment.record, with: {type: Web, text: "saw {{trigger.name}}"}}
"""
    feed = "id,lead,type,at,name\na,1,visit webpage,2026-01-30,/pricing\n"
    files = {"campaigns/nightly.yaml": flow, "feed.csv": feed}
    root = project(LEADS, settings="activities: {from: feed.csv}\n", files=files)
    told: list[list[str]] = []
    for day in (1, 2, 5, 9):
        at(monkeypatch, day)
        run(root, f"day-{day}")
        told.append([row["key"] + " " + row["text"] for row in rows(root, "moments")])
    assert told == [[], [], ["1 saw /pricing"], []]


def test_a_wait_that_repeats_begins_anew(
    project: Project, run: Run, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = ("{wait: 3 days, repeat: always}", '{use: moment.record, repeat: always, with: {type: Web, text: "again"}}')
    root = project("id,country\n1,DE\n", *flow)
    told: list[int] = []
    for day in (1, 2, 4, 5, 8, 9):
        at(monkeypatch, day)
        run(root, f"day-{day}")
        told.append(len(rows(root, "moments")))
    assert told == [0, 0, 1, 0, 1, 0]
