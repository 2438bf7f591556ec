"""The journeys of many leads: each distinct pair of a stage and what holds is routed once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from lustrum.words.nearest import did_you_mean
from lustrum_plugins.qualify.route import Lifecycle, Move
from lustrum_plugins.qualify.stages import fields_by_role, folded

AFTER = "stage:after"
"""The column of the stage a lead comes to, or stays in."""

ARRIVALS = "arrivals:"
"""Begins the name of the column that counts the arrivals which write a field."""


def journeys(way: Lifecycle, asked: pl.DataFrame) -> pl.DataFrame:
    """Give the journey of each row of `asked`: its stage, then what holds, one Boolean for each arrival of `way`.

    Columns: `stage:after`, `_code`, `_message`, `_reason`, and `arrivals:FIELD` for each field written.
    """
    distinct = asked.unique(maintain_order=True)
    routed = pl.DataFrame([_journey(way, stage, held) for stage, *held in distinct.iter_rows()], schema=_schema(way))
    table = pl.concat([distinct, routed], how="horizontal")
    joined = asked.join(table, on=asked.columns, how="left", nulls_equal=True, maintain_order="left")
    return joined.select(routed.columns)


def _schema(way: Lifecycle) -> dict[str, pl.DataType]:
    texts: dict[str, pl.DataType] = dict.fromkeys((AFTER, "_code", "_message", "_reason"), pl.String())
    return texts | {f"{ARRIVALS}{name}": pl.Int64() for name in _written(way)}


def _written(way: Lifecycle) -> list[str]:
    return [name for names in fields_by_role(way.arrivals).values() for name in names]


def _journey(way: Lifecycle, stage: str | None, holds: Sequence[bool]) -> dict[str, Any]:
    declared = way.declared(stage) if stage and folded(stage) else None
    if declared is None and stage and folded(stage):
        return {"_code": "unknown_stage", "_message": _unknown(way, stage)}
    moves = way.moves(declared, holds)
    after = moves[-1].after if moves else declared
    counts = {f"{ARRIVALS}{name}": _arrivals(moves, name) for name in _written(way)}
    return {AFTER: after, "_reason": _reason(moves, stage, after), **counts}


def _unknown(way: Lifecycle, stage: str) -> str:
    hint = did_you_mean(stage, way.names) or f"it has: {', '.join(way.names)}"
    return f'"{stage}" is no stage of this lifecycle; {hint}'


def _arrivals(moves: Sequence[Move], name: str) -> int:
    return sum(name in arrival.fields.values() for move in moves for arrival in move.arrivals)


def _reason(moves: Sequence[Move], stage: str | None, after: str | None) -> str | None:
    if moves:
        return "; ".join(map(str, moves))
    return None if stage == after else "written as declared"
