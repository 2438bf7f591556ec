"""The values of a condition as Polars columns, with their types checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

import polars as pl

from lustrum.words.conditions.constants import DATES, KINDS, NUMBERS, Scalar, literal, reading
from lustrum.words.conditions.errors import ConditionError
from lustrum.words.conditions.time_frames import FrameDay
from lustrum.words.conditions.values import Call, Constant, Field, Now, Template, Value
from lustrum.words.fields import FieldType, parse_cells
from lustrum.words.nearest import did_you_mean
from lustrum.words.tokens import TokenError

_ROW: Final = ("lead", "trigger")
DECLARE: Final = "declare the field's type under fields: in lustrum.yaml, or compare with a value of its type"


@dataclass(frozen=True, slots=True)
class Column:
    """A Polars expression and the type of what it gives; empty text is null in it."""

    expr: pl.Expr
    type: FieldType


@dataclass(frozen=True, slots=True)
class Columns:
    """Makes columns of values, for rows with fields of these types in a run that started `now`.

    `named` gives the name of a field's column where it is not the field's, `declared_under` where in lustrum.yaml its
    type stands.
    """

    types: Mapping[str, FieldType]
    now: datetime
    named: Callable[[str], str] = str
    declared_under: str = "fields: {%s}"

    @property
    def zone(self) -> tzinfo:
        """Give the time zone of the run."""
        return self.now.tzinfo or UTC

    def declared(self, name: str, kind: str) -> str:
        """Say how a field is declared to be of a kind."""
        return f"declare it in lustrum.yaml under {self.declared_under % f'{name}: {kind}'}"

    def type_of(self, value: Value) -> FieldType | None:
        """Give a value's type, None for a constant that takes that of what it is compared with."""
        match value:
            case Field():
                return self._known(value)
            case Constant():
                return value.type
            case FrameDay():
                return FieldType.DATE
            case Now():
                return FieldType.DATETIME
            case Template() if value.is_one_token:
                return None
            case Call("LENGTH"):
                return FieldType.INTEGER
            case Call("COALESCE", arguments):
                kinds = [kind for argument in arguments if (kind := self.type_of(argument))]
                return next((kind for kind in kinds if kind is not FieldType.TEXT), kinds[0] if kinds else None)
            case _:
                return FieldType.TEXT

    def column(self, value: Value, wanted: FieldType | None = None) -> Column:
        """Make the column of a value; a constant is read as the type wanted. Raises `ConditionError`."""
        match value:
            case Field():
                return self._filled(value, self._known(value))
            case Constant():
                return Column(*literal(value, _wanted(value, wanted), self.zone))
            case FrameDay():
                return self._frame_day(value)
            case Now():
                return self._moment(value)
            case Template() if value.is_one_token:
                return self._read(self._text(value), wanted or FieldType.TEXT)
            case Template():
                return self._text(value)
            case Call("COALESCE"):
                return self._first(value)
            case Call():
                return self._called(value)
            case _:
                raise AssertionError(value)

    def aligned(self, values: Sequence[Value]) -> list[Column]:
        """Make columns that can be compared: of one kind; with a date among them, times count by their day.

        Days are those of the run's time zone. Raises `ConditionError` naming the two values that do not go together.
        """
        first, wanted = self._leading(values)
        columns = [self._fitting(value, wanted, first) for value in values]
        for value, column in zip(values, columns, strict=True):
            if not _comparable(column.type, wanted):
                raise self._mismatch(first, wanted, value, KINDS[column.type])
        if FieldType.DATE in {column.type for column in columns}:
            return [self._day(column) for column in columns]
        return columns

    def constants(self, values: Sequence[Value], kind: FieldType) -> list[Scalar] | None:
        """Give the plain values if each is a constant of just this type; never for dates, which meet times by day."""
        read = [self._constant(value, kind) for value in values]
        found = [value[0] for value in read if value and value[1] is kind and kind not in DATES]
        return found if len(found) == len(values) else None

    def _constant(self, value: Value, kind: FieldType) -> tuple[Scalar, FieldType] | None:
        if isinstance(value, Constant) and value.type in (None, kind):
            return reading(value.text, kind, self.zone)
        return None

    def _leading(self, values: Sequence[Value]) -> tuple[Value, FieldType]:
        kinds = [(value, kind) for value in values if (kind := self.type_of(value))]
        flexible = [(value, kind) for value, kind in kinds if not isinstance(value, Constant)]
        return next(iter([*flexible, *kinds]), (values[0], FieldType.TEXT))

    def _fitting(self, value: Value, wanted: FieldType, first: Value) -> Column:
        try:
            return self.column(value, wanted)
        except ConditionError as error:
            if not isinstance(value, Constant):
                raise
            raise self._mismatch(first, wanted, value, "", error.remedy) from error

    def _mismatch(self, first: Value, wanted: FieldType, value: Value, kind: str, remedy: str = "") -> ConditionError:
        other = f"{value} is {kind}" if kind else f"{value} is not"
        return ConditionError(f"{first} is {KINDS[wanted]}, {other}", remedy or DECLARE, first.where or value.where)

    def _known(self, value: Field) -> FieldType:
        if value.name not in self.types:
            remedies = filter(None, (did_you_mean(value.name, self.types), value.hint))
            raise ConditionError(f"there is no field {value.name}", "; ".join(remedies), value.path)
        return self.types[value.name]

    def _moment(self, value: Now) -> Column:
        try:
            moment = (self.now.replace(tzinfo=self.zone) + value.offset).astimezone(UTC)
        except OverflowError as error:
            raise ConditionError(f"{value} is beyond the calendar", "take a shorter time") from error
        return Column(pl.lit(moment, dtype=FieldType.DATETIME.dtype), FieldType.DATETIME)

    def _frame_day(self, value: FrameDay) -> Column:
        days = value.frame.days(self.now.date())
        return Column(pl.lit(days[value.is_last], dtype=pl.Date), FieldType.DATE)

    def _filled(self, value: Field, kind: FieldType) -> Column:
        column = pl.col(self.named(value.name))
        return Column(null_if_empty(column) if kind is FieldType.TEXT else column, kind)

    def _text(self, value: Template) -> Column:
        if others := [token for token in value.text.tokens if token.namespace not in _ROW]:
            raise ConditionError(f"{others[0]} has no value in a condition", path=value.path)
        try:
            return Column(null_if_empty(value.text.expression(self.types)), FieldType.TEXT)
        except TokenError as error:
            raise ConditionError(str(error), path=value.path) from error

    def _read(self, text: Column, wanted: FieldType) -> Column:
        if wanted is FieldType.TEXT:
            return text
        kind = FieldType.DECIMAL if wanted in NUMBERS else wanted
        read = Column(_parsed(text.expr, kind), kind)
        if kind is FieldType.DATE:
            time = Column(_parsed(text.expr, FieldType.DATETIME), FieldType.DATETIME)
            return Column(pl.coalesce(read.expr, self._day(time).expr), kind)
        return read

    def _first(self, value: Call) -> Column:
        columns = self.aligned(value.arguments)
        kinds = {column.type for column in columns}
        kind = FieldType.DECIMAL if kinds == set(NUMBERS) else columns[0].type
        return Column(pl.coalesce([column.expr for column in columns]), kind)

    def _called(self, value: Call) -> Column:
        column = self.column(value.arguments[0], FieldType.TEXT)
        if column.type is not FieldType.TEXT:
            what = f"{value.function} takes text, {value.arguments[0]} is {KINDS[column.type]}"
            raise ConditionError(what, DECLARE, value.where)
        match value.function:
            case "LOWER":
                return Column(column.expr.str.to_lowercase(), FieldType.TEXT)
            case "UPPER":
                return Column(column.expr.str.to_uppercase(), FieldType.TEXT)
            case "LENGTH":
                return Column(column.expr.str.len_chars().cast(pl.Int64), FieldType.INTEGER)
            case _:
                stripped = column.expr.str.strip_chars()
                return Column(null_if_empty(stripped) if value.may_be_empty else stripped, FieldType.TEXT)

    def _day(self, column: Column) -> Column:
        if column.type is FieldType.DATE:
            return column
        key = getattr(self.zone, "key", None)
        offset = self.now.replace(tzinfo=self.zone).utcoffset()
        local = column.expr.dt.convert_time_zone(key) if key else column.expr + pl.lit(offset)
        return Column(local.dt.date(), FieldType.DATE)


def null_if_empty(text: pl.Expr) -> pl.Expr:
    """Make empty text null."""
    return pl.when(text != "").then(text)


def _parsed(text: pl.Expr, kind: FieldType) -> pl.Expr:
    return text.map_batches(lambda cells: parse_cells(cells, kind), return_dtype=kind.dtype, is_elementwise=True)


def _wanted(value: Constant, wanted: FieldType | None) -> FieldType:
    if value.type is None or (value.type is FieldType.TEXT and wanted in DATES):
        return wanted or FieldType.TEXT
    return value.type


def _comparable(one: FieldType, other: FieldType) -> bool:
    return one is other or frozenset((one, other)) in (NUMBERS, DATES)
