"""What a field is: its name, its type, and how its cells turn from text into values and back."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import Enum

import polars as pl

_OTHER = re.compile(r"[\W_]+")


class FieldType(Enum):
    """The types a field may have; text unless the project says otherwise."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"

    @property
    def dtype(self) -> pl.DataType:
        """Give the Polars type of this field's column in a batch (datetimes in UTC, microseconds)."""
        return _DTYPES[self]

    @property
    def python(self) -> type:
        """Give the Python type of one cell, as a step receives it."""
        return _PYTHON[self]


_DTYPES: dict[FieldType, pl.DataType] = {
    FieldType.TEXT: pl.String(),
    FieldType.INTEGER: pl.Int64(),
    FieldType.DECIMAL: pl.Float64(),
    FieldType.BOOLEAN: pl.Boolean(),
    FieldType.DATE: pl.Date(),
    FieldType.DATETIME: pl.Datetime("us", "UTC"),
}
_PYTHON: dict[FieldType, type] = {
    FieldType.TEXT: str,
    FieldType.INTEGER: int,
    FieldType.DECIMAL: float,
    FieldType.BOOLEAN: bool,
    FieldType.DATE: date,
    FieldType.DATETIME: datetime,
}


def field_name(header: str) -> str:
    """Name a field by its header: lower case, every run of other characters as one `_`.

    >>> field_name("First Name"), field_name("E-Mail (work)"), field_name(" Größe ")
    ('first_name', 'e_mail_work', 'größe')
    """
    small = header.lower().replace("i\u0307", "i")  # what İ becomes: its dot is no letter
    return _OTHER.sub("_", small).strip("_")


def parse_cells(cells: pl.Series, field_type: FieldType) -> pl.Series:
    """Read text cells as values of a type; a cell that is not one becomes null (the text stays in the source).

    >>> parse_cells(pl.Series(["7", " 8 ", "many", None]), FieldType.INTEGER).to_list()
    [7, 8, None, None]
    """
    if field_type is FieldType.TEXT:
        return cells
    text = cells.str.strip_chars()
    if field_type is FieldType.BOOLEAN:
        return text.str.to_lowercase().replace_strict(_BOOLEANS, default=None, return_dtype=pl.Boolean)
    if field_type is FieldType.DATETIME:
        return _parse_datetimes(text)
    if field_type is FieldType.DATE:
        return text.str.to_date("%Y-%m-%d", strict=False)
    values = text.cast(field_type.dtype, strict=False)
    return values.set(~values.is_finite(), None) if field_type is FieldType.DECIMAL else values


def render_cells(values: pl.Series) -> pl.Series:
    """Write values as the text that stands in a file: ISO 8601 for dates, `true` and `false`, plain numbers.

    >>> render_cells(pl.Series([True, None])).to_list(), render_cells(pl.Series([1.5, 2.0])).to_list()
    (['true', None], ['1.5', '2.0'])
    """
    if values.dtype == pl.String:
        return values
    if isinstance(values.dtype, pl.Datetime):
        seconds = values.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        micros = values.dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
        whole = values.dt.microsecond() == 0
        return pl.select(pl.when(whole).then(seconds).otherwise(micros)).to_series().rename(values.name)
    return values.cast(pl.String)


_BOOLEANS: dict[str, bool] = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
_DATETIME_FORMATS = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z")
_NAIVE_FORMATS = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d")


def _parse_datetimes(text: pl.Series) -> pl.Series:
    zoned = [text.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC") for form in _DATETIME_FORMATS]
    naive = [text.str.to_datetime(form, strict=False, time_unit="us") for form in _NAIVE_FORMATS]
    readings = [*zoned, *(column.dt.replace_time_zone("UTC") for column in naive)]
    return pl.select(pl.coalesce(*readings)).to_series().rename(text.name)
