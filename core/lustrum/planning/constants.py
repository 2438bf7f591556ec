"""Constants that a step writes as they stand: each must be a value of the field it goes into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from lustrum.contracts.steps import Step
from lustrum.planning.bindings import Write
from lustrum.words.fields import FieldType, parse_cells

_LIKE: Mapping[FieldType, str] = {
    FieldType.INTEGER: "a whole number, such as 7",
    FieldType.DECIMAL: "a number, such as 7.5",
    FieldType.BOOLEAN: "true or false",
    FieldType.DATE: "a date, such as 2024-12-31",
    FieldType.DATETIME: "a time, such as 2024-12-31T08:00:00Z",
}


def misfits(
    step: Step, options: Mapping[str, Any], writes: Iterable[Write], rendered: Iterable[str]
) -> Iterator[tuple[str, str, str]]:
    """Give each option whose text is no value of the field it is written into, with what is wrong and what to do.

    What is `rendered` for each lead is known in the run alone.
    """
    into, spared = {write.attribute: write for write in writes}, set(rendered)
    for name, mark in step.options.written.items():
        text, write = options.get(name), into.get(str(options.get(mark.field)))
        if name in spared or write is None or not isinstance(text, str) or text in mark.emptying:
            continue
        if _is_one(text, write.type):
            continue
        what = f'{step.name} writes "{text}" into {write.field}, which is of type {write.type.value}'
        yield name, what, f"write {_LIKE[write.type]}, or declare {write.field}: text under fields:"


def _is_one(text: str, kind: FieldType) -> bool:
    return parse_cells(pl.Series([text]), kind)[0] is not None
