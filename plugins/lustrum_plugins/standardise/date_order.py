"""Whether the dates of a column begin with the day or the month, learnt from those that can be read in one way only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from lustrum import Learning

FIELD = "date"
TELLING = 0.1
"""The least share of the column's slashed dates that must tell the order."""

SERIALS = 0.9
"""The least share of the column's cells that must be numbers of days for a number to be one."""

_SLASHED = r"^\s*(\d{1,2})\s?[/\-]\s?(\d{1,2})\s?[/\-]\s?(?:\d{4}|\d{2})(?:\D|$)"
_SERIAL = r"^\s*[1-7]\d{4}(?:\.\d+)?\s*$"
_FIRST_DAY, _LAST_MONTH = 13, 12

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DateOrder:
    """What is known of a column: the order of its slashed dates, and whether its numbers are days since 1900."""

    order: str | None = None
    serials: bool = False

    @classmethod
    def of(cls, fact: str | None) -> DateOrder:
        """Read the fact that was learnt.

        >>> DateOrder.of("day_first"), DateOrder.of("mixed").order, DateOrder.of("serials").serials
        (DateOrder(order='day_first', serials=False), 'mixed', True)
        """
        words = (fact or "").split(", ")
        order = next((word for word in words if word in ("day_first", "month_first", "mixed")), None)
        return cls(order, "serials" in words)


def _count(leads: pl.DataFrame) -> Counts:
    parts = leads[FIELD].str.extract_groups(_SLASHED).struct.unnest().cast(pl.Int32)
    first, second = pl.col("1"), pl.col("2")
    told = parts.select(
        day_first=(first >= _FIRST_DAY) & (second <= _LAST_MONTH),
        month_first=(second >= _FIRST_DAY) & (first <= _LAST_MONTH),
        open=(first <= _LAST_MONTH) & (second <= _LAST_MONTH) & (first != second),
    ).sum()
    counts: dict[str, int] = {name: int(told[name][0] or 0) for name in told.columns}
    serials = int(leads[FIELD].str.contains(_SERIAL).sum() or 0)
    return {**counts, "serials": serials, "cells": leads[FIELD].drop_nulls().len()}


def _merge(one: Counts, other: Counts) -> Counts:
    return {name: one[name] + other[name] for name in one}


def _decide(counts: Counts) -> str | None:
    serials = counts["serials"] >= max(SERIALS * counts["cells"], 1)
    words = [_order(counts), "serials" if serials else None]
    return ", ".join(word for word in words if word) or None


def _order(counts: Counts) -> str | None:
    day, month = counts["day_first"], counts["month_first"]
    if day and month:
        return "mixed"
    if (day or month) < TELLING * (day + month + counts["open"]) or not (day or month):
        return None
    return "day_first" if day else "month_first"


DATE_ORDER = Learning(_count, _merge, _decide)
"""Learns `day_first`, `month_first` or `mixed`, and `serials`; nothing where too few dates tell."""
