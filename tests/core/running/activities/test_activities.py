"""Activities in a run: from the feed and from earlier runs, asked about by smart lists and triggers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lustrum.running.summary import Summary
from lustrum.words.errors import SourceError, UsageError

Project = Callable[..., Path]
Run = Callable[..., Summary]
Rows = Callable[..., list[dict[str, str]]]
Outputs = Callable[[Path], dict[str, bytes]]

SETTINGS = "activities: {from: feed.csv}\nlists: [hot]\n"
LEADS = "id,country,note\n1,DE,\n2,FR,\n3,IT,\n4,AT,\n5,CH,\n"
FEED = """\
id,lead,type,at,name,attributes
a,1,Visit Webpage,2026-01-30T10:00:00Z,/pricing,"{""Seconds"": 5}"
b,1,Visit Webpage,2026-01-30T09:00:00Z,/home,
a,1,Visit Webpage,2026-01-30T10:00:00Z,/pricing,
c,3,visits_web-page,2026-01-29T10:00:00Z,/pricing,
d,99,1,2026-01-29,/pricing,
e,2,Visit Webpage,01/29/2026,/pricing,
f,2,New Lead,whenever,,
g,,Visit Webpage,2026-01-29,,
h,4,Visit Webpage
"""
VISITED = """
campaign: nightly
kind: batch
smart_list: {all: [{visited web page: {name: is /pricing}}]}
flow:
  - {use: change.value, with: {field: note, value: visited}}
"""
ON_VISIT = """
campaign: nightly
kind: trigger
on: {activity: visit webpage}
flow:
  - {use: change.value, with: {field: note, value: "{{trigger.name}}"}}
  - {use: moment.record, with: {type: Web, text: "saw {{trigger.name}}"}}
"""


def campaign(text: str, feed: str = FEED) -> dict[str, Any]:
    return {"settings": SETTINGS, "files": {"campaigns/nightly.yaml": text, "feed.csv": feed}}


@pytest.mark.parametrize("size", [1, 2, 100])
def test_the_past_decides_who_a_campaign_takes(project: Project, run: Run, rows: Rows, size: int) -> None:
    root = project(LEADS, **campaign(VISITED))
    totals = run(root, batch_size=size).totals
    assert [row["note"] for row in rows(root)] == ["visited", "", "visited", "", ""]
    assert (totals.activities_fed, totals.activities) == (9, 4)
    assert (totals.activities_taken, totals.activities_repeated) == (0, 1)
    assert totals.activities_unmatched == 1
    assert totals.activities_unreadable == {"time_unreadable": 1, "lead_missing": 1, "too_few_cells": 1}
    assert not (root / ".lustrum" / "runs" / "r1" / "activities").exists()


@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_trigger_takes_each_activity_once(project: Project, run: Run, rows: Rows, size: int) -> None:
    root = project(LEADS, **campaign(ON_VISIT))
    first = run(root, batch_size=size)
    assert [row["note"] for row in rows(root)] == ["/pricing", "", "/pricing", "", ""]
    told = [(row["key"], row["text"], row["at"]) for row in rows(root, "moments")]
    assert told == [
        ("1", "saw /home", "2026-01-31T03:00:00+00:00"),
        ("1", "saw /pricing", "2026-01-31T03:00:00+00:00"),
        ("3", "saw /pricing", "2026-01-31T03:00:00+00:00"),
    ]
    assert first.totals.activities_taken == 3
    second = run(root, "r2", batch_size=size, leads=str(root / "out" / "leads.csv"))
    assert (second.totals.activities_taken, second.totals.changed_cells, second.totals.effects) == (0, 0, {})
    with (root / "feed.csv").open("a", encoding="utf-8") as feed:
        feed.write("z,5,Visit Webpage,2026-01-30T23:00:00Z,/news,\n")
    third = run(root, "r3", batch_size=size, leads=str(root / "out" / "leads.csv"), out=str(root / "out" / "leads.csv"))
    assert (third.totals.activities_taken, rows(root)[4]["note"]) == (1, "/news")


def test_what_was_not_applied_is_not_taken(project: Project, run: Run) -> None:
    root = project(LEADS, **campaign(ON_VISIT))
    assert [run(root, name, dry_run=name == "r1").totals.activities_taken for name in ("r1", "r2", "r3")] == [3, 3, 0]


def test_leads_beyond_a_limit_are_in_the_source_all_the_same(project: Project, run: Run) -> None:
    totals = run(project(LEADS, **campaign(VISITED)), limit=1, batch_size=1).totals
    assert (totals.leads, totals.activities_unmatched) == (1, 1)


def test_earlier_runs_tell_of_their_own(project: Project, run: Run, rows: Rows) -> None:
    changed = """
    campaign: later
    kind: batch
    smart_list:
      all:
        - data value changed: {attribute: is country, new value: is fr, date of activity: in past 3 days}
        - not was added to list: {list: is hot}
        - member of campaign: nightly
    flow:
      - {use: change.value, with: {field: note, value: seen}}
    """
    root = project(
        LEADS,
        "{use: probe.tidy, reads: {value: country}}",
        "{use: list.add, when: \"id = '1'\", with: {list: hot}}",
        settings=SETTINGS.replace("activities", "timezone: Europe/Berlin\nactivities"),
        files={
            "campaigns/later.yaml": "\n".join(line[4:] for line in changed.splitlines()),
            "feed.csv": "lead,type,at\n",
        },
    )
    run(root, campaigns=("nightly", "later"))
    assert {row["note"] for row in rows(root)} == {""}
    run(root, "r2", campaigns=("later",))
    assert [row["note"] for row in rows(root)] == ["", "seen", "", "", ""]


def test_without_a_feed_there_is_what_runs_did(project: Project, run: Run, rows: Rows) -> None:
    member = VISITED.replace("visited web page: {name: is /pricing}", "member of campaign: nightly")
    root = project(LEADS, files={"campaigns/nightly.yaml": member.replace("member", "not member")})
    run(root)
    assert {row["note"] for row in rows(root)} == {"visited"}
    summary = run(root, "r2", leads=str(root / "out" / "leads.csv"))
    assert summary.totals.outcomes["nightly > change.value"] == {}
    assert summary.totals.activities_fed == 0


def test_nothing_is_read_where_nothing_is_asked(project: Project, run: Run) -> None:
    root = project(LEADS, "{use: probe.tidy, reads: {value: country}}", settings=SETTINGS)
    assert run(root).totals.activities == 0


def test_a_feed_that_cannot_be_understood_ends_the_run_before_it_begins(project: Project, run: Run) -> None:
    root = project(LEADS, **campaign(VISITED, "who,what\n"))
    with pytest.raises(SourceError, match="no column says the lead and the type and the time of an activity"):
        run(root)
    assert not (root / ".lustrum" / "runs").exists()


def test_a_feed_may_be_parquet(project: Project, run: Run, rows: Rows) -> None:
    root = project(LEADS, **campaign(VISITED) | {"settings": "activities: {from: feed.parquet}\n"})
    pl.read_csv(FEED.encode(), truncate_ragged_lines=True).write_parquet(root / "feed.parquet")
    run(root)
    assert [row["note"] for row in rows(root)] == ["visited", "", "visited", "", ""]


@pytest.mark.parametrize(("out", "feed"), [("feed.csv", "feed.csv"), ("out/feed.csv", "out/feed.moments.csv")])
def test_a_run_does_not_replace_its_feed(project: Project, run: Run, out: str, feed: str) -> None:
    root = project(LEADS, **campaign(VISITED) | {"settings": f"activities: {{from: {feed}}}\n"})
    with pytest.raises(UsageError, match="choose another --out"):
        run(root, out=str(root / out))
