"""A connection to a database: for reading, or in one transaction that writes all or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from lustrum.words.errors import SinkError, SourceError
from lustrum_plugins.databases.location import TableLocation

_WRITES = "lustrum_writes"
_PATIENCE = 30.0
"""So many seconds a file of SQLite that another program locks is waited for."""


class Database:
    """The database of a location; nothing is opened before it is asked for."""

    def __init__(self, location: TableLocation) -> None:
        self.location = location

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """Give a connection that reads. Raises `SourceError` for whatever the database says."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise SourceError(f"{self.location.text}: the table cannot be read ({_reason(error)})") from error

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """Give a connection whose changes are made when the block ends, or not at all. Raises `SinkError`."""
        try:
            with self._engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
                yield connection
        except SQLAlchemyError as error:
            reason = _reason(error)
            raise SinkError(f"{self.location.text}: the table was not changed ({reason}); run again") from error

    @cached_property
    def _engine(self) -> Engine:
        if not self.location.is_file:
            return create_engine(self.location.url(), poolclass=NullPool)
        engine = create_engine(self.location.url(), creator=self._connected, poolclass=NullPool)
        event.listen(engine, "begin", _begin)
        return engine

    def _connected(self) -> sqlite3.Connection:
        path = quote(str(Path(self.location.path).resolve()))
        return sqlite3.connect(f"file:{path}?mode=rw", uri=True, isolation_level=None, timeout=_PATIENCE)


def _begin(connection: Connection) -> None:
    """Begin a transaction of SQLite as it is meant: one that writes has the file for itself from its first moment."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _reason(error: SQLAlchemyError) -> str:
    found: BaseException | None = error.orig if isinstance(error, DBAPIError) else None
    arguments = found.args if found else ()
    said = arguments[0] if arguments else error
    if isinstance(said, dict):
        return str(said.get("M", said))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]  # pg8000's fields of a message
    return str(said)
