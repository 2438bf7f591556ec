from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from lustrum.words.conditions import bind, compile_condition, failed_column, parse_condition
from lustrum.words.fields import FieldType

TYPES = {
    "country": FieldType.TEXT,
    "billing_country": FieldType.TEXT,
    "score": FieldType.INTEGER,
    "rate": FieldType.DECIMAL,
    "active": FieldType.BOOLEAN,
    "born": FieldType.DATE,
    "created_at": FieldType.DATETIME,
}
NOW = datetime(2024, 6, 15, 12, 0, tzinfo=UTC)
VALUES = {"my": {"region": "DE", "nothing": "", "least": "5", "sign": "%"}, "system": {"date": "2024-06-15"}}

Ask = Callable[..., list[bool | None]]


@pytest.fixture
def types() -> Mapping[str, FieldType]:
    """The fields of the leads asked about."""
    return TYPES


@pytest.fixture
def now() -> datetime:
    """The start of the run."""
    return NOW


@pytest.fixture
def ask() -> Ask:
    """Ask a condition, in either spelling, of leads given by the values of some fields."""

    def answers(written: object, start: datetime = NOW, **cells: list[Any]) -> list[bool | None]:
        height = len(next(iter(cells.values())))
        columns = {name: cells.get(name, [None] * height) for name in TYPES}
        leads = pl.DataFrame(columns, schema={name: kind.dtype for name, kind in TYPES.items()})
        flags = {failed_column(name): cells.get(f"failed_{name}", [False] * height) for name in TYPES}
        expr = compile_condition(bind(parse_condition(written), VALUES), TYPES, start)
        return leads.with_columns(pl.DataFrame(flags)).select(expr.alias("held"))["held"].to_list()

    return answers


@pytest.fixture
def days() -> Callable[..., list[date | None]]:
    """Make dates of ISO texts."""

    def parsed(*texts: str | None) -> list[date | None]:
        return [date.fromisoformat(text) if text else None for text in texts]

    return parsed


@pytest.fixture
def times() -> Callable[..., list[datetime | None]]:
    """Make times in UTC of ISO texts."""

    def parsed(*texts: str | None) -> list[datetime | None]:
        return [datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None for text in texts]

    return parsed
