"""The lines of the file of changes are those that Polars would write cell by cell."""

from __future__ import annotations

from io import BytesIO

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lustrum.engine.result import TRAIL_SCHEMA
from lustrum.running.change_lines import COLUMNS, write_lines

SCHEMA = {**TRAIL_SCHEMA, "key": pl.String()}
TEXTS = st.none() | st.sampled_from(["a", "", "a,b", '"', 'a "b"', "\n", "a\r\nb", " ", " lead", "#", "'", "é", "\t"])
KINDS: dict[pl.DataType, st.SearchStrategy[object]] = {
    pl.UInt32(): st.integers(0, 4),
    pl.Int32(): st.none() | st.integers(1, 2),
    pl.Boolean(): st.booleans(),
}
CELLS: dict[str, st.SearchStrategy[object]] = {name: KINDS.get(kind, TEXTS) for name, kind in SCHEMA.items()}
TRAILS = st.lists(st.fixed_dictionaries(CELLS))


@given(TRAILS)
def test_they_are_written_as_polars_writes_a_table(rows: list[dict[str, object]]) -> None:
    trail = pl.DataFrame(rows, schema=dict(SCHEMA))
    write_lines(trail, "r1", found := BytesIO())
    table = trail.filter("net").sort("row", maintain_order=True).select(pl.lit("r1").alias("run"), *COLUMNS)
    assert found.getvalue().decode() == table.write_csv(include_header=False)
