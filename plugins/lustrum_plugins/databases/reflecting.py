"""Finding out about a table: what its columns hold, and by what its rows are told apart."""

from __future__ import annotations

import warnings
from typing import Any

from sqlalchemy import Connection, Inspector, String, column, inspect
from sqlalchemy import table as table_clause
from sqlalchemy.exc import NoSuchTableError, SAWarning
from sqlalchemy.types import LargeBinary, NullType, TypeEngine

from lustrum.words.errors import SourceError
from lustrum.words.nearest import did_you_mean
from lustrum_plugins.databases.cells import is_readable
from lustrum_plugins.databases.location import TableLocation
from lustrum_plugins.databases.table import LeadTable


def read_table(connection: Connection, location: TableLocation) -> LeadTable:
    """Find out about a table. Raises `SourceError` where there is none, or its rows cannot be told apart."""
    found = inspect(connection)
    held = _columns(found, location)
    key = tuple(found.get_pk_constraint(location.table, location.schema)["constrained_columns"])
    kinds = {name: _kind(each) for name, each in held.items()}
    known = {name: kind for name, kind in kinds.items() if is_readable(kind)}
    if not key or not known.keys() >= set(key):
        raise SourceError(f"{location.text}: the table has no primary key that has a text, to tell its rows apart")
    clause = table_clause(location.table, *(column(name, each) for name, each in held.items()), schema=location.schema)
    return LeadTable(clause, known, key, tuple(name for name in kinds if name not in known))


def _columns(found: Inspector, location: TableLocation) -> dict[str, TypeEngine[Any]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # a type that SQLAlchemy does not know is read as text
            described = found.get_columns(location.table, location.schema)
    except NoSuchTableError:
        tables = found.get_table_names(location.schema)
        hint = did_you_mean(location.table, tables) or f"there are: {', '.join(sorted(tables)) or 'none'}"
        raise SourceError(f"{location.text}: there is no table {location.table}; {hint}") from None
    return {each["name"]: _held(each["type"], location.is_file) for each in described}


def _held(declared: TypeEngine[Any], is_file: bool) -> TypeEngine[Any]:
    """Give what a column holds; SQLite takes any text and makes of it what the column is declared for."""
    return String() if is_file and not isinstance(declared, LargeBinary) else declared


def _kind(held: TypeEngine[Any]) -> type:
    if isinstance(held, NullType):
        return str
    try:
        return held.python_type
    except NotImplementedError:
        return object
