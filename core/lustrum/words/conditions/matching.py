"""Which activities of a frame a filter, or a trigger, asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import polars as pl

from lustrum.words.conditions.activities import DATE_OF_ACTIVITY, TYPE, ActivityFilter, attribute_column
from lustrum.words.conditions.columns import DECLARE, Columns
from lustrum.words.conditions.compiler import compile_over
from lustrum.words.conditions.errors import ConditionError
from lustrum.words.fields import FieldType

_DECLARED_UNDER: Final = "activities: {attributes: {%s}}"
_DECLARE: Final = "declare the attribute's type under activities: in lustrum.yaml, or compare with a value of its type"


def activity_matches(asked: ActivityFilter, types: Mapping[str, FieldType], start: datetime) -> pl.Expr:
    """Make the Boolean expression that is true for the activities of the filter's type that meet its constraints.

    The frame of activities has the columns `type` (canonical names), `date_of_activity` (in UTC) and one an attribute
    read, named by `attribute_column`. `types` gives the attributes' types, text unless named; `start` is the run's
    start, in its time zone. How often is not asked here. Raises `ConditionError` where types do not go together.
    """
    of_type = pl.col(TYPE).eq_missing(pl.lit(asked.type, dtype=pl.String))
    if asked.where is None:
        return of_type
    kinds = {name: types.get(name, FieldType.TEXT) for name in asked.attributes}
    columns = Columns(kinds | {DATE_OF_ACTIVITY: FieldType.DATETIME}, start, attribute_column, _DECLARED_UNDER)
    try:
        return of_type & compile_over(asked.where, columns).fill_null(value=False)
    except ConditionError as error:
        remedy = _DECLARE if error.remedy == DECLARE else error.remedy
        raise ConditionError(error.message, remedy, error.path) from error
