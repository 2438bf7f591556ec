"""The tables of the ledger. Each format adds to the one before, so that an older ledger keeps what it knows."""

from __future__ import annotations

import sqlite3

from lustrum.running.journal.database import transaction
from lustrum.words.errors import UsageError

_FIRST = """
CREATE TABLE runs (
    run TEXT PRIMARY KEY,
    started TEXT NOT NULL,
    status TEXT NOT NULL,
    campaigns TEXT NOT NULL,
    plan TEXT NOT NULL,
    source TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    batch_size INTEGER NOT NULL,
    summary TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE TABLE batches (
    run TEXT NOT NULL REFERENCES runs,
    number INTEGER NOT NULL,
    leads INTEGER NOT NULL,
    rejects INTEGER NOT NULL,
    PRIMARY KEY (run, number)
) STRICT;
CREATE TABLE effects (
    run TEXT NOT NULL REFERENCES runs,
    lead TEXT NOT NULL,
    effect TEXT NOT NULL,
    kind TEXT NOT NULL,
    happened TEXT NOT NULL,
    PRIMARY KEY (lead, effect, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE written (
    run TEXT NOT NULL REFERENCES runs,
    lead TEXT NOT NULL,
    effect TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (lead, effect, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE calls (
    run TEXT NOT NULL REFERENCES runs,
    key TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (run, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE qualifications (
    run TEXT NOT NULL REFERENCES runs,
    lead TEXT NOT NULL,
    campaign TEXT NOT NULL,
    happened TEXT NOT NULL,
    PRIMARY KEY (lead, campaign, run)
) STRICT, WITHOUT ROWID;
"""
_SECOND = """
ALTER TABLE runs ADD COLUMN tokens TEXT NOT NULL DEFAULT '{}';
ALTER TABLE runs ADD COLUMN in_place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN origin INTEGER;
DROP TABLE written;
CREATE TABLE kept (
    run TEXT NOT NULL REFERENCES runs,
    lead TEXT NOT NULL,
    field TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (lead, field, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE parked (
    run TEXT NOT NULL REFERENCES runs,
    lead TEXT NOT NULL,
    path TEXT NOT NULL,
    effect TEXT NOT NULL,
    due TEXT NOT NULL,
    activity TEXT
) STRICT;
CREATE INDEX parked_leads ON parked (lead);
CREATE TABLE consumed (
    run TEXT NOT NULL REFERENCES runs,
    lead TEXT NOT NULL,
    campaign TEXT NOT NULL,
    activity TEXT NOT NULL,
    PRIMARY KEY (lead, campaign, activity, run)
) STRICT, WITHOUT ROWID;
"""
_THIRD = """
CREATE INDEX calls_by_key ON calls (key);
"""
_FOURTH = """
ALTER TABLE runs ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
ALTER TABLE batches ADD COLUMN figures TEXT NOT NULL DEFAULT '{}';
CREATE TABLE asked (
    run TEXT NOT NULL REFERENCES runs,
    provider TEXT NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (run, provider)
) STRICT, WITHOUT ROWID;
"""
_FIFTH = """
CREATE TABLE forgotten (
    mark TEXT PRIMARY KEY,
    happened TEXT NOT NULL,
    rows INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
FORMATS = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH)
"""What brings a ledger from each format to the next, from none on."""


def make_tables(connection: sqlite3.Connection) -> None:
    """Bring the tables to the newest format; two programs that come at once do it once. Raises `UsageError`."""
    with transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(FORMATS):
            raise UsageError(f"the journal was written by a newer lustrum (format {version}); update this one")
        for script in FORMATS[version:]:
            for statement in script.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(FORMATS)}")
