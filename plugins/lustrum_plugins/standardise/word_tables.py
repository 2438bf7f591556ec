"""The word tables of the steps: CSV files beside the code, each row with the public source it rests on."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

_REMEMBERED = 50_000


@cache
def rows(table: str) -> tuple[Mapping[str, str], ...]:
    """Read a table by its name, as one mapping a row.

    >>> rows("phone_labels")[0]["label"]
    'cell'
    """
    file = resources.files("lustrum_plugins.standardise") / "data" / f"{table}.csv"
    names, *records = csv.reader(file.read_text(encoding="utf-8").splitlines())
    return tuple(dict(zip(names, record, strict=True)) for record in records)


@cache
def words(table: str, column: str, **where: str) -> frozenset[str]:
    """Give the folded texts of one column, of the rows that have these values.

    >>> "handy" in words("phone_labels", "label")
    True
    """
    chosen = (row for row in rows(table) if all(row[name] == value for name, value in where.items()))
    return frozenset(fold(row[column]) for row in chosen)


@lru_cache(_REMEMBERED)
def fold(text: str) -> str:
    """Make texts that differ only in case, width, composition or spaces equal.

    >>> fold("  Ｎ／Ａ "), fold("MÜLLER  & Co")
    ('n/a', 'müller & co')
    """
    return unicodedata.normalize("NFKC", " ".join(text.split()).casefold())
