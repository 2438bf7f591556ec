"""Where leads do not go back to where they come from, what does not happen every night is carried from run to run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lustrum.running.summary import Summary

Project = Callable[..., Path]
Run = Callable[..., Summary]
Outputs = Callable[[Path], dict[str, bytes]]
Rows = Callable[..., list[dict[str, str]]]

SETTINGS = "fields: {score: integer, segment: text}\nactivities: {from: activities.csv}\nlists: [done]\n"
LEADS = "id,country,score\n1,de,10\n2,fr,\n"
FEED = "id,lead,type,at\na1,1,new lead,2026-01-30T08:00:00Z\n"
UPPER = "{use: change.value, with: {field: segment, value: '{{lead.country}}-new'}}"


def campaign(head: str, *entries: str) -> str:
    return f"campaign: nightly\n{head}\nflow:\n" + "".join(f"  - {entry}\n" for entry in entries)


SELDOM = {
    "a trigger campaign": {"campaigns/nightly.yaml": campaign("kind: trigger\non: new lead", UPPER)},
    "a campaign that qualifies once": {"campaigns/nightly.yaml": campaign("kind: batch\nqualification: once", UPPER)},
    "a requested campaign": {
        "campaigns/nightly.yaml": campaign("kind: batch", "request: later"),
        "campaigns/later.yaml": campaign("kind: batch", UPPER).replace("nightly", "later"),
    },
    "a campaign with a wait": {"campaigns/nightly.yaml": campaign("kind: batch", UPPER, "wait: 3 days")},
    "a gate that asks a kept list": {
        "campaigns/nightly.yaml": campaign(
            "kind: batch\nsmart_list: {not member of list: done}", UPPER, "{use: list.add, with: {list: done}}"
        )
    },
    "a score that adds up": {
        "campaigns/nightly.yaml": campaign("kind: batch", "{use: change.score, with: {change: +5}}")
    },
}


@pytest.mark.parametrize("files", SELDOM.values(), ids=SELDOM)
def test_a_second_night_over_the_same_source_gives_the_same_bytes(
    project: Project, run: Run, outputs: Outputs, files: dict[str, str]
) -> None:
    root = project(LEADS, settings=SETTINGS, files={"activities.csv": FEED, **files})
    run(root, "r1")
    first = outputs(root)["leads.csv"]
    assert first != LEADS.encode()
    for night in ("r2", "r3"):
        assert run(root, night).totals.effects == {}
        assert outputs(root)["leads.csv"] == first


def test_a_cell_that_the_source_has_changed_since_counts(project: Project, run: Run, outputs: Outputs) -> None:
    root = project(LEADS, settings=SETTINGS, files=SELDOM["a score that adds up"] | {"activities.csv": FEED})
    run(root, "r1")
    (root / "leads.csv").write_text(LEADS.replace("10", "70"), encoding="utf-8")
    run(root, "r2")
    assert outputs(root)["leads.csv"] == b"id,country,score,segment\n1,de,70,\n2,fr,5,\n"


def test_the_changes_say_that_a_cell_was_carried(project: Project, run: Run, rows: Rows) -> None:
    root = project(LEADS, settings=SETTINGS, files=SELDOM["a score that adds up"] | {"activities.csv": FEED})
    run(root, "r1")
    run(root, "r2")
    assert [(row["key"], row["before"], row["after"], row["step"]) for row in rows(root, "changes")] == [
        ("1", "10", "15", "carried"),
        ("2", "", "5", "carried"),
    ]


def test_a_cell_that_nobody_can_read_stays(project: Project, run: Run, outputs: Outputs) -> None:
    source = LEADS + "3,es,many\n"
    root = project(source, settings=SETTINGS, files=SELDOM["a score that adds up"] | {"activities.csv": FEED})
    for night in ("r1", "r2", "r3"):
        run(root, night)
        assert outputs(root)["leads.csv"].splitlines()[3] == b"3,es,many,"


def test_in_place_nothing_is_carried(project: Project, run: Run) -> None:
    root = project(LEADS, settings=SETTINGS, files=SELDOM["a score that adds up"] | {"activities.csv": FEED})
    for night in ("r1", "r2"):
        run(root, night, out=str(root / "leads.csv"))
    assert (root / "leads.csv").read_text(encoding="utf-8") == "id,country,score,segment\n1,de,15,\n2,fr,5,\n"
