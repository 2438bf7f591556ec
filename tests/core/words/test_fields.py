"""Fields: their names, their types, and the text of their cells."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lustrum.words.fields import FieldType, field_name, parse_cells, render_cells

MANY = st.lists(st.none() | st.text(max_size=12), max_size=8)
VALUES: dict[FieldType, st.SearchStrategy[Any]] = {
    FieldType.TEXT: st.text(min_size=1),
    FieldType.INTEGER: st.integers(-(2**63), 2**63 - 1),
    FieldType.DECIMAL: st.floats(allow_nan=False, allow_infinity=False),
    FieldType.BOOLEAN: st.booleans(),
    FieldType.DATE: st.dates(date(1, 1, 1)),
    FieldType.DATETIME: st.datetimes(datetime(1, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # Hypothesis adds the zone
}


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Email", "email"),
        ("E-Mail  Address", "e_mail_address"),
        ("first_name", "first_name"),
        ("__First__Name__", "first_name"),
        ("Größe (cm)", "größe_cm"),
        ("電話", "電話"),
        ("2nd Phone", "2nd_phone"),
        ("  ", ""),
        ("-/-", ""),
        ("İstanbul Ofisi", "istanbul_ofisi"),
    ],
)
def test_a_field_is_named_by_its_header(header: str, name: str) -> None:
    assert field_name(header) == name


@given(st.text())
def test_a_name_is_its_own_name(header: str) -> None:
    assert field_name(field_name(header)) == field_name(header)


@pytest.mark.parametrize(
    ("kind", "dtype", "python"),
    [
        ("text", pl.String(), str),
        ("integer", pl.Int64(), int),
        ("decimal", pl.Float64(), float),
        ("boolean", pl.Boolean(), bool),
        ("date", pl.Date(), date),
        ("datetime", pl.Datetime("us", "UTC"), datetime),
    ],
)
def test_every_type_has_a_column_and_a_value(kind: str, dtype: pl.DataType, python: type) -> None:
    assert (FieldType(kind).dtype, FieldType(kind).python) == (dtype, python)


@pytest.mark.parametrize(
    ("kind", "texts", "values"),
    [
        (FieldType.TEXT, [" a ", "", None], [" a ", "", None]),
        (FieldType.INTEGER, ["7", " 007 ", "-7", "+7", "7.0", "1e3", "many", "", None], [7, 7, -7, 7] + [None] * 5),
        (FieldType.INTEGER, ["9223372036854775807", "9223372036854775808"], [2**63 - 1, None]),
        (
            FieldType.DECIMAL,
            ["1.50", " 2 ", "-0.5", "1e3", "1,5", "x", None],
            [1.5, 2.0, -0.5, 1000.0, None, None, None],
        ),
        (FieldType.BOOLEAN, ["true", "FALSE", "Yes", " no ", "1", "0", "maybe", None], [True, False] * 3 + [None] * 2),
        (FieldType.DATE, ["2024-02-29", " 2024-01-01 "], [date(2024, 2, 29), date(2024, 1, 1)]),
        (FieldType.DATE, ["2023-02-29", "01/02/2024", "yesterday", "", None], [None] * 5),
    ],
)
def test_text_is_read_as_a_value_or_as_none(kind: FieldType, texts: list[str | None], values: list[object]) -> None:
    read = parse_cells(pl.Series("cells", texts, dtype=pl.String), kind)
    assert (read.to_list(), read.dtype, read.name) == (values, kind.dtype, "cells")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-01-02T03:04:05Z", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2024-01-02T03:04:05+02:00", datetime(2024, 1, 2, 1, 4, 5, tzinfo=UTC)),
        ("2024-01-02 03:04:05.250000Z", datetime(2024, 1, 2, 3, 4, 5, 250000, tzinfo=UTC)),
        ("2024-01-02T03:04:05", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (" 2024-01-02 03:04 ", datetime(2024, 1, 2, 3, 4, tzinfo=UTC)),
        ("2024-01-02", datetime(2024, 1, 2, tzinfo=UTC)),
        ("26/11/2024", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_time_is_read_in_its_iso_spellings(text: str, value: datetime | None) -> None:
    read = parse_cells(pl.Series([text]), FieldType.DATETIME)
    assert (read.to_list(), read.dtype) == ([value], FieldType.DATETIME.dtype)


@pytest.mark.parametrize("kind", list(FieldType))
@given(texts=MANY)
def test_any_text_is_read_without_raising(kind: FieldType, texts: list[str | None]) -> None:
    assert len(parse_cells(pl.Series(texts, dtype=pl.String), kind)) == len(texts)


@pytest.mark.parametrize("kind", list(FieldType))
@given(data=st.data())
def test_what_is_written_is_read_again(kind: FieldType, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.none() | VALUES[kind], max_size=5))
    series = pl.Series("cells", values, dtype=kind.dtype)
    written = render_cells(series)
    assert written.dtype == pl.String
    assert parse_cells(written, kind).to_list() == values


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (FieldType.TEXT, " a ", " a "),
        (FieldType.INTEGER, -7, "-7"),
        (FieldType.DECIMAL, 1.5, "1.5"),
        (FieldType.BOOLEAN, False, "false"),
        (FieldType.DATE, date(2024, 2, 29), "2024-02-29"),
        (FieldType.DATETIME, datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC), "2024-01-02T03:04:05Z"),
        (FieldType.DATETIME, datetime(2024, 1, 2, 3, 4, 5, 250000, tzinfo=UTC), "2024-01-02T03:04:05.250000Z"),
        (FieldType.DATETIME, None, None),
    ],
)
def test_a_value_is_written_in_one_way(kind: FieldType, value: object, text: str | None) -> None:
    rendered = render_cells(pl.Series("cells", [value], dtype=kind.dtype))
    assert (rendered.to_list(), rendered.name) == ([text], "cells")


@pytest.mark.parametrize("kind", list(FieldType))
def test_no_cells_are_no_trouble(kind: FieldType) -> None:
    nothing = pl.Series("cells", [], dtype=pl.String)
    assert parse_cells(nothing, kind).dtype == kind.dtype
    assert render_cells(pl.Series("cells", [], dtype=kind.dtype)).dtype == pl.String
