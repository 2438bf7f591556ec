"""What applied runs did is known to later ones as activities."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lustrum.engine.given import ACTIVITIES
from lustrum.running.activities.own_activities import (
    ADDED,
    EXECUTED,
    OF_EFFECTS,
    REMOVED,
    SCORE,
    STATUS,
    VALUE,
    OwnActivities,
    Subjects,
)
from lustrum.running.journal.applied_parts import AppliedParts
from lustrum.running.journal.folders import batch_folder
from lustrum.running.journal.journal import Journal
from lustrum.running.journal.run_parts import Value
from lustrum.running.summary import Summary
from lustrum.words.activities import activity_type
from lustrum.words.fields import FieldType

Project = Callable[..., Path]
Run = Callable[..., Summary]

START = datetime(2026, 1, 31, 3, tzinfo=UTC)
ALL = frozenset({VALUE, SCORE, ADDED, REMOVED, STATUS, EXECUTED, *OF_EFFECTS.values()})
SETTINGS = (
    "lists: [hot, Needs Review]\nprograms: {webinar: [Invited, Attended]}\nfields: {score: integer, grade: text}\n"
)
TYPES = {"score": FieldType.INTEGER, "grade": FieldType.TEXT, "country": FieldType.TEXT}
LEADS = "id,country,score\n1,DE,1\n2,fr,\n3,IT,7\n"


def known(root: Path, *keys: str, types: frozenset[str] = ALL) -> list[dict[str, Any]]:
    """Give what is known of leads, by id of lead and type, ids of activities left out."""
    found = own(root, keys, types)
    return [
        {**row, "attributes": json.loads(row["attributes"])}
        for row in found.drop("id").sort("key", "type", "name").to_dicts()
    ]


def own(root: Path, keys: Sequence[str], types: frozenset[str] = ALL) -> pl.DataFrame:
    subjects = Subjects.of(["hot", "Needs Review"], ["webinar"], TYPES)
    with Journal.open_ledger(root) as ledger:
        parts = AppliedParts(root, ledger.applied_runs)
        return OwnActivities(parts, subjects, types).of(pl.Series(keys, dtype=pl.String))


def activity(kind: str, name: str, key: str = "1", at: datetime = START, **attributes: str) -> dict[str, Any]:
    return {"key": key, "type": kind, "date_of_activity": at, "name": name, "attributes": attributes}


def test_the_types_are_the_canonical_ones() -> None:
    assert {kind: activity_type(kind) for kind in ALL} == {kind: kind for kind in ALL}


CHANGES = [
    pytest.param(
        "{use: probe.tidy, reads: {value: country}}",
        [activity(VALUE, "country", attribute="country", old_value="DE", new_value="de")],
        id="value",
    ),
    pytest.param(
        "{use: change.value, with: {field: grade, value: A}}",
        [activity(VALUE, "grade", attribute="grade", new_value="A")],
        id="value that was empty",
    ),
    pytest.param(
        "{use: change.score, with: {change: +5}}",
        [
            activity(VALUE, "score", attribute="score", old_value="1", new_value="6"),
            activity(SCORE, "score", attribute="score", old_value="1", new_value="6", change="5"),
        ],
        id="score",
    ),
    pytest.param(
        "{use: change.value, with: {field: score, value: 9}}",
        [activity(VALUE, "score", attribute="score", old_value="1", new_value="9")],
        id="integer that is not scored",
    ),
    pytest.param(
        "{use: list.add, with: {list: Needs Review}}", [activity(ADDED, "Needs Review", list="Needs Review")], id="list"
    ),
    pytest.param("{use: list.remove, with: {list: hot}}", [], id="list it was not on"),
    pytest.param(
        "{use: change.status, with: {program: webinar, status: Invited}}",
        [activity(STATUS, "webinar", program="webinar", new_status="Invited")],
        id="status",
    ),
    pytest.param(
        '{use: moment.record, with: {type: Web, text: "from {{lead.country}}"}}',
        [activity(OF_EFFECTS["moment"], "Web", type="Web", description="from DE")],
        id="moment",
    ),
    pytest.param(
        '{use: send.alert, with: {to: ada, subject: "Look: {{lead.id}}", text: now}}',
        [activity(OF_EFFECTS["alert"], "Look: 1", to="ada", subject="Look: 1")],
        id="alert",
    ),
    pytest.param(
        "{request: other}",
        [
            activity(OF_EFFECTS["request"], "other", campaign="other"),
            activity(EXECUTED, "other", campaign="other"),
        ],
        id="request",
    ),
]
OTHER = """
campaign: other
kind: batch
flow:
  - {use: probe.tidy, when: "id = 'x'", reads: {value: country}}
"""


@pytest.mark.parametrize(("entry", "expected"), CHANGES)
def test_what_a_run_does_is_an_activity(project: Project, run: Run, entry: str, expected: list[dict[str, Any]]) -> None:
    root = project(LEADS, entry, settings=SETTINGS, files={"campaigns/other.yaml": OTHER})
    run(root, dry_run=True, run_id="dry")
    assert known(root, "1", "2", "3") == []
    run(root)
    executed = activity(EXECUTED, "nightly", campaign="nightly")
    assert known(root, "1") == sorted([executed, *expected], key=lambda each: (each["type"], each["name"]))
    for each in expected:
        assert each in known(root, "1", types=frozenset({each["type"]}))
    assert known(root, "1", types=frozenset({"visited web page"})) == []
    assert known(root, "nobody") == []


def test_only_what_differs_in_the_end_is_a_change(project: Project, run: Run) -> None:
    flow = (
        "{use: change.score, id: up, with: {change: +5}}",
        "{use: change.score, id: more, with: {change: +2}}",
        "{use: change.value, id: away, with: {field: country, value: XX}}",
        "{use: change.value, id: back, with: {field: country, value: DE}}",
    )
    root = project("id,country,score\n1,DE,1\n", *flow, settings=SETTINGS)
    run(root)
    assert known(root, "1", types=frozenset({VALUE, SCORE})) == [
        activity(VALUE, "score", attribute="score", old_value="1", new_value="8"),
        activity(SCORE, "score", attribute="score", old_value="1", new_value="6", change="5"),
        activity(SCORE, "score", attribute="score", old_value="6", new_value="8", change="2"),
    ]


def test_who_leaves_a_list_was_on_it(project: Project, run: Run) -> None:
    root = project("id,List Hot\n1,yes\n2,no\n", "{use: list.remove, with: {list: hot}}", settings=SETTINGS)
    run(root)
    assert known(root, "1", "2", types=frozenset({ADDED, REMOVED})) == [activity(REMOVED, "hot", list="hot")]


def test_ids_are_the_same_each_time_and_of_one_thing_only(project: Project, run: Run) -> None:
    flow = ("{use: change.score, id: up, with: {change: +5}}", "{use: change.score, id: more, with: {change: +2}}")
    root = project(LEADS, *flow, settings=SETTINGS)
    run(root, batch_size=2)
    found = own(root, ["1", "2", "3"])
    assert found.schema == pl.Schema(dict(ACTIVITIES))
    assert found["id"].n_unique() == found.height == 3 * 4
    assert own(root, ["1", "2", "3"])["id"].to_list() == found["id"].to_list()
    assert set(own(root, ["3"])["id"]) < set(found["id"])


def test_journals_of_the_first_format_have_fewer_parts_and_columns(project: Project, run: Run) -> None:
    root = project(LEADS, '{use: moment.record, with: {type: Web, text: "x"}}', settings=SETTINGS)
    run(root)
    folder = batch_folder(root, "r1", 0)
    (folder / "executed.parquet").unlink()
    effects = pl.read_parquet(folder / "effects.parquet")
    effects.drop("subject", "at").write_parquet(folder / "effects.parquet")
    run(root, "r2", campaigns=("nightly",))
    moment = activity(OF_EFFECTS["moment"], "Web", type="Web", description="x")
    assert known(root, "1") == [activity(EXECUTED, "nightly", campaign="nightly"), moment]
    with Journal.open_ledger(root) as ledger:
        assert [frame.height for frame in Journal(root, "r1", ledger).read("executed")] == [0]


def test_a_moment_that_happens_again_in_a_run_is_another() -> None:
    columns: Mapping[str, Any] = {"key": ["1", "1"], "path": ["a > b"] * 2, "effect": ["e"] * 2, "kind": ["moment"] * 2}
    times = [START, START.replace(hour=5)]
    effects = pl.DataFrame({**columns, "at": times, "run": ["r1"] * 2, "started": [START] * 2, "type": ["Web"] * 2})

    class Parts(AppliedParts):
        def __init__(self) -> None: ...

        def of(self, part: str, keys: pl.Series, condition: str = "true", **values: Value) -> pl.DataFrame:
            assert (part, keys.to_list(), condition != "true", values) == (
                "effects",
                ["1"],
                True,
                {"kinds": ["moment"]},
            )
            return effects.with_columns(text=pl.lit("x"), subject=pl.lit(None, pl.String))

    types = frozenset({OF_EFFECTS["moment"]})
    found = OwnActivities(Parts(), Subjects.of([], [], {}), types).of(pl.Series(["1"]))
    assert (found["id"].n_unique(), found["date_of_activity"].to_list()) == (2, [START] * 2)
