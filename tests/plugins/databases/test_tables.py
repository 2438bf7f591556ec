"""Leads of a table: read in the order of its key, changed where they are, all or nothing, and taken back."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.plugins.cell_changes import Cells, changed
from tests.plugins.databases.conftest import Server

from lustrum import Sink, Source
from lustrum.contracts.sources import InPlaceSink
from lustrum.words.errors import SinkError, SourceError
from lustrum_plugins.databases import lustrum_open_sink, lustrum_open_source

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
LEADS = {
    "id": ["1", "2", "3", "4", "10"],
    "country": ["DE", "IT", None, "fr", None],
    "score": ["10", None, "4", "5", "3"],
    "born": ["1984-03-01", None, None, None, "1990-12-31"],
}
AS_MADE = [(1, "DE", 10), (2, "IT", None), (3, None, 4), (4, "fr", 5), (10, "", 3)]


def source_of(database: Server, table: str = "leads") -> Source:
    source = lustrum_open_source(f"{database.location}#{table}", {})
    assert source is not None
    return source


def sink_of(database: Server) -> Sink:
    sink = lustrum_open_sink(f"{database.location}#leads", {})
    assert sink is not None
    return sink


def prepared(database: Server, into: Path, cells: Cells, *new: str, rows: int = 5) -> Path:
    return sink_of(database).prepare(source_of(database), [changed(rows, cells)], new, into)


@BOTH
@pytest.mark.parametrize("size", [1, 2, 3, 100_000])
def test_rows_come_in_the_order_of_their_key(database: Server, size: int) -> None:
    batches = [batch.frame for batch in source_of(database).batches(size)]
    assert [batch.height for batch in batches[:-1]] == [size] * (len(batches) - 1)
    assert pl.concat(batches).to_dict(as_series=False) == LEADS


@BOTH
def test_columns_without_a_text_are_left_alone(database: Server) -> None:
    source = source_of(database)
    assert list(source.header) == ["id", "country", "score", "born"]
    assert source.description == "table leads, 4 columns, key id, left alone: photo"


@BOTH
def test_changed_cells_are_written_and_no_others(database: Server, tmp_path: Path) -> None:
    cells: Cells = {"country": {1: "Italy", 4: "PL"}, "score": {0: None, 1: "7"}}
    sink_of(database).publish(prepared(database, tmp_path, cells))
    assert database.rows() == [(1, "DE", None), (2, "Italy", 7), (3, None, 4), (4, "fr", 5), (10, "PL", 3)]


@BOTH
def test_new_columns_are_added_as_text(database: Server, tmp_path: Path) -> None:
    sink_of(database).publish(prepared(database, tmp_path, {"Time zone": {0: "Europe/Berlin"}}, "Time zone"))
    sink_of(database).publish(prepared(database, tmp_path, {"Time zone": {1: "Europe/Rome"}}, "Time zone"))
    zones = database.rows('SELECT "Time zone" FROM leads ORDER BY id')
    assert zones == [("Europe/Berlin",), ("Europe/Rome",), (None,), (None,), (None,)]


@BOTH
def test_what_was_put_in_place_is_known_by_its_name(database: Server, tmp_path: Path) -> None:
    sink = sink_of(database)
    assert isinstance(sink, InPlaceSink)
    one, other = (prepared(database, tmp_path, {"country": {0: "AT"}}) for _ in range(2))
    assert not sink.published(one.name)
    sink.publish(one)
    assert sink.published(one.name)
    assert not sink.published(other.name)


@BOTH
@pytest.mark.parametrize(
    ("meanwhile", "what"),
    [("UPDATE leads SET country = 'CH' WHERE id = 4", "changed"), ("DELETE FROM leads WHERE id = 4", "removed")],
)
def test_nothing_is_written_over_what_somebody_changed(
    database: Server, tmp_path: Path, meanwhile: str, what: str
) -> None:
    edits = prepared(database, tmp_path, {"country": {0: "AT", 3: "FR"}})
    database.make(meanwhile)
    left = database.rows()
    with pytest.raises(SinkError, match=f"the row 4 was {what} since it was read; nothing was applied"):
        sink_of(database).publish(edits)
    assert database.rows() == left


@BOTH
def test_a_table_that_changes_while_it_is_read_is_refused(database: Server) -> None:
    source = source_of(database)
    assert source.fingerprint
    batches = source.batches(2)
    next(batches)
    database.make("UPDATE leads SET score = 99 WHERE id = 10")
    with pytest.raises(SourceError, match="was changed while it was being read; start again"):
        list(batches)


@BOTH
def test_a_table_is_told_apart_by_several_columns(database: Server, tmp_path: Path) -> None:
    database.make(
        "DROP TABLE IF EXISTS pairs",
        "CREATE TABLE pairs (name text, team text, n integer, PRIMARY KEY (team, name))",
        "INSERT INTO pairs VALUES ('a','x',1),('b','x',2),('a','y',3),('c','y',4)",
    )
    source = source_of(database, "pairs")
    batches = pl.concat([batch.frame for batch in source.batches(1)])
    assert batches["n"].to_list() == ["1", "2", "3", "4"]
    sink = lustrum_open_sink(f"{database.location}#pairs", {})
    assert sink is not None
    sink.publish(sink.prepare(source, [changed(4, {"n": {1: "20", 2: "30"}})], (), tmp_path))
    assert database.rows("SELECT n FROM pairs ORDER BY team, name") == [(1,), (20,), (30,), (4,)]


@pytest.mark.parametrize(("database", "said"), [("postgres", "cannot hold 'ten'")], indirect=["database"])
def test_a_text_that_the_column_cannot_hold_is_refused(database: Server, tmp_path: Path, said: str) -> None:
    edits = prepared(database, tmp_path, {"country": {0: "AT"}, "score": {1: "ten"}})
    with pytest.raises(SinkError, match=said):
        sink_of(database).publish(edits)
    assert database.rows() == AS_MADE


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("sqlite://{folder}/crm.db", "name the table behind the database"),
        ("sqlite://{folder}/none.db#leads", "unable to open database file"),
        ("sqlite://{folder}/crm.db#lead", "there is no table lead; did you mean"),
        ("sqlite://{folder}/crm.db#keyless", "no primary key"),
        ("sqlite://{folder}/crm.db#unset", "the key of a row, id, is empty"),
        ("postgresql://ops:secret@db/crm#leads", "a password stands in the location"),
        ("postgresql://ops@127.0.0.1:1/crm#leads", "the table cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said(sqlite: Server, tmp_path: Path, location: str, said: str) -> None:
    sqlite.make(
        *("CREATE TABLE leads (id integer PRIMARY KEY)", "CREATE TABLE keyless (id integer)"),
        *("CREATE TABLE unset (id text PRIMARY KEY)", "INSERT INTO unset VALUES (NULL), (NULL), ('a')"),
    )
    with pytest.raises(SourceError, match=said) as caught:
        lustrum_open_source(location.format(folder=tmp_path), {}).fingerprint  # type: ignore[union-attr]  # noqa: B018  # each location is one of a table
    assert "secret" not in str(caught.value)


def test_only_leads_of_the_table_go_into_it(sqlite: Server, tmp_path: Path) -> None:
    sqlite.make()
    sqlite.make("CREATE TABLE other (id integer PRIMARY KEY)")
    with pytest.raises(SinkError, match="only leads of this table go into it"):
        sink_of(sqlite).prepare(source_of(sqlite, "other"), (), (), tmp_path)


@pytest.mark.parametrize("location", ["leads.csv", "sqlite.csv", "s3://bucket/leads.db#leads", "sqlite#leads"])
def test_other_locations_are_left_to_other_plugins(location: str) -> None:
    assert lustrum_open_source(location, {}) is None
    assert lustrum_open_sink(location, {}) is None
