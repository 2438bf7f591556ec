"""Leads of a Parquet file: every cell has one text, unchanged cells stay as they are, changed ones keep their type."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.plugins.cell_changes import Cells, changed

from lustrum import Source
from lustrum.words.errors import SinkError, SourceError
from lustrum_plugins.typed_files import lustrum_open_sink, lustrum_open_source
from lustrum_plugins.typed_files.arrow_cells import cell_texts, cell_values, plain_type
from lustrum_plugins.typed_files.parquet_writer import with_text

pa: Any = import_module("pyarrow")  # it has no types
pq: Any = import_module("pyarrow.parquet")

MOMENT = dt.datetime(2026, 1, 31, 1, 2, 3)  # noqa: DTZ001  # a column without a time zone
TYPED = pytest.mark.parametrize(
    ("kind", "value", "text", "other"),
    [
        ("string", "Roma", "Roma", "7"),
        ("large_string", "Roma", "Roma", "7"),
        ("string_view", "Roma", "Roma", "7"),
        ("int8", -3, "-3", "127"),
        ("uint64", 2**64 - 1, "18446744073709551615", "0"),
        ("float64", 1.5, "1.5", "-0.25"),
        ("float32", 2.0, "2.0", "0.5"),
        ("bool", True, "true", "false"),
        ("date32", dt.date(2026, 1, 31), "2026-01-31", "1899-12-31"),
        ("date64", dt.date(2026, 1, 31), "2026-01-31", "1899-12-31"),
        (pa.decimal128(10, 2), Decimal("1.50"), "1.50", "-7.25"),
        (pa.time64("us"), dt.time(1, 2, 3, 400), "01:02:03.000400", "23:59:59"),
        (pa.timestamp("ms"), MOMENT, "2026-01-31T01:02:03", "2026-01-31T01:02:03.120"),
        (pa.timestamp("us", "Europe/Berlin"), MOMENT, "2026-01-31T01:02:03Z", "2026-06-30T22:00:00Z"),
        (pa.dictionary(pa.int32(), pa.string()), "Roma", "Roma", "Milano"),
    ],
)


def kind_of(kind: Any) -> Any:
    return pa.type_for_alias(kind) if isinstance(kind, str) else kind


def source_of(path: Path, table: Any, **options: Any) -> Source:
    pq.write_table(table, path, **options)
    source = lustrum_open_source(str(path), {})
    assert source is not None
    return source


def written(source: Source, folder: Path, cells: Cells | None = None, *new: str, rows: int = 0) -> Any:
    sink = lustrum_open_sink(str(folder / "out" / "leads.parquet"), {})
    assert sink is not None
    sink.publish(sink.prepare(source, [changed(rows, cells)] if cells else [], new, folder / "prepared"))
    return pq.read_table(folder / "out" / "leads.parquet")


def texts_of(source: Source, size: int = 1000) -> pl.DataFrame:
    return pl.concat([batch.frame for batch in source.batches(size)])


@TYPED
def test_each_type_has_one_text_and_keeps_its_type(
    tmp_path: Path, kind: Any, value: object, text: str, other: str
) -> None:
    column = pa.array([value, None, value], kind_of(kind))
    source = source_of(tmp_path / "leads.parquet", pa.table({"cell": column}))
    assert texts_of(source)["cell"].to_list() == [text, None, text]
    table = written(source, tmp_path, {"cell": {0: None, 1: other}}, rows=3)
    assert table.schema.field("cell").type in (column.type, pa.date32())  # Parquet itself makes days of date64
    assert texts_of(source_of(tmp_path / "again.parquet", table))["cell"].to_list() == [None, other, text]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("int8", "128"), ("int8", "x"), ("int8", "1.5"), ("uint8", "-1"), ("float64", "many"), ("bool", "maybe"),
        ("date32", "2026-02-30"), (pa.decimal128(4, 2), "1.234"), (pa.decimal128(4, 2), "100.00"),
        (pa.decimal128(4, 2), "x"), (pa.timestamp("ms"), "2026-01-31T01:02:03.1234"), (pa.time64("us"), "25:00:00"),
        (pa.timestamp("s"), "yesterday"), (pa.list_(pa.int8()), "[1]"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_value_of_the_type_is_refused_with_lead_and_column(
    tmp_path: Path, kind: Any, text: str
) -> None:
    table = pa.table({"id": ["a", "b", "c"], "cell": pa.nulls(3, kind_of(kind))})
    source = source_of(tmp_path / "leads.parquet", table)
    with pytest.raises(SinkError, match=r'lead 3, column "cell" would become ".*", which is no '):
        written(source, tmp_path, {"cell": {0: None, 2: text}}, rows=3)
    assert not list((tmp_path / "prepared").iterdir())


def test_a_moment_with_an_offset_is_told_in_utc_where_the_column_has_no_zone(tmp_path: Path) -> None:
    source = source_of(tmp_path / "leads.parquet", pa.table({"at": pa.array([None, None], pa.timestamp("us"))}))
    changes: Cells = {"at": {0: "2026-01-31T01:00:00+02:00", 1: "2026-01-31T01:00:00Z"}}
    assert written(source, tmp_path, changes, rows=2)["at"].to_pylist() == [
        dt.datetime(2026, 1, 30, 23), dt.datetime(2026, 1, 31, 1),  # noqa: DTZ001  # a column without a time zone
    ]  # fmt: skip


def test_lists_and_records_are_json_and_may_only_be_emptied(tmp_path: Path) -> None:
    table = pa.table({"tags": [["a", "ö"], None, []], "place": [{"city": "Roma"}, {"city": None}, None]})
    source = source_of(tmp_path / "leads.parquet", table)
    assert texts_of(source).rows() == [('["a", "ö"]', '{"city": "Roma"}'), (None, '{"city": null}'), ("[]", None)]
    assert written(source, tmp_path, {"tags": {0: None}}, rows=3)["tags"].to_pylist() == [None, None, []]


def test_an_empty_text_counts_as_empty_and_stays_one(tmp_path: Path) -> None:
    source = source_of(tmp_path / "leads.parquet", pa.table({"id": ["1", "2"], "city": ["", "x"]}))
    assert texts_of(source)["city"].to_list() == [None, "x"]
    assert written(source, tmp_path, {"city": {1: "y"}}, rows=2)["city"].to_pylist() == ["", "y"]


def test_what_is_said_of_the_columns_is_kept(tmp_path: Path) -> None:
    fields = [pa.field("id", pa.string(), nullable=False, metadata={"of": "crm"}), pa.field("n", pa.int16())]
    table = pa.table({"id": ["1"], "n": pa.array([1], pa.int16())}, schema=pa.schema(fields, metadata={"owner": "ops"}))
    again = written(source_of(tmp_path / "leads.parquet", table, compression="gzip"), tmp_path, {"n": {0: "2"}}, rows=1)
    assert again.schema.metadata == {b"owner": b"ops"}
    assert not again.schema.field("id").nullable
    assert pq.ParquetFile(tmp_path / "out" / "leads.parquet").metadata.row_group(0).column(0).compression == "GZIP"


def test_a_column_that_must_not_be_empty_is_not_emptied(tmp_path: Path) -> None:
    schema = pa.schema([pa.field("id", pa.string(), nullable=False)])
    source = source_of(tmp_path / "leads.parquet", pa.table({"id": ["1", "2"]}, schema=schema))
    with pytest.raises(SinkError, match='lead 2, column "id" must not be empty'):
        written(source, tmp_path, {"id": {1: None}}, rows=2)


def test_new_columns_are_text_and_a_column_of_nothing_becomes_it(tmp_path: Path) -> None:
    source = source_of(tmp_path / "leads.parquet", pa.table({"id": ["1", "2"], "nothing": pa.nulls(2)}))
    table = written(source, tmp_path, {"region": {1: "EMEA"}, "nothing": {0: "7"}}, "region", rows=2)
    assert table.to_pydict() == {"id": ["1", "2"], "nothing": ["7", None], "region": [None, "EMEA"]}


@pytest.mark.parametrize("cells", [{}, {"id": {0: "3"}}, {"nothing": {0: None}}])
def test_a_column_of_nothing_stays_one_where_nothing_is_written_into_it(tmp_path: Path, cells: Cells) -> None:
    before = pa.table({"nothing": pa.nulls(2), "id": ["1", "2"]})
    table = written(source_of(tmp_path / "leads.parquet", before), tmp_path, cells, rows=2)
    assert table.schema.equals(before.schema)
    assert table["nothing"].to_pylist() == [None, None]


@pytest.mark.parametrize("group", [1, 2, 7])
@pytest.mark.parametrize("at", range(7))
def test_a_column_of_nothing_becomes_text_wherever_something_is_written_first(
    tmp_path: Path, at: int, group: int
) -> None:
    described = pa.field("nothing", pa.null(), metadata={"of": "crm"})
    schema = pa.schema(
        [described, pa.field("id", pa.string()), pa.field("other", pa.null())], metadata={"owner": "ops"}
    )
    before = pa.table({"nothing": pa.nulls(7), "id": list("1234567"), "other": pa.nulls(7)}, schema=schema)
    source = source_of(tmp_path / "leads.parquet", before, row_group_size=group)
    batches = [changed(1, {"nothing": {0: f"x{row}"}, "id": {0: "0"}} if row == at else {}) for row in range(at + 1)]
    sink = lustrum_open_sink(str(tmp_path / "out" / "leads.parquet"), {})
    assert sink is not None
    sink.publish(sink.prepare(source, batches, ["new"], tmp_path / "prepared"))
    table = pq.read_table(tmp_path / "out" / "leads.parquet")
    assert table.schema.equals(with_text(schema, "nothing").append(pa.field("new", pa.string())), check_metadata=True)
    assert table["nothing"].to_pylist() == [f"x{row}" if row == at else None for row in range(7)]
    assert table["id"].to_pylist() == [str(row + 1) if row != at else "0" for row in range(7)]
    assert [path.name for path in (tmp_path / "prepared").iterdir()] == []


@pytest.mark.parametrize(
    ("cells", "rows", "message"),
    [
        ({"city": {0: "x"}}, 2, 'a change for "city", which is neither'),
        ({"id": {2: "x"}}, 2, "outside its batch of 2"),
        ({"id": {0: "x"}}, 3, "for more leads than the 2 of the source"),
    ],
)
def test_changes_that_meet_no_cell_are_refused(tmp_path: Path, cells: Cells, rows: int, message: str) -> None:
    source = source_of(tmp_path / "leads.parquet", pa.table({"id": ["1", "2"]}))
    with pytest.raises(SinkError, match=message):
        written(source, tmp_path, cells, rows=rows)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pa.table({"photo": [b"\x00"]}), 'column "photo" holds binary, which has no text'),
        (pa.table({"for": pa.array([1], pa.duration("s"))}), "which has no text; leave it out"),
        (pa.Table.from_arrays([pa.array(["1"]), pa.array(["2"])], ["id", "id"]), 'several columns are named "id"'),
        (pa.table({}), "the file has no columns"),
    ],
)
def test_a_file_that_would_lose_something_is_refused(tmp_path: Path, table: Any, message: str) -> None:
    source = source_of(tmp_path / "leads.parquet", table)
    with pytest.raises(SourceError, match=message):
        _ = source.header


def test_a_damaged_and_a_missing_file_are_told(tmp_path: Path) -> None:
    damaged = tmp_path / "leads.parquet"
    damaged.write_bytes(b"PAR1 and no more")
    for path, message in ((damaged, "is no sound Parquet"), (tmp_path / "none.parquet", "there is no such file")):
        source = lustrum_open_source(str(path), {})
        assert source is not None
        with pytest.raises(SourceError, match=message):
            _ = source.header


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    source = source_of(tmp_path / "leads.parquet", pa.table({"id": ["1", "2"]}))
    batches = source.batches(1)
    next(batches)
    pq.write_table(pa.table({"id": ["1", "2", "3", "4"]}), tmp_path / "leads.parquet")
    with pytest.raises(SourceError, match="was changed while it was being read"):
        list(batches)


def test_the_fingerprint_is_of_the_content(tmp_path: Path) -> None:
    prints = [
        source_of(tmp_path / name, pa.table({"id": [text]})).fingerprint
        for name, text in (("a.parquet", "1"), ("b.parquet", "1"), ("c.parquet", "2"))
    ]
    assert prints[0] == prints[1] != prints[2]


def test_options_of_delimited_files_are_refused() -> None:
    with pytest.raises(SourceError, match="delimiter is said of delimited files"):
        lustrum_open_source("leads.parquet", {"delimiter": ";"})
    with pytest.raises(SinkError, match="encoding is said of delimited files"):
        lustrum_open_sink("leads.ndjson", {"encoding": "utf-16"})
    assert lustrum_open_source("leads.csv", {}) is None
    assert lustrum_open_sink("sqlite://./leads.parquet", {}) is None


NAIVE = st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2200, 1, 1))  # noqa: DTZ001  # columns without a time zone
VALUES = {
    pa.string(): st.text(max_size=4),
    pa.int32(): st.integers(-(2**31), 2**31 - 1),
    pa.float64(): st.floats(allow_nan=False, allow_infinity=False),
    pa.bool_(): st.booleans(),
    pa.date32(): st.dates(),
    pa.decimal128(12, 3): st.decimals(-(10**8), 10**8, places=3),
    pa.timestamp("us"): NAIVE,
    pa.timestamp("ns", "America/Lima"): NAIVE,
    pa.time64("us"): st.times(),
    pa.dictionary(pa.int32(), pa.string()): st.text(max_size=2),
    pa.null(): st.none(),
}


@st.composite
def tables(draw: st.DrawFn) -> Any:
    kinds = draw(st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=4))
    height = draw(st.integers(1, 7))
    columns = {
        f"c{at}": pa.array(draw(st.lists(st.none() | VALUES[kind], min_size=height, max_size=height)), kind)
        for at, kind in enumerate(kinds)
    }
    return pa.table(columns)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables(), size=st.integers(1, 8), group=st.integers(1, 8))
def test_nothing_is_lost_whatever_the_batch_size(tmp_path: Path, table: Any, size: int, group: int) -> None:
    source = source_of(tmp_path / "leads.parquet", table, row_group_size=group)
    assert texts_of(source, size).equals(texts_of(source, 1000))
    assert written(source, tmp_path).equals(table)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables(), data=st.data())
def test_any_text_of_a_column_can_be_written_into_another_cell_of_it(tmp_path: Path, table: Any, data: Any) -> None:
    source = source_of(tmp_path / "leads.parquet", table)
    before = texts_of(source)
    name = data.draw(st.sampled_from(before.columns))
    moved = data.draw(st.dictionaries(st.integers(0, table.num_rows - 1), st.sampled_from(before[name].to_list())))
    after = written(source, tmp_path, {name: moved}, rows=table.num_rows)
    expected = [moved.get(row, text) for row, text in enumerate(before[name])]
    again = texts_of(source_of(tmp_path / "again.parquet", after))
    assert again.equals(before.with_columns(pl.Series(name, expected, pl.String)))
    assert after.schema == table.schema


@given(st.sampled_from(list(VALUES)).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind])))
def test_a_text_reads_as_the_value_it_was(pair: tuple[Any, Any]) -> None:
    kind, value = pair
    column = pa.array([value], kind)
    plain = column.cast(plain_type(kind))
    assert cell_values(cell_texts(column), plain_type(kind)).equals(plain) or value == ""
