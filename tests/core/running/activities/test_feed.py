"""The feed of activities: what is read of it, and what is not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lustrum.engine.given import ACTIVITIES
from lustrum.planning.registry import Registry
from lustrum.running.activities.feed import Feed
from lustrum.running.activities.feed_rows import ParquetRows, SourceRows, open_feed
from lustrum.words.activities import activity_type
from lustrum.words.errors import SourceError

WEB, CHANGED = "visited web page", "data value changed"


class Listed:
    """Rows as a test writes them."""

    def __init__(self, *rows: dict[str, str | None]) -> None:
        self._rows = rows

    @property
    def header(self) -> Sequence[str]:
        return list(self._rows[0])

    def pieces(self) -> Iterator[tuple[pl.DataFrame, Counter[str]]]:
        for row in self._rows:
            yield pl.DataFrame([row], schema=dict.fromkeys(self.header, pl.String)), Counter()


def feed(*rows: dict[str, str | None], types: Sequence[str] = (WEB, CHANGED), key: str = "id") -> Feed:
    return Feed(Listed(*rows), "feed.csv", key, "Europe/Rome", frozenset(types))


def told(made: Feed) -> list[dict[str, Any]]:
    found = pl.concat(made.activities())
    assert found.schema == pl.Schema(dict(ACTIVITIES))
    return [{**row, "attributes": json.loads(row["attributes"])} for row in found.to_dicts()]


def visit(**cells: str | None) -> dict[str, str | None]:
    return {"id": "a1", "lead": "7", "type": "Visit Webpage", "at": "2024-03-01T02:00:00Z", **cells}


def test_an_activity_of_the_generic_columns() -> None:
    row = visit(name="/pricing", attributes='{"Search Query": "crm", "Seconds": 12.50}', Referrer="news", Empty=None)
    assert told(feed(row)) == [
        {
            "key": "7",
            "id": "a1",
            "type": WEB,
            "date_of_activity": datetime(2024, 3, 1, 2, tzinfo=UTC),
            "name": "/pricing",
            "attributes": {"search_query": "crm", "seconds": "12.50", "referrer": "news"},
        }
    ]


def marketo(**cells: str | None) -> dict[str, str | None]:
    return {
        "marketoGUID": "g1",
        "leadId": "7",
        "activityDate": "2024-03-01T02:00:00Z",
        "activityTypeId": "13",
        "campaignId": "null",
        "primaryAttributeValueId": "641",
        "primaryAttributeValue": "Country",
        "attributes": '{"New Value":"DE","Old Value":null,"Reason":"Form fill","Source":"Web"}',
        **cells,
    }


def test_an_activity_of_marketos_bulk_export() -> None:
    (found,) = told(feed(marketo()))
    assert (found["key"], found["id"], found["type"], found["name"]) == ("7", "g1", CHANGED, "Country")
    assert found["attributes"] == {
        "attribute": "Country",
        "new_value": "DE",
        "reason": "Form fill",
        "source": "Web",
        "primary_attribute_value_id": "641",
    }


@pytest.mark.parametrize(
    ("kind", "name", "attributes", "expected"),
    [
        ("22", "Lead Score", {"Change Value": "+5"}, {"attribute": "Lead Score", "change": "+5", "change_value": "+5"}),
        ("24", "Hot", {}, {"list": "Hot"}),
        ("25", "Hot", {}, {"list": "Hot"}),
        ("46", "Milestone", {"Description": "won"}, {"type": "Milestone", "description": "won"}),
        ("104", "Webinar", {"New Status": "Attended"}, {"program": "Webinar", "new_status": "Attended"}),
        ("47", "Welcome", {}, {"campaign": "Welcome"}),
        ("110", "Enrich", {}, {"webhook": "Enrich"}),
        ("13", "A", {"Attribute": "B"}, {"attribute": "B"}),
    ],
)
def test_the_primary_attribute_has_its_own_name_too(
    kind: str, name: str, attributes: dict[str, str], expected: dict[str, str]
) -> None:
    row = marketo(activityTypeId=kind, primaryAttributeValue=name, attributes=json.dumps(attributes))
    (found,) = told(feed({**row, "primaryAttributeValueId": None}, types=[activity_type(kind)]))
    assert (found["name"], found["attributes"]) == (name, expected)


def test_only_the_types_asked_about_are_read() -> None:
    made = feed(visit(), visit(id="a2", type="NEW LEAD", at="whenever"), visit(id="a3", type="visits_web-page"))
    assert [found["id"] for found in told(made)] == ["a1", "a3"]
    assert (made.read, made.unreadable) == (2, Counter())


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"type": None}, "type_missing"),
        ({"lead": None}, "lead_missing"),
        ({"lead": "  "}, "lead_missing"),
        ({"at": None}, "time_unreadable"),
        ({"at": "03/01/2024"}, "time_unreadable"),
        ({"attributes": "{broken"}, "attributes_unreadable"),
        ({"attributes": '["a"]'}, "attributes_unreadable"),
        ({"attributes": "7"}, "attributes_unreadable"),
        ({"attributes": "[" * 100_000}, "attributes_unreadable"),
    ],
)
def test_what_cannot_be_read_is_counted(cells: dict[str, str | None], reason: str) -> None:
    made = feed(visit(attributes=None), visit(**{"attributes": None, **cells}))
    assert len(told(made)) == 1
    assert (made.read, made.unreadable) == (1, {reason: 1})


def test_attributes_may_be_a_list_of_names_and_values() -> None:
    (found,) = told(
        feed(visit(attributes='[{"name": "New Value", "value": 5}, {"name": "Gone"}, {"name": "No", "value": false}]'))
    )
    assert found["attributes"] == {"new_value": "5", "no": "false"}


def test_a_row_without_an_id_has_one_of_its_content() -> None:
    rows = [visit(id=None), visit(id="given"), visit(id=None), visit(id=None, lead="8"), visit(id=None, name="x")]
    one, given, same, other, named = [found["id"] for found in told(feed(*({"name": None, **row} for row in rows)))]
    assert given == "given"
    assert one == same
    assert len({one, other, named}) == 3
    assert one == "83c7729963cea0782d36969764197b3d", "consumed activities are known by it"


def test_without_a_name_the_key_is_the_lead() -> None:
    row: dict[str, str | None] = {"id": "7", "type": "visit webpage", "at": "2024-03-01"}
    (found,) = told(feed(row))
    assert (found["key"], len(found["id"])) == ("7", 32)


def test_columns_that_do_not_say_enough_are_an_error() -> None:
    with pytest.raises(SourceError, match="no column says the time"):
        feed({"lead": "7", "type": "x"})


# Files


def test_a_delimited_file_is_read_as_leads_are(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_bytes("Lead;Type;At;Größe\r\n7;visit webpage;2024-03-01;L\r\n8;visit webpage\r\n".encode("windows-1252"))
    rows = open_feed(Registry.load(), str(path))
    assert isinstance(rows, SourceRows)
    made = Feed(rows, str(path), "id", "UTC", frozenset({WEB}))
    assert [(found["key"], found["attributes"]) for found in told(made)] == [("7", {"größe": "L"})]
    assert made.unreadable == {"too_few_cells": 1}


def test_a_parquet_file_is_read_whatever_its_types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lustrum.running.activities.feed_rows.SIZE", 2)
    path = tmp_path / "feed[1].parquet"
    start = datetime(2024, 3, 1, 2)  # noqa: DTZ001  # a time without a zone
    pl.DataFrame(
        {
            "lead": [7, 8, 9],
            "type": ["visit webpage"] * 3,
            "at": [start, start.replace(hour=3, microsecond=5), None],
            "zoned": pl.Series([start] * 3, dtype=pl.Datetime("ms")).dt.replace_time_zone("Asia/Tokyo"),
            "day": [date(2024, 3, 1)] * 3,
            "ok": [True, None, False],
            "note": ["", "x", None],
            "attributes": [{"New Value": 5, "Old": None}, {"New Value": 6, "Old": None}, None],
        }
    ).write_parquet(path)
    rows = open_feed(Registry.load(), str(path))
    assert isinstance(rows, ParquetRows)
    made = Feed(rows, str(path), "id", "Europe/Rome", frozenset({WEB}))
    first, second = told(made)
    beside = {"zoned": "2024-02-29T17:00:00Z", "day": "2024-03-01"}
    assert (first["key"], first["attributes"]) == ("7", {"new_value": "5", "ok": "true", **beside})
    assert (second["key"], second["attributes"]) == ("8", {"new_value": "6", "note": "x", **beside})
    assert first["date_of_activity"] == datetime(2024, 3, 1, 1, tzinfo=UTC)
    assert second["date_of_activity"] == datetime(2024, 3, 1, 2, 0, 0, 5, tzinfo=UTC)
    assert made.unreadable == {"time_unreadable": 1}


@pytest.mark.parametrize("name", ["nowhere.parquet", "feed.pq"])
def test_a_parquet_file_that_cannot_be_read_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "feed.pq").write_text("no parquet")
    with pytest.raises(SourceError, match="the feed of activities cannot be read"):
        Feed(open_feed(Registry.load(), str(tmp_path / name)), name, "id", "UTC", frozenset({WEB}))
