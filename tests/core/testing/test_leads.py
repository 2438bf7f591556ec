"""Leads as tests write them, to batches and back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lustrum.planning.plan import Schema
from lustrum.testing.leads import batch_of, rows_of, types_of
from lustrum.words.fields import FieldType

TYPES = {
    "id": FieldType.TEXT,
    "score": FieldType.INTEGER,
    "rate": FieldType.DECIMAL,
    "ok": FieldType.BOOLEAN,
    "on": FieldType.DATE,
    "at": FieldType.DATETIME,
}
LEAD = {
    "id": "1",
    "score": 7,
    "rate": 1.5,
    "ok": True,
    "on": date(2026, 1, 31),
    "at": datetime(2026, 1, 31, 3, tzinfo=UTC),
}


def schema(key: str | None = "id", new: tuple[str, ...] = ()) -> Schema:
    return Schema(TYPES, {name: name for name in TYPES}, new, key)


def test_types_are_read_from_the_values() -> None:
    assert types_of([LEAD]) == TYPES


@pytest.mark.parametrize("rows", [[{"a": None}, {"a": 7}], [{"a": 7}, {"a": None}], [{"A": 7}]])
def test_an_empty_value_says_nothing_about_the_type(rows: list[dict[str, object]]) -> None:
    assert types_of(rows) == {"a": FieldType.INTEGER}


def test_a_field_with_no_value_is_text() -> None:
    assert types_of([{"a": None}]) == {"a": FieldType.TEXT}


def test_a_batch_and_back() -> None:
    batch = batch_of([LEAD, {"id": "2"}], schema())
    assert rows_of(batch.frame) == [LEAD, {"id": "2", **dict.fromkeys(list(TYPES)[1:])}]
    assert batch.keys.to_list() == ["1", "2"]
    assert batch.trouble.to_list() == [None, None]


def test_numbers_may_be_text() -> None:
    (lead,) = rows_of(batch_of([{"ID": "1", "Score": "7", "rate": "1.5", "ok": "yes"}], schema()).frame)
    assert (lead["score"], lead["rate"], lead["ok"]) == (7, 1.5, True)


def test_values_may_be_text() -> None:
    texts = {
        "ID": "1", "score": "7", "rate": "1.5", "ok": "yes", "on": "2026-01-31", "at": "2026-01-31T03:00:00Z",
    }  # fmt: skip
    assert rows_of(batch_of([texts], schema()).frame) == [LEAD]


def test_empty_text_is_no_value() -> None:
    assert rows_of(batch_of([{"id": "1", "score": ""}], schema()).frame)[0]["score"] is None


def test_new_fields_are_left_to_the_engine() -> None:
    assert "at" not in batch_of([LEAD], schema(new=("at",))).frame.columns


def test_without_a_key_leads_are_numbered() -> None:
    assert batch_of([LEAD, LEAD], schema(key=None)).keys.to_list() == ["1", "2"]


def test_trouble_may_be_made() -> None:
    assert batch_of([LEAD, LEAD], schema(), [None, "key_repeated"]).trouble.to_list() == [None, "key_repeated"]
