"""Forgetting a lead: its values leave the journal, the answers kept of other systems, kept files and decisions.

What is looked for by the lead's values goes first, what tells these values last: so that whoever calls again, after a
kill at any instant, finds as much as the first time.
"""

from __future__ import annotations

import hmac
import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl

from lustrum.contracts.sources import CELL_SCHEMA, CellChanges, Source
from lustrum.files.decisions import FILE as DECISIONS
from lustrum.files.locations import located
from lustrum.files.project import Project
from lustrum.files.tables import Row, Table, read_table
from lustrum.planning.registry import Registry
from lustrum.running.apply import file_places
from lustrum.running.clock import run_start
from lustrum.running.disk import file_digest, lasting_file, rename_into_place
from lustrum.running.journal.folders import FOLDER, run_folder
from lustrum.running.journal.journal import APPLIED_NOTE, Journal
from lustrum.running.journal.ledger import Ledger
from lustrum.running.journal.originals import REPLACED
from lustrum.running.lock import only_one
from lustrum.running.settling import settle_unfinished
from lustrum.running.undoing.withdrawn import FILE as WITHDRAWN
from lustrum.words.errors import UsageError
from lustrum.words.fields import field_name

SHORTEST = 4
"""A text of fewer letters says nothing of a single lead: it is not looked for in answers, rejects and messages."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was removed of a lead: rows of the journal and ledger, kept answers, decisions, and files that had it."""

    mark: str
    rows: int
    answers: int
    decisions: int
    files: tuple[str, ...]


def forget_lead(project: Project, registry: Registry, key: str) -> Forgotten:
    """Forget a lead by its key; a keyed digest of the key and counts stay. Raises a `LustrumError`.

    Its row in files of leads that runs wrote is emptied; the source itself belongs to whoever feeds it. Where this was
    interrupted, calling it again completes it.
    """
    if project.model.leads.key is None:
        raise UsageError("the project has no key by which a lead could be found")
    with only_one(project.root), Journal.open_ledger(project.root) as ledger:
        settle_unfinished(ledger, registry)
        return _Erasing(project, registry, ledger, key).go()


@dataclass(frozen=True)
class _Erasing:
    project: Project
    registry: Registry
    ledger: Ledger
    key: str

    def go(self) -> Forgotten:
        root = self.project.root
        folders = [folder for run in self.ledger.runs() if (folder := run_folder(root, run)).is_dir()]
        for run in self.ledger.runs():
            Journal(root, run, self.ledger).discard_unpublished()
        parts = [
            path for folder in folders for path in sorted([*folder.glob("batch-*/*.parquet"), *folder.glob(WITHDRAWN)])
        ]
        parts.sort(key=lambda path: _part(path) in _TELLING)
        mark = hmac.digest(_secret(root), self.key.encode(), "sha256").hex()
        _remove_leftovers(root, folders)
        values = self._values(parts)
        erased, answers = self.ledger.forget(self.key, values)
        files = tuple(dict.fromkeys(self._files(folders, values)))
        decisions = self._erase_decisions()
        rows = erased + sum(self._erase_part(path, values) for path in parts)
        self.ledger.note_forgotten(mark, run_start(self.project.model.timezone), rows)
        return Forgotten(mark, rows, answers, decisions, files)

    def _values(self, parts: Iterable[Path]) -> frozenset[str]:
        """Collect the texts that the journal has of the lead, and that are long enough to tell it."""
        found = {self.key}
        for path in parts:
            if _part(path) in _TELLING:
                frame = pl.read_parquet(path)
                told = frame.filter(pl.col("key") == self.key).select(_SAID.intersection(frame.columns))
                found.update(text for column in told for text in column.drop_nulls().to_list())
        inputs = [value for text in found if text.startswith("{") for value in _json_texts(text)]
        return frozenset(text for text in (*found, *inputs) if len(text) >= SHORTEST)

    def _erase_part(self, path: Path, values: frozenset[str]) -> int:
        frame = pl.read_parquet(path)
        if "key" in frame.columns:
            left = frame.filter(pl.col("key").ne_missing(self.key))
        elif path.stem == "rejects":
            told = [any(value.encode() in text for value in values) for text in frame["text"].to_list()]
            left = frame.filter(~pl.Series(told, dtype=pl.Boolean))
        else:
            return 0
        if left.height < frame.height:
            _replace(path, lambda file: left.write_parquet(file, compression="zstd", compression_level=1))
        return frame.height - left.height

    def _files(self, folders: Iterable[Path], values: frozenset[str]) -> Iterator[str]:
        """Erase the lead in what the runs wrote and in what they kept of earlier files."""
        notes = {
            folder: json.loads(path.read_bytes()) for folder in folders if (path := folder / APPLIED_NOTE).is_file()
        }
        root = self.project.root
        places = {folder: file_places(root, located(root, note["target"])) for folder, note in notes.items()}
        by_digest: dict[str, list[Path]] = {}
        for folder, note in notes.items():
            by_digest.setdefault(note["digest"], []).append(folder / APPLIED_NOTE)
        for folder, files in places.items():
            for name, place in files.items():
                for path in (place, folder / REPLACED / name):
                    noted = by_digest.get(file_digest(path), []) if path == files["leads"] and path.is_file() else []
                    if path.is_file() and self._erase_file(path, name, files["leads"].suffix, values, noted):
                        yield str(path)

    def _erase_file(self, path: Path, name: str, suffix: str, values: frozenset[str], noted: list[Path]) -> bool:
        if name == "leads":
            return self._empty_row(path, suffix, noted)
        table = read_table(path.read_bytes(), path.name)
        if name == "rejects":
            return _keep_rows(path, table, lambda row: not any(value in row.text for value in values))
        at = table.columns.index("key")
        return _keep_rows(path, table, lambda row: not row.cells or row.cells[at] != self.key)

    def _empty_row(self, path: Path, suffix: str, noted: list[Path]) -> bool:
        """Empty every cell of the lead's row in a file of leads, in the dialect that the file has.

        The runs that wrote the file know it by what it will be before it is that, in the notes named.
        """
        into = self.project.root / FOLDER / ERASING
        into.mkdir(mode=0o700)
        beside = into / f"leads{suffix}"
        beside.write_bytes(path.read_bytes())
        source = self.registry.open_source(str(beside), self.project.model.leads.dialect)
        changes = list(_emptied(source, str(self.project.model.leads.key), self.key))
        found = any(change.cells for change in changes)
        if found:
            prepared = self.registry.open_sink(str(beside), {}).prepare(source, changes, [], into)
            for note in noted:
                told = json.dumps({**json.loads(note.read_bytes()), "digest": file_digest(prepared)}).encode()
                _replace(note, partial(_write, told))
            _replace(path, lambda file: file.write(prepared.read_bytes()))
        shutil.rmtree(into)
        return found

    def _erase_decisions(self) -> int:
        path = self.project.root / DECISIONS
        if not path.is_file():
            return 0
        table = read_table(path.read_bytes(), DECISIONS)
        columns = [name.strip().lower() for name in table.columns]
        scope, key = columns.index("scope"), columns.index("key")
        ours = ("lead", self.key)
        kept = [
            row for row in table.rows if not row.cells or (row.cells[scope].strip().lower(), row.cells[key]) != ours
        ]
        _keep_rows(path, table, lambda row: row in kept)
        return len(table.rows) - len(kept)


ERASING = "erasing"
_TELLING = ("trail", "effects", "quarantine", "withdrawn")
"""The parts of the journal that tell the values of a lead."""
_LEFT = ("prepared", "activities", f"{REPLACED}.part")
"""What a run that was killed may have left in its folder; one that goes on makes it anew."""
_SAID = frozenset({"before", "after", "text", "subject", "inputs"})


def _part(path: Path) -> str:
    """Name the part of the journal that a file has; a trail may be a linked one."""
    return path.stem.partition("-")[0]


def _emptied(source: Source, key_field: str, key: str) -> Iterator[CellChanges]:
    for batch in source.batches(100_000):
        column = next(name for name in batch.frame.columns if field_name(name) == key_field)
        rows = (batch.frame[column] == key).arg_true().alias("row")
        empty = pl.DataFrame(rows, schema_overrides=CELL_SCHEMA).with_columns(text=pl.lit(None, pl.String))
        yield CellChanges(batch.frame.height, dict.fromkeys(batch.frame.columns, empty) if len(rows) else {})


def _remove_leftovers(root: Path, folders: Iterable[Path]) -> None:
    """Remove what was left by runs, and by one that forgot, when they were killed."""
    for path in (root / FOLDER / ERASING, *(folder / name for folder in folders for name in _LEFT)):
        shutil.rmtree(path, ignore_errors=True)


def _write(content: bytes, file: BinaryIO) -> None:
    file.write(content)


def _json_texts(text: str) -> list[str]:
    try:
        found = cast("object", json.loads(text))
    except ValueError:
        return []
    if not isinstance(found, dict):
        return []
    return [str(value) for value in cast("dict[str, object]", found).values() if value is not None]


def _keep_rows(path: Path, table: Table, is_kept: Callable[[Row], bool]) -> bool:
    """Write a table without some rows; say whether there were any."""
    rows = tuple(row for row in table.rows if is_kept(row))
    if len(rows) == len(table.rows):
        return False
    _replace(path, lambda file: file.write(replace(table, rows=rows).render()))
    return True


def _replace(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file anew, at once, with the rights it had."""
    mode = path.stat().st_mode & 0o777
    beside = path.with_name(f".{path.name}.erasing")
    with lasting_file(beside) as file:
        write(file)
    beside.chmod(mode)
    rename_into_place(beside, path)


def _secret(root: Path) -> bytes:
    """Give the key of the digests by which forgotten leads are known, made at first use."""
    path = root / FOLDER / "secret"
    if not path.is_file():
        prepared = path.with_suffix(".part")
        with lasting_file(prepared) as file:
            file.write(secrets.token_bytes(32))
        rename_into_place(prepared, path)
    return path.read_bytes()
