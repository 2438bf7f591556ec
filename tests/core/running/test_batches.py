"""From a source's text to typed leads: keys, row numbers, cells nobody can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lustrum.contracts.sources import Reject, SourceBatch
from lustrum.planning.plan import Schema
from lustrum.running.batches import KEY_MISSING, KEY_REPEATED, Intake, unreadable
from lustrum.running.summary import Summary
from lustrum.words.fields import FieldType

Project = Callable[..., Path]
Run = Callable[..., Summary]
Rows = Callable[..., list[dict[str, str]]]


class Listed:
    """A source of listed leads."""

    location, fingerprint, description = "leads", "", ""

    def __init__(self, rows: Sequence[Mapping[str, str | None]], rejects: Sequence[Reject] = ()) -> None:
        self._rows = rows
        self._rejects = rejects

    @property
    def header(self) -> Sequence[str]:
        return list(self._rows[0])

    def batches(self, size: int) -> Iterator[SourceBatch]:
        for start in range(0, len(self._rows), size):
            frame = pl.DataFrame(self._rows[start : start + size], schema=dict.fromkeys(self.header, pl.String))
            yield SourceBatch(frame, self._rejects)


def schema(key: str | None = "id", new: tuple[str, ...] = (), **types: FieldType) -> Schema:
    columns = {name: name.title() if name != "id" else "id" for name in types}
    return Schema({"id": FieldType.TEXT, **types}, {"id": "id", **columns}, new, key)


def test_keys_are_checked_over_the_whole_source() -> None:
    source = Listed([{"id": key} for key in ("1", "2", "1", None, " ", "2", "01")])
    troubles = [trouble for part in Intake(source, schema()).batches(2) for trouble in part.batch.trouble]
    assert troubles == [None, None, KEY_REPEATED, KEY_MISSING, KEY_MISSING, KEY_REPEATED, None]


def test_without_a_key_the_row_number_is_the_key() -> None:
    source = Listed([{"id": "x"}] * 5)
    parts = list(Intake(source, schema(key=None)).batches(2))
    assert [key for part in parts for key in part.batch.keys] == ["1", "2", "3", "4", "5"]
    assert all(part.batch.trouble.is_null().all() for part in parts)


def test_typed_fields_keep_the_text_they_were_read_from() -> None:
    source = Listed([{"id": "1", "Score": " 7 "}, {"id": "2", "Score": "many"}, {"id": "3", "Score": None}])
    part = next(Intake(source, schema(score=FieldType.INTEGER)).batches(10))
    assert part.batch.frame["score"].to_list() == [7, None, None]
    assert part.batch.raw["score"].to_list() == [" 7 ", "many", None]
    assert unreadable(part.batch) == {"score": 1}


def test_a_text_field_is_never_unreadable() -> None:
    part = next(Intake(Listed([{"id": "1", "Note": "?"}]), schema(note=FieldType.TEXT)).batches(10))
    assert (part.batch.raw, unreadable(part.batch)) == ({}, {})


def test_a_new_field_is_not_looked_for_in_the_source() -> None:
    part = next(Intake(Listed([{"id": "1"}]), schema(new=("note",), note=FieldType.TEXT)).batches(10))
    assert part.batch.frame.columns == ["id"]


def test_rejects_come_with_their_batch() -> None:
    reject = Reject(3, "too long", b"a,b,c")
    assert next(Intake(Listed([{"id": "1"}], [reject]), schema()).batches(10)).rejects == [reject]


def test_a_repeated_key_is_noticed_across_batches(project: Project, run: Run, rows: Rows) -> None:
    root = project("id,country\n1,DE\n2,FR\n1,IT\n2,AT\n")
    summary = run(root, batch_size=1)
    assert [row["country"] for row in rows(root)] == ["de", "fr", "IT", "AT"]
    assert [(row["key"], row["code"]) for row in rows(root, "quarantine")] == [("1", KEY_REPEATED), ("2", KEY_REPEATED)]
    assert (summary.totals.quarantined, summary.totals.changed_leads) == (2, 2)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_leads_without_a_key_stay_as_they_are(project: Project, run: Run, rows: Rows, size: int) -> None:
    root = project('id,country\n1,DE\n,FR\n" ",IT\n')
    summary = run(root, batch_size=size)
    assert [row["country"] for row in rows(root)] == ["de", "FR", "IT"]
    held = rows(root, "quarantine")
    assert [(row["key"], row["code"], row["field"]) for row in held] == [("", KEY_MISSING, ""), (" ", KEY_MISSING, "")]
    assert {row["message"] for row in held} == {"the lead is left as it is"}
    assert summary.exit_code == 1


def test_a_key_of_another_type_is_kept_as_text(project: Project, run: Run, rows: Rows) -> None:
    root = project("id,country\n007,DE\n7,FR\n", settings="fields: {id: integer}\n")
    run(root)
    assert [row["key"] for row in rows(root, "changes")] == ["007", "7"]


def test_a_run_without_a_key_counts_the_rows_over_all_batches(project: Project, run: Run, rows: Rows) -> None:
    root = project("id,country\n5,DE\n5,FR\n,IT\n", key="")
    run(root, batch_size=2)
    assert [(row["key"], row["after"]) for row in rows(root, "changes")] == [("1", "de"), ("2", "fr"), ("3", "it")]


TYPED = "id,score,since,ok,rate,at\n"


@pytest.mark.parametrize("size", [1, 100])
def test_a_cell_nobody_can_read_fails_and_is_kept(
    project: Project, run: Run, rows: Rows, outputs: Callable[[Path], dict[str, bytes]], size: int
) -> None:
    root = project(
        "id,score,note\n1, 7 ,\n2,many,\n3,,\n",
        '{use: change.score, with: {change: "+5"}}',
        "{use: change.value, with: {field: note, value: seen}}",
        settings="fields: {score: integer}\n",
    )
    summary = run(root, batch_size=size)
    assert outputs(root)["leads.csv"] == b"id,score,note\n1,12,seen\n2,many,seen\n3,5,seen\n"
    held = rows(root, "quarantine")
    assert [(row["key"], row["code"], row["field"], row["message"]) for row in held] == [
        ("2", "unreadable", "score", '"many" is no integer')
    ]
    assert held[0]["inputs"] == '{"score":"many"}'
    assert (dict(summary.totals.unreadable), dict(summary.totals.codes)) == ({"score": 1}, {"unreadable": 1})


def test_a_typed_cell_that_nothing_touches_keeps_its_text(
    project: Project, run: Run, outputs: Callable[[Path], dict[str, bytes]]
) -> None:
    settings = "fields: {score: integer, since: date, ok: boolean, rate: decimal, at: datetime}\n"
    content = TYPED + "1, 007 ,2024-01-01,Yes,1.50,2024-01-01 10:00\n2,x,x,x,x,x\n3,,,,,\n"
    root = project(content, "{use: moment.record, with: {type: Web, text: seen}}", settings=settings)
    summary = run(root)
    assert outputs(root)["leads.csv"] == content.encode()
    assert summary.totals.unreadable == dict.fromkeys(("score", "since", "ok", "rate", "at"), 1)


@pytest.mark.parametrize(
    ("kind", "text", "rendered"),
    [
        ("integer", "007", "7"),
        ("decimal", "1.50", "1.5"),
        ("decimal", "2", "2.0"),
        ("boolean", "yes", "true"),
        ("date", "2024-02-29", "2024-02-29"),
        ("datetime", "2024-02-29 10:00", "2024-02-29T10:00:00Z"),
    ],
)
def test_a_written_value_is_rendered_in_one_way(
    project: Project, run: Run, rows: Rows, kind: str, text: str, rendered: str
) -> None:
    root = project(
        "id,field\n1,\n",
        f"{{use: change.value, with: {{field: field, value: '{text}'}}}}",
        settings=f"fields: {{field: {kind}}}\n",
    )
    run(root)
    assert rows(root)[0]["field"] == rendered


def test_progress_is_told_after_each_batch(project: Project, run: Run) -> None:
    told: list[Any] = []
    run(project("id,country\n1,DE\n2,FR\n3,IT\n"), batch_size=2, progress=told.append)
    assert told == [2, 3]
