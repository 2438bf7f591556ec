"""Which table of which database a location names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from lustrum.words.errors import SinkError, SourceError

if TYPE_CHECKING:
    from sqlalchemy import URL

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+pg8000"}


@dataclass(frozen=True, slots=True)
class TableLocation:
    """A table, its schema if one is named, and where its database is."""

    text: str
    parts: SplitResult
    schema: str | None
    table: str

    @property
    def is_file(self) -> bool:
        """Whether the database is a file of SQLite."""
        return self.parts.scheme == "sqlite"

    @property
    def path(self) -> str:
        """The path of the database's file, or the name of the database on its server."""
        path = unquote(self.parts.netloc + self.parts.path)
        return path if self.is_file else unquote(self.parts.path).removeprefix("/")

    def url(self) -> URL:
        """Give what SQLAlchemy connects to; the password of a server is in the environment's `PGPASSWORD`.

        As with libpq, `?host=/run/postgresql` is the folder of a socket.
        """
        from sqlalchemy import URL

        if self.is_file:
            return URL.create(DRIVERS["sqlite"], database=self.path)
        user = unquote(self.parts.username) if self.parts.username else None
        host, port = self.parts.hostname, self.parts.port
        password = os.environ.get("PGPASSWORD")
        socket = parse_qs(self.parts.query).get("host")
        query = {"unix_sock": f"{socket[0]}/.s.PGSQL.{port or 5432}"} if socket else {}
        return URL.create(DRIVERS[self.parts.scheme], user, password, host, port, self.path, query)


def read_location(location: str, error: type[SourceError | SinkError]) -> TableLocation | None:
    """Read a location, or give None where it is none of a database's table. Raises `error`.

    >>> found = read_location("postgresql://ops@db.example/crm#sales.leads", SourceError)
    >>> (found.schema, found.table, found.path) if found else None
    ('sales', 'leads', 'crm')
    >>> read_location("leads.csv", SourceError) is None
    True
    """
    parts = urlsplit(location)
    if parts.scheme not in DRIVERS or "://" not in location:
        return None
    if parts.password is not None:
        shown = location.replace(f":{parts.password}@", "@")
        raise error(f"{shown}: a password stands in the location; take it out and set it as PGPASSWORD")
    schema, _, table = unquote(parts.fragment).rpartition(".")
    found = TableLocation(location, parts, schema or None, table)
    if not table or not found.path:
        raise error(f"{location}: name the table behind the database, as in {parts.scheme}://…#leads")
    return found
